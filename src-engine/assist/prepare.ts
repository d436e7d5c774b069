import type { AssistAction, AssistPrompt, PromptContext } from "#core/assist/index";
import { linesOf, shownPath } from "#core/assist/title";
import { UserError } from "#core/base/errors";
import { type Budget, estimateTokens, requireRoom, selectFewer, takeLines } from "#core/context/budget";
import { purposeBeside } from "#core/context/purpose";
import { joinLines, surroundingsOf } from "#core/context/surroundings";
import { type Frame, frameSelection } from "#core/edits/frame";
import { splitLines } from "#core/edits/lines";
import type { Request } from "./assist.ts";
import { readReferences } from "./references.ts";

/** Tokens of lines before and after the selection: enough to know what is around, little enough to be read quickly. */
const mostBefore = 240;
const mostAfter = 120;

/** Models of less than this (3B at four bits) rewrite what stands around the selection instead of only reading it. */
export const leastBytesForSurroundings = 2_500_000_000;

/** Tokens of documentation beside the selection that says what it is for. */
const mostPurpose = 400;

/** Tokens that a chat template adds around the messages. */
const templateTokens = 48;

/** Tokens around a place that was pinned: a sentence that names it, and a fence. */
const referenceTokens = 32;

/** Tests beyond these many tokens, and introductions, are the same again. */
const mostOfFile = 640;

/** What is put into its place by code is a part of the selection: of a function its documentation alone, however long the function is. */
const mostOfPart = 480;

/** The least that is worth writing as an explanation. */
const leastExplanation = 200;

/** Models from here on (14B at four bits) name the lines they replace, where smaller ones write the whole text better. */
const leastBytesForExchanges = 8_000_000_000;

/** A selection of fewer lines is written anew as quickly as its changes. */
const leastLinesForExchanges = 24;

/** True where an answer names the lines it replaces, and is not the whole text. */
export function takesExchanges(action: AssistAction, modelBytes: number, body: string): boolean {
  const isLong = body.split("\n").length >= leastLinesForExchanges;
  return action.shows === "diff" && action.compose === undefined && modelBytes >= leastBytesForExchanges && isLong;
}

/** What is checked before a model is needed. Throws for a selection that cannot be worked on. */
export function checkRequest(action: AssistAction, request: Request): Frame {
  const { text, selection, instruction } = request;
  if (selection.start > selection.end || selection.end > text.length)
    throw new UserError(
      "POSITION_OUTSIDE_FILE",
      `The selection ends at character ${Math.max(selection.start, selection.end)}, and the text has ${text.length}.`,
      "Select the code again.",
    );
  if (action.instruction === "required" && !instruction?.trim())
    throw new UserError("BAD_INPUT", `“${action.title}” needs to know what to do.`, "Say in a few words what should change.");
  const frame = frameSelection(text, selection);
  if (frame.body.trim() === "") throw new UserError("BAD_INPUT", "Nothing is selected.", "Select the code first.");
  return frame;
}

/** What some actions need beside the selection. */
export type Special = Pick<PromptContext, "tests">;

/** A prompt that fits into the model's window, with room for the answer. */
export interface Prepared {
  /** What the prompt was made of, for another one. */
  readonly context: PromptContext;
  readonly prompt: AssistPrompt;
  readonly budget: Budget;
  readonly maxTokens: number;
}

/** Builds the prompt within the window. Throws SELECTION_TOO_LONG where even the selection alone does not fit. */
export async function prepare(
  action: AssistAction,
  request: Request,
  frame: Frame,
  limits: { readonly window: number; readonly maxTokens: number; readonly modelBytes: number },
  count: (text: string) => Promise<number>,
  special: Special = {},
): Promise<Prepared> {
  const { window } = limits;
  const context = {
    path: shownPath(request.path, request.workspace),
    languageId: request.languageId,
    selection: frame.body,
    before: "",
    after: "",
    instruction: request.instruction?.trim() ?? "",
    problems: problemsIn(request),
    references: [],
    purpose: "",
    exchanges: takesExchanges(action, limits.modelBytes, frame.body),
    ...special,
  };
  const references = await readReferences(request.context?.pin ?? [], request.workspace);
  // Counting exactly takes time that grows with the text, and what is far too long needs no exact count.
  const selectedLines = frame.body.split("\n").length;
  const writesAnew = action.shows === "diff" && action.compose === undefined && !context.exchanges;
  const size = { window, lines: selectedLines, ...(writesAnew && { most: limits.maxTokens }) };
  if (frame.body.length > window * 20) {
    const instructions = action.prompt({ ...context, selection: "" }).messages.map(({ text }) => text);
    const rest = estimateTokens(instructions.join("\n")) + templateTokens;
    const estimated = estimateTokens(frame.body);
    requireRoom({ ...size, selection: estimated, rest, answer: answerRoom(action, estimated, limits, window - rest - estimated) });
  }
  const selection = await count(frame.body);
  const bare = action.prompt(context);
  const base = (await count(bare.messages.map(({ text }) => text).join("\n"))) + templateTokens;
  const answer = answerRoom(action, selection, limits, window - base);
  requireRoom({ ...size, selection, rest: base - selection, answer });
  if (writesAnew && selection > limits.maxTokens)
    throw new UserError(
      "SELECTION_TOO_LONG",
      `The selection has ${selection} tokens, and an answer may have ${limits.maxTokens}.`,
      `${selectFewer(selectedLines, limits.maxTokens / selection)}, or set localcoder.inference.maxTokens higher.`,
    );

  const pinned = await Promise.all(
    references.map(async ({ place, text }) => ({
      id: pinnedId(place),
      name: "pinned",
      source: place,
      tokens: (await count(text)) + referenceTokens,
      reason: "you pinned it",
    })),
  );
  const ofPinned = pinned.reduce((sum, { tokens }) => sum + tokens, 0);
  const free = window - base - answer;
  if (ofPinned > free)
    throw new UserError(
      "SELECTION_TOO_LONG",
      `What you pinned has ${ofPinned} tokens, and beside the selection there is room for ${Math.max(0, free)}.`,
      "Pin fewer lines, select less, or set localcoder.inference.contextSize higher.",
    );
  const around = surroundingsOf(request.text, request.selection);
  const lines = linesOf(request.text, request.selection);
  const room = free - ofPinned;
  const excluded = (id: string) => (request.context?.exclude.includes(id) ? "you left it out" : undefined);
  const tooSmall = action.shows === "diff" && limits.modelBytes < leastBytesForSurroundings;
  const whyNot = tooSmall ? "this model would rewrite it" : undefined;
  const before = takeLines(
    {
      id: "before",
      name: "before the selection",
      reason: "nearby code",
      lines: around.before,
      nearest: "last",
      most: mostBefore,
      whyNot: excluded("before") ?? whyNot,
      place: { path: context.path, from: 1 },
    },
    room,
    estimateTokens,
  );
  const used = before.taken.reduce((sum, { tokens }) => sum + tokens, 0);
  const after = takeLines(
    {
      id: "after",
      name: "after the selection",
      reason: "nearby code",
      lines: around.after,
      nearest: "first",
      most: mostAfter,
      whyNot: excluded("after") ?? whyNot,
      place: { path: context.path, from: lines.to + 1 },
    },
    room - used,
    estimateTokens,
  );
  const spent = used + after.taken.reduce((sum, { tokens }) => sum + tokens, 0);
  const purpose = takeLines(
    {
      id: "purpose",
      name: "documentation beside it",
      reason: "what it is for",
      lines: action.takesPurpose ? splitLines(purposeBeside(request.text, request.selection, request.languageId)) : [],
      nearest: "first",
      most: mostPurpose,
      whyNot: excluded("purpose"),
    },
    room - spent,
    estimateTokens,
  );
  const full = {
    ...context,
    references,
    before: joinLines(before.lines),
    after: joinLines(after.lines),
    purpose: joinLines(purpose.lines),
  };
  return {
    context: full,
    prompt: action.prompt(full),
    maxTokens: answer,
    budget: {
      taken: [
        { name: "instructions", tokens: base - selection, reason: "always" },
        { name: "selection", source: `${context.path}:${lines.from}-${lines.to}`, tokens: selection, reason: "always" },
        ...pinned,
        ...purpose.taken,
        ...before.taken,
        ...after.taken,
      ],
      leftOut: [...purpose.leftOut, ...before.leftOut, ...after.leftOut],
      answer,
      window,
    },
  };
}

/** The id of a pinned place among the parts of a prompt. */
function pinnedId(place: string): string {
  return `pin:${place}`;
}

/** The problems of the selection with the code they are about, since small models cannot count lines. */
function problemsIn({ text, selection, problems = [] }: Request): readonly string[] {
  const { from, to } = linesOf(text, selection);
  const lines = text.split(/\r\n|\r|\n/);
  return problems
    .filter(({ line }) => line >= from && line <= to)
    .map(({ line, message }) => `\`${(lines[line - 1] ?? "").trim()}\`: ${message}`);
}

function answerRoom(action: AssistAction, selection: number, { maxTokens }: { readonly maxTokens: number }, free: number): number {
  if (action.shows === "file") return Math.min(maxTokens, free, mostOfFile);
  if (action.shows === "card") return Math.min(maxTokens, Math.max(leastExplanation, free));
  if (action.compose !== undefined) return Math.min(maxTokens, mostOfPart);
  // Better code is seldom much longer, and a model that runs away is stopped here.
  return Math.min(maxTokens, Math.ceil(selection * 1.6) + 160);
}
