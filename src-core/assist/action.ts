import type { ModelRole } from "../contracts/common.ts";
import type { GenerateRequest } from "../contracts/inference.ts";
import { fenceFor } from "../edits/fence.ts";
import type { ProjectFacts } from "./readme/facts.ts";
import type { Companion } from "./tests/companions.ts";
import type { Framework, TestFile } from "./tests/framework.ts";

/** What a prompt is made of. All text has "\n" line ends; the selection is without the indent that all its lines share. */
export interface PromptContext {
  /** Path in the workspace, or the file's name. */
  readonly path: string;
  readonly languageId: string;
  readonly selection: string;
  /** Lines before and after the selection, as many as fit; may be empty. */
  readonly before: string;
  readonly after: string;
  /** Other places of the project the user wants it to see. */
  readonly references: readonly { readonly place: string; readonly text: string }[];
  /** Empty when the user gave none. */
  readonly instruction: string;
  /** What a language service says about the selection, each with its line: "`count(x` – ')' expected". */
  readonly problems: readonly string[];
  /** What the documentation beside the selection says it does; empty where there is none. */
  readonly purpose: string;
  /** True where the answer names the lines it replaces, and is not the whole text. */
  readonly exchanges?: boolean;
  /** For a file about the project: what code found out of it. */
  readonly facts?: ProjectFacts;
  /** For tests: what is tested, and the fixed parts of their file. */
  readonly tests?: {
    readonly name: string;
    readonly framework: Framework;
    readonly file: TestFile;
    readonly companions: readonly Companion[];
  };
}

/** What is sent to the model. */
export type AssistPrompt = Pick<GenerateRequest, "messages"> & Required<Pick<GenerateRequest, "answerPrefix" | "stops">>;

/** An inline action: everything about it in one place, for every face. */
export interface AssistAction {
  readonly id: string;
  /** The command's name in menus and palette. */
  readonly title: string;
  /** What it does to something, for the title of a session: "Explain" gives "Explain parse in reader.ts". */
  readonly verb: string;
  /** What it is about: code in a file, a unified diff, or a whole project. */
  readonly on: "code" | "change" | "project";
  readonly role: ModelRole;
  /** A card with Markdown under the selection, a diff in place of it, or another file. */
  readonly shows: "card" | "diff" | "file";
  /** May, or must, the user say what they want? */
  readonly instruction: "none" | "optional" | "required";
  /** True where the documentation right above the selection is a part of it. */
  readonly takesDocumentation?: true;
  /** True where it helps to know what the documentation beside the selection says. */
  readonly takesPurpose?: true;
  /** True where the mistake may be looked for line by line, when nothing says where it is. */
  readonly looksAtLines?: true;
  /** True where the code must do afterwards what it did before. */
  readonly keepsBehaviour?: true;
  prompt(context: PromptContext): AssistPrompt;
  /** The answer to use: the new text of the selection where the model writes only a part of it, or its text made tidy. */
  compose?(answer: string, context: Pick<PromptContext, "selection" | "languageId">): string;
  /** The prompt of another try, where the first answer was of no use and the same words would bring the same again. */
  again?(context: PromptContext): AssistPrompt | undefined;
}

/** An action on code in an editor, with a key of its own. */
export interface EditorAction extends AssistAction {
  readonly on: "code";
  /** The second stroke of its chord under Ctrl/Cmd+K, in VS Code's notation. */
  readonly keybinding: string;
  /** True where it is about what language services say of the selection: it takes that along, and stands among the quick fixes. */
  readonly takesProblems?: true;
}

/** The code in a fence, as models know it from what they have read. */
export function fenced(code: string, languageId: string, fence = fenceFor(code)): string {
  return `${fence}${fenceLanguage(languageId)}\n${code}\n${fence}`;
}

/** Other places and the lines around the selection as parts of a prompt, as many as there are. `noun` is what the selection is called. */
export function surroundingParts({ path, languageId, before, after, references }: PromptContext, noun: string): readonly string[] {
  return [
    ...references.map(({ place, text }) => `For reference, this stands in ${place}:\n${fenced(text, "plaintext")}`),
    before && `These lines stand before the ${noun} in ${path}:\n${fenced(before, languageId)}`,
    after && `These lines stand after it:\n${fenced(after, languageId)}`,
  ].filter(Boolean);
}

/** The name of a language as it stands after a fence; VS Code's ids for the React dialects are its own. */
export function fenceLanguage(languageId: string): string {
  if (languageId === "typescriptreact") return "tsx";
  if (languageId === "javascriptreact") return "jsx";
  if (languageId === "shellscript") return "bash";
  return languageId === "plaintext" ? "" : languageId;
}
