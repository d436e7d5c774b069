import { z } from "zod";

/** An action somebody wrote as a Markdown file: what stands in its front matter, and its prompt. */
export interface OwnActionText {
  readonly title: string;
  readonly shows: "card" | "diff";
  readonly role: "code" | "general";
  readonly instruction: "none" | "optional" | "required";
  /** Ids of the languages it is for; all where there are none. */
  readonly languages: readonly string[];
  /** The task, with {{places}} that are filled in. */
  readonly prompt: string;
}

/** A mistake in the file of an action. Lines count from 1. */
export interface OwnActionProblem {
  readonly line: number;
  readonly message: string;
}

/** What a file of an action says; an action with mistakes is none. */
export type ParsedOwnAction =
  | { readonly action: OwnActionText; readonly problems: readonly [] }
  | { readonly action: undefined; readonly problems: readonly OwnActionProblem[] };

/** What can stand between {{ and }} in a prompt. */
export const placeNames = ["selection", "path", "language", "instruction", "before", "after", "problems"] as const;

/** Longer prompts leave a small model no room for the code; in UTF-16 units. */
const longestPrompt = 8000;

const fields = {
  title: z.string().min(1).max(60),
  shows: z.enum(["card", "diff"]),
  role: z.enum(["code", "general"]),
  instruction: z.enum(["none", "optional", "required"]),
  languages: z.array(z.string().min(1).max(100)).max(50),
} as const;
type Field = keyof typeof fields;

const accepted: Readonly<Record<Field, string>> = {
  title: "a text of at most 60 characters",
  shows: "card or diff",
  role: "code or general",
  instruction: "none, optional or required",
  languages: "a list of language ids, for example [python, go]",
};

/** Reads the Markdown file of an action. Every mistake is told with its line, not only the first. */
export function parseOwnAction(text: string): ParsedOwnAction {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  const problems: OwnActionProblem[] = [];
  const values = new Map<Field, unknown>();
  const tell = (line: number, message: string) => problems.push({ line, message });
  const end = lines.findIndex((line, index) => index > 0 && line.trim() === "---");
  if (lines[0]?.trim() !== "---") tell(1, "An action begins with a line of three dashes, then “title: …”, then three dashes again.");
  else if (end < 0) tell(1, "The front matter has no end: a line of three dashes is missing.");
  else {
    for (let index = 1; index < end; index += 1) readField(lines[index] ?? "", index + 1);
    if (!values.has("title") && !problems.some(({ message }) => message.startsWith("title ")))
      tell(1, "The title is missing: “title: What the menus say”.");
  }
  const prompt =
    end < 0
      ? ""
      : lines
          .slice(end + 1)
          .join("\n")
          .trim();
  if (end >= 0 && prompt === "") tell(end + 1, "The prompt is missing: say below the dashes what the model is to do.");
  if (prompt.length > longestPrompt) tell(end + 2, `The prompt has ${prompt.length} characters; ${longestPrompt} are the most.`);
  for (const [index, line] of lines.entries()) {
    if (index <= end) continue;
    for (const [, name = ""] of line.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g))
      if (!(placeNames as readonly string[]).includes(name))
        tell(index + 1, `There is no place {{${name}}}. Known are ${placeNames.join(", ")}.`);
  }
  if (problems.length > 0) return { action: undefined, problems };
  const value = <Name extends Field>(name: Name, otherwise: z.infer<(typeof fields)[Name]>) =>
    (values.get(name) ?? otherwise) as z.infer<(typeof fields)[Name]>;
  return {
    action: {
      title: value("title", ""),
      shows: value("shows", "diff"),
      role: value("role", value("shows", "diff") === "card" ? "general" : "code"),
      instruction: value("instruction", prompt.includes("{{instruction}}") ? "required" : "none"),
      languages: value("languages", []),
      prompt,
    },
    problems: [],
  };

  function readField(line: string, number: number): void {
    if (line.trim() === "" || line.trimStart().startsWith("#")) return;
    const [, name = "", written = ""] = /^([\p{L}\p{N}_-]+)\s*:\s*(.*)$/u.exec(line) ?? [];
    if (name === "") return void tell(number, "This is no “name: value”.");
    if (!isField(name)) return void tell(number, `There is no field ${name}. Known are ${Object.keys(fields).join(", ")}.`);
    if (values.has(name)) return void tell(number, `${name} is said twice.`);
    const parsed = fields[name].safeParse(readValue(written.trim()));
    if (parsed.success) values.set(name, parsed.data);
    else tell(number, `${name} takes ${accepted[name]}, not “${written.trim()}”.`);
  }
}

function isField(name: string): name is Field {
  return Object.hasOwn(fields, name);
}

/** As much of YAML as these fields need: a text, with or without quotes, or a list in brackets. */
function readValue(written: string): unknown {
  const bare = (text: string) => text.trim().replace(/^(["'])([\s\S]*)\1$/, "$2");
  const list = /^\[(.*)\]$/.exec(written)?.[1];
  if (list === undefined) return bare(written);
  return list
    .split(",")
    .map(bare)
    .filter((item) => item !== "");
}
