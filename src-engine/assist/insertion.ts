import { fenced, fenceLanguage } from "#core/assist/action";
import { lexiconOf } from "#core/assist/checks/languages";
import { repeatsItself } from "#core/assist/checks/repetition";
import { linesOf, shownPath } from "#core/assist/title";
import { countingIn } from "#core/completion/counting";
import { type Budget, estimateTokens, takeLines } from "#core/context/budget";
import { surroundingsOf } from "#core/context/surroundings";
import type { AssistEvent, Doubt } from "#core/contracts/assist";
import { cleanCode } from "#core/edits/clean";
import { commonStart, indentUnit, leadingBlanks } from "#core/edits/indent";
import { lineEndOf } from "#core/edits/lines";
import { providerOf } from "#engine/servers/served-inference";
import type { Request } from "./assist.ts";
import { type Attempt, ask, type Run, type Said, sawOf } from "./attempt.ts";
import { lineStart } from "./definition-around.ts";
import { newFaults } from "./new-faults.ts";

/** What is written at one place is read at once. */
const mostTokens = 320;
/** What goes on with a statement as deep as it began. */
const goesOn = /^(?:else|elif|catch|except|finally|rescue|ensure|while)\b/;
/** What stands above a statement and goes with it: blanks, comments, decorators. */
const leads = /^\s*(?:$|#|\/\/|\/?\*|--|@|""")/;
/** Tokens of lines before and after the place. */
const mostBefore = 900;
const mostAfter = 300;

/** Writes what is asked for at an empty line, by filling in the middle where the model can; the attempt's text stands in its place. */
export async function* insert(run: Run): AsyncGenerator<AssistEvent, Attempt, void> {
  const { request, parsers, signal } = run;
  const { text, selection, languageId } = request;
  const place = placeOf(request);
  yield { type: "waiting", reason: "Writing at the empty line." };
  const wrote = run.loaded.fillInTheMiddle && place.mark !== undefined ? yield* fillIn(run, place) : yield* askFor(run, place);
  const said = withoutNextWish(wrote, place);
  const isCut = said.stop === "limit" || said.stop === "time";
  const counting = isCut ? undefined : countingIn(said.text, said.stop);
  const circles = !isCut && !counting && (said.stop === "repeat" || repeatsItself(said.text, ""));
  const once = circles ? beforeRepetition(said.text) : undefined;
  const whole = counting
    ? said.text.slice(0, counting.ends.at(-1)).trimEnd()
    : isCut
      ? withoutLastStatement(said.text)
      : (once ?? said.text);
  const lines = withoutNextLine(whole ?? said.text, place.after);
  const ending = /(?:\r\n|\r|\n)$/.exec(text.slice(selection.start, selection.end))?.[0] ?? "";
  // The blanks of the line that are not selected stay.
  const there = text.slice(lineStart(text, selection.start), selection.start).replace(/^\uFEFF/, "");
  const own = lines.startsWith(there) ? lines.slice(there.length) : lines;
  const written = lines === "" ? "" : own.replaceAll("\n", lineEndOf(text)) + ending;
  const doubts: Doubt[] = [];
  if (written === "") doubts.push({ kind: "empty", message: "The model gave no code.", blocks: true });
  else if (whole === undefined)
    doubts.push({
      kind: "cut-off",
      message: "The answer reached its longest length before one statement was complete; ask for a smaller part of it, or in the chat.",
      blocks: true,
    });
  else if ((circles && once === undefined) || repeatsItself(lines, ""))
    doubts.push({ kind: "repetition", message: "The answer repeats itself.", blocks: true });
  else {
    const after = text.slice(0, selection.start) + written + text.slice(selection.end);
    const faults = await newFaults(parsers, { languageId, before: text, after, start: selection.start }, signal);
    if (faults !== undefined) doubts.push(faults);
    if (counting)
      doubts.push({
        kind: "repetition",
        message: "The answer went on with the same for one number after the other and was stopped.",
        blocks: false,
      });
    if (once !== undefined)
      doubts.push({ kind: "repetition", message: "The answer began to repeat itself; what stands before that is kept.", blocks: false });
    if (isCut)
      doubts.push({ kind: "cut-off", message: "The answer reached its longest length; what was not complete is left out.", blocks: false });
  }
  return { ...said, text: written, doubts };
}

interface Place {
  /** Whole lines with "\n" ends. */
  readonly before: string;
  readonly after: string;
  readonly indent: string;
  /** What a comment of one line begins with. */
  readonly mark: string | undefined;
  readonly instruction: string;
  readonly pieces: Pick<Budget, "taken" | "leftOut">;
}

function placeOf(request: Request): Place {
  const { text, selection, languageId } = request;
  const around = surroundingsOf(text, selection);
  const path = shownPath(request.path, request.workspace);
  const { from } = linesOf(text, selection);
  const take = (name: string, lines: readonly string[], nearest: "first" | "last", most: number, first: number) =>
    takeLines({ name, reason: "nearby code", lines, nearest, most, place: { path, from: first } }, most, estimateTokens);
  const before = take("before the place", around.before, "last", mostBefore, 1);
  const after = take("after the place", around.after, "first", mostAfter, from + 1);
  return {
    before: before.lines.join(""),
    after: after.lines.join(""),
    indent: indentAt(text.slice(lineStart(text, selection.start), selection.end), around.before, around.after),
    mark: lexiconOf(languageId)?.lineComments[0],
    instruction: (request.instruction ?? "").trim().replace(/\s*[\r\n]+\s*/g, " "),
    pieces: { taken: [...before.taken, ...after.taken], leftOut: [...before.leftOut, ...after.leftOut] },
  };
}

/** How deep a line at an empty place stands: as it is, where it has blanks; else one step into what was opened, or as its neighbours. */
function indentAt(line: string, before: readonly string[], after: readonly string[]): string {
  const own = /^\uFEFF?([ \t]+)/.exec(line)?.[1];
  if (own !== undefined) return own;
  const above = before.findLast((each) => each.trim() !== "") ?? "";
  const below = after.find((each) => each.trim() !== "") ?? "";
  const step = indentUnit(before.join("")) ?? indentUnit(after.join("")) ?? "    ";
  if (/[:{([]\s*$/.test(above)) return leadingBlanks(above) + step;
  // Between two definitions it is as deep as the shallower one.
  return commonStart(below === "" ? [leadingBlanks(above)] : [leadingBlanks(above), leadingBlanks(below)]);
}

/** What the model writes behind a comment that says what stands there. */
async function* fillIn(run: Run, { before, after, indent, mark, instruction, pieces }: Place): AsyncGenerator<AssistEvent, Said, void> {
  const { request, inference, model, loaded, recorder, signal } = run;
  const began = performance.now();
  const head = `${indent}${mark} ${instruction}\n`;
  const {
    pieces: written,
    stop,
    tokens,
  } = await inference.infill(
    model,
    {
      document: `${request.path}#insertion`,
      path: request.path,
      prefix: `${before}${head}${indent}`,
      suffix: `\n${after}`,
      shape: "block",
      maxTokens: mostTokens,
      blockMilliseconds: 120_000,
      layout: { anchor: "cursor", healing: false, names: false },
      priority: "inline-action",
    },
    signal,
  );
  const asked = { name: "instructions", tokens: estimateTokens(head), reason: "always" };
  const budget: Budget = { taken: [asked, ...pieces.taken], leftOut: pieces.leftOut, answer: mostTokens, window: loaded.contextSize };
  const text = written
    .map((piece) => piece.text)
    .join("")
    .trim();
  const lines = text === "" ? "" : indent + text;
  recorder.endAnswer();
  recorder.append(lines);
  recorder.describe({
    tokens,
    stop,
    model: model.name,
    provider: providerOf(model),
    milliseconds: performance.now() - began,
    temperature: 0,
    instruction,
    answerPrefix: "",
    saw: sawOf(budget),
  });
  return { text: lines, stop, tokens };
}

/** The same as a question, for models that do not fill in. */
async function* askFor(run: Run, { before, after, indent, instruction, pieces }: Place): AsyncGenerator<AssistEvent, Said, void> {
  const { request, settings, loaded } = run;
  const { languageId } = request;
  const parts = [
    before.trim() === "" ? "" : `These lines stand before the place:\n${fenced(before.trimEnd(), languageId)}`,
    after.trim() === "" ? "" : `These lines stand after it:\n${fenced(after.trimEnd(), languageId)}`,
    `Write what stands at this place: ${instruction}. Answer with the new lines alone.`,
  ];
  const asked = { name: "instructions", tokens: estimateTokens(parts.at(-1) ?? ""), reason: "always" };
  const said = yield* ask(run, {
    prompt: {
      messages: [
        { role: "system", text: "You are an expert programmer. You answer with the new lines in one code block and nothing else." },
        { role: "user", text: parts.filter(Boolean).join("\n\n") },
      ],
      answerPrefix: `\`\`\`${fenceLanguage(languageId)}\n`,
      stops: ["\n```"],
    },
    temperature: settings["localcoder.inference.temperature"],
    maxTokens: mostTokens,
    budget: { taken: [asked, ...pieces.taken], leftOut: pieces.leftOut, answer: mostTokens, window: loaded.contextSize },
    clean: (raw, final) => (final ? cleanCode(raw, "", true) : ""),
    quiet: true,
    ownPrompt: true,
  });
  const lines = said.text.split("\n");
  const shared = commonStart(lines.filter((line) => line.trim() !== "").map(leadingBlanks));
  return {
    ...said,
    text: lines
      .map((line) => (line.trim() === "" ? "" : indent + line.slice(shared.length)))
      .join("\n")
      .trimEnd(),
  };
}

/** A model that finds no end goes on as it was asked, with a comment and what stands below it: the first of these is what was wanted. */
function withoutNextWish(said: Said, { indent, mark }: Place): Said {
  if ((said.stop !== "limit" && said.stop !== "time") || mark === undefined) return said;
  const lines = said.text.split("\n");
  const next = lines.findIndex((line, at) => line.startsWith(indent + mark) && at > 0 && lines[at - 1]?.trim() === "");
  return next < 0 ? said : { ...said, text: lines.slice(0, next).join("\n").trimEnd(), stop: "end" };
}

/** What stands before the statement that was cut off, which is the last one as deep as the first line; undefined where there is no other. */
function withoutLastStatement(text: string): string | undefined {
  const lines = text.split("\n");
  return linesBefore(lines, beginningsOf(lines).at(-1) ?? 0);
}

/** What stands before the first statement that is there a second time; undefined where none is. */
function beforeRepetition(text: string): string | undefined {
  const lines = text.split("\n");
  const seen = new Set<string>();
  const begins = beginningsOf(lines).filter((at) => !leads.test(lines[at] ?? ""));
  for (const [index, from] of begins.entries()) {
    let end = begins[index + 1] ?? lines.length;
    while (end > from && leads.test(lines[end - 1] ?? "")) end -= 1;
    const statement = lines.slice(from, end).join("\n");
    if (seen.has(statement)) return linesBefore(lines, from);
    seen.add(statement);
  }
  return undefined;
}

/** Where the statements begin that are as deep as the first line. */
function beginningsOf(lines: readonly string[]): number[] {
  const depth = leadingBlanks(lines[0] ?? "");
  const begins = (line: string) => line.startsWith(depth) && /^[^\s)\]}]/.test(line.slice(depth.length)) && !goesOn.test(line.trimStart());
  return lines.flatMap((line, at) => (begins(line) ? [at] : []));
}

/** What stands before a statement, without its own comment and decorators; undefined for nothing. */
function linesBefore(lines: readonly string[], statement: number): string | undefined {
  let from = statement;
  while (from > 0 && leads.test(lines[from - 1] ?? "")) from -= 1;
  const kept = lines.slice(0, from).join("\n").trimEnd();
  return kept === "" ? undefined : kept;
}

/** Small models like to write the line behind the place once more. */
function withoutNextLine(text: string, after: string): string {
  const next = after
    .split("\n")
    .find((line) => line.trim() !== "")
    ?.trimEnd();
  const lines = text.split("\n");
  while (next !== undefined && /[\p{L}\p{N}]/u.test(next) && lines.at(-1)?.trimEnd() === next) lines.pop();
  return lines.join("\n").trimEnd();
}
