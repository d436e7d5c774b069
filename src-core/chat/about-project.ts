/** What the index of a project knows of the words of a question. */
export interface Recognised {
  /** Files of the project that it names. */
  readonly files: readonly string[];
  /** Names that it has and the project defines. */
  readonly names: readonly string[];
}

/** Whether a question is about the project that is open, and how that was seen: "it names src/a.ts". */
export interface AboutProject {
  readonly about: boolean;
  readonly reason: string;
}

/** Words for the program that one works on. */
const program = "project|repo|repository|code ?base|workspace|app|application|program|code|source";
const speaksOfIt = new RegExp(
  `\\b(?:this|our) (?:${program})\\b|\\bthe (?:project|repo|repository|code ?base|workspace|app|application)\\b|\\bour\\b|\\b(?:do|did|should|can) we\\b|\\bhere\\?|\\bin here\\b`,
  "i",
);
const locates =
  /^(?:and |so )?(?:where|in (?:which|what) (?:file|module|folder|class|function)|(?:which|what) (?:file|files|module|folder|class|function|test|tests|setting|settings|component|part)|who (?:calls|uses)|what (?:calls|uses))\b|\bwhere (?:is|are|do|does|in the)\b/i;
const changes = /^(?:please |can you |could you )?(?:add|rename|remove|delete|extend|refactor|replace|move|change|fix)\b/i;
const asksIfThere =
  /^(?:is|are) there (?:a |an |any )?(?:\w+ )?(?:tests?|specs?|settings?|files?|functions?|class(?:es)?|modules?|places?)\b/i;

const chats = /^(?:hello|hi|hey|thanks?|thank you|ok|okay|yes|no|good|great|go on|continue|more)\b[^?]{0,40}[.!?]?$|^why\?$/i;
const aboutText = /\b(?:translate|sentence|paragraph|wording|spelling)\b/i;
const asksForNew =
  /^(?:please |can you |could you )?(?:write|show|give|create|implement|generate)\b.*\b(?:in|a|an|example|function|script|query|expression|regex)\b/i;
const asksForKnowledge =
  /^(?:what(?:'s| is| are) (?:an? |the (?:difference|advantages?|disadvantages?|best|time complexity|complexity|meaning|largest|smallest)\b)|what does .{1,80} (?:mean|do when)\b|explain (?:what an? |how an? |the concept|the difference)|how (?:do|can|should) (?:i|you|one) .+ (?:in|with|using) (?:an? )?\S+\?*$|when should (?:i|you|one)\b|should (?:i|you|one)\b|which is better\b|why (?:is|are|does|do) (?!(?:this|the|our|my)\b))/i;
const bringsCode = /^```/m;

/**
 * Decides by what is plain whether a question is about the project: names of its own first, then how it is asked. Undefined where that
 * does not decide.
 */
export function aboutProject(text: string, { files, names }: Recognised): AboutProject | undefined {
  const question = withoutCode(text).trim();
  if (files.length > 0) return { about: true, reason: `it names ${files[0]}` };
  if (names.length > 0) return { about: true, reason: `it names ${names[0]}` };
  if (chats.test(question)) return { about: false, reason: "it goes on with the conversation" };
  if (aboutText.test(question)) return { about: false, reason: "it is about a text" };
  if (speaksOfIt.test(question)) return { about: true, reason: "it speaks of this project" };
  if (bringsCode.test(text)) return { about: false, reason: "it brings the code it is about" };
  if (locates.test(question) || asksIfThere.test(question)) return { about: true, reason: "it asks where something is" };
  if (asksForNew.test(question)) return { about: false, reason: "it asks for something new" };
  if (asksForKnowledge.test(question)) return { about: false, reason: "it asks for general knowledge" };
  if (changes.test(question)) return { about: true, reason: "it asks for a change" };
  return undefined;
}

/** The text outside fenced code: names in code that somebody pasted say little about what is asked. */
export function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?(?:^```|$(?![\s\S]))/gm, "");
}
