import { withDocumentation } from "#core/assist/documentation";
import { findAction } from "#core/assist/index";
import { UserError } from "#core/base/errors";
import type { AssistAnswer, AssistRequest } from "#core/contracts/assist";
import type { Invocation } from "../command.ts";
import { type Document, readDocument } from "../document.ts";
import { type LineRange, offsetsOf, parseLineRange } from "../place.ts";
import { answeredBy } from "./answered-by.ts";
import { beginAgain } from "./begin-again.ts";
import { noteHistory } from "./notices.ts";
import { tellProgress } from "./tell-progress.ts";

/** An inline action that ran on lines of a file. */
export interface AssistRun {
  readonly document: Document;
  readonly selection: { readonly start: number; readonly end: number };
  readonly answer: AssistAnswer;
}

/** What the user says along with an action. */
export interface AskOptions {
  readonly instruction?: string;
  readonly problems?: AssistRequest["problems"];
  /** One of many of the same command, which has told of the history itself. */
  readonly isFurther?: boolean;
  /** What is written may be run. */
  readonly verify?: boolean;
  /** Is given the answer as it comes. */
  readonly onText?: (text: string) => void;
}

/** The lines that are named, or of the definition around the one that is. */
export async function selectionOf(
  invocation: Invocation,
  { text, languageId }: Pick<Document, "text" | "languageId">,
  range: LineRange,
): Promise<AssistRun["selection"]> {
  const lines = offsetsOf(text, range);
  if (range.to !== undefined) return lines;
  const around = await beginAgain(invocation, async () => {
    const { assist } = await invocation.client();
    return assist.definitionAround({ languageId, text, offset: lines.start });
  });
  if (around === null)
    throw new UserError("NOT_FOUND", `There is no function or class around line ${range.from}.`, "Name the lines as FILE:FROM-TO.");
  return around;
}

/** Runs an inline action on FILE:FROM-TO or FILE:LINE. */
export async function runAssist(invocation: Invocation, action: string, place: string, options: AskOptions = {}): Promise<AssistRun> {
  const range = parseLineRange(place);
  const document = await readDocument(range.file);
  const lines = await selectionOf(invocation, document, range);
  const selection = findAction(action)?.takesDocumentation ? withDocumentation(document.text, lines, document.languageId) : lines;
  return { document, selection, answer: await ask(invocation, action, document, selection, options) };
}

/** Runs an action on a part of a text, whether it lies in a file or not. What is lost before anything was shown of it begins again. */
export async function ask(
  invocation: Invocation,
  action: string,
  document: Pick<Document, "path" | "languageId" | "workspace" | "text">,
  selection: { readonly start: number; readonly end: number },
  options: AskOptions = {},
): Promise<AssistAnswer> {
  const by = answeredBy(invocation);
  let isShown = false;
  const onText = (text: string) => {
    isShown = true;
    options.onText?.(text);
  };
  const all = { ...options, ...by, ...(options.onText && { onText }) };
  return beginAgain(
    invocation,
    () => askOnce(invocation, action, document, selection, all),
    () => isShown,
  );
}

async function askOnce(
  invocation: Invocation,
  action: string,
  document: Pick<Document, "path" | "languageId" | "workspace" | "text">,
  selection: { readonly start: number; readonly end: number },
  options: AskOptions & ReturnType<typeof answeredBy>,
): Promise<AssistAnswer> {
  const { terminal, signal, client } = invocation;
  const engine = await client();
  if (!options.isFurther) await noteHistory(invocation);
  const events = await engine.assist.run(
    {
      action,
      path: document.path,
      languageId: document.languageId,
      workspace: document.workspace,
      text: document.text,
      selection,
      instruction: options.instruction,
      problems: options.problems,
      verify: options.verify,
      mode: options.mode,
      model: options.model,
    },
    { signal },
  );
  let model = "";
  let written = "";
  let answer: AssistAnswer | undefined;
  for await (const event of events) {
    switch (event.type) {
      case "started":
        model = event.model;
        terminal.progress(`${model}: starting`);
        break;
      case "waiting":
      case "reading":
      case "notice":
        tellProgress(terminal, model, event);
        break;
      case "text":
        written += event.text;
        if (options.onText !== undefined) options.onText(event.text);
        else terminal.progress(`${model}: ${newestLine(written)}`);
        break;
      case "finished":
        answer = event.answer;
        break;
    }
  }
  terminal.progress("");
  if (answer === undefined) throw new Error("The answer ended without its last part.");
  return answer;
}

/** What a person sees of an answer that is checked before it is shown: the line it is at. */
function newestLine(text: string): string {
  const lines = text.trimEnd().split("\n");
  return `line ${lines.length}  ${(lines.at(-1) ?? "").trim()}`;
}

/** The JSON shape of an answer. */
export function answerJson({ text, diff, doubts, file, model, provider, tokens, milliseconds, stop }: AssistAnswer) {
  return { text, diff, doubts, ...(file && { file: file.path }), model, provider, tokens, milliseconds, stop };
}

/** Tells the person why the answer deserves distrust, and what it cost. */
export function noteAnswer({ terminal }: Invocation, { doubts, model, tokens, milliseconds, stop }: AssistAnswer): void {
  for (const doubt of doubts) terminal.note(doubt.message);
  if (stop === "limit") terminal.note("The answer was cut off at the most tokens allowed (localcoder.inference.maxTokens).");
  if (!terminal.interactive) return;
  const seconds = (milliseconds / 1000).toFixed(1);
  terminal.note(terminal.style("dim", `${model} · ${tokens.prompt} tokens read, ${tokens.generated} written · ${seconds} s`));
}
