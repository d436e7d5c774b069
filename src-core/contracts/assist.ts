import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { chatMode } from "./chat.ts";
import { absolutePath, provider, stopReason, timestamp, tokenCounts } from "./common.ts";
import { saw } from "./sessions.ts";

/** A reason to distrust an answer; with one that blocks, the answer is shown but cannot be applied. */
export const doubt = z.object({
  kind: z.enum([
    "prose",
    "cut-off",
    "repetition",
    "shrunk",
    "elision",
    "lost-name",
    "empty",
    "unchanged",
    "syntax",
    "behaviour",
    "unproven",
    "problem",
    "failed",
    "weak",
  ]),
  /** One sentence for the user. */
  message: z.string(),
  blocks: z.boolean(),
});
/** See {@link doubt}. */
export type Doubt = z.infer<typeof doubt>;

/** What the user decided about what the model is to see. */
export const contextChoice = z.object({
  /** Ids of parts that are to stay out. */
  exclude: z.array(z.string().max(200)).max(50).default([]),
  /** Places of the workspace that are to be seen whole; lines from 1, all of the file without them. */
  pin: z
    .array(
      z.object({
        path: z.string().min(1).max(32_768),
        lines: z.object({ from: z.number().int().positive(), to: z.number().int().positive() }).optional(),
      }),
    )
    .max(20)
    .default([]),
});
/** See {@link contextChoice}. */
export type ContextChoice = z.infer<typeof contextChoice>;

/** What a model would be sent, without asking it. */
export const assistPreview = z.object({
  model: z.string(),
  provider: provider.optional(),
  saw,
  messages: z.array(z.object({ role: z.enum(["system", "user", "assistant"]), text: z.string() })),
  answerPrefix: z.string(),
});
/** See {@link assistPreview}. */
export type AssistPreview = z.infer<typeof assistPreview>;

/** A request for an inline action on a part of a document. Offsets are UTF-16 units in `text`. */
export const assistRequest = z.object({
  action: z.string().min(1).max(100),
  path: z.string().max(32_768),
  languageId: z.string().max(100).default("plaintext"),
  workspace: absolutePath.optional(),
  text: z.string().max(20_000_000),
  selection: z.object({ start: z.number().int().nonnegative(), end: z.number().int().nonnegative() }),
  /** What the user typed, where the action takes an instruction. */
  instruction: z.string().max(20_000).optional(),
  /** True: what is written may be run here, in a process with limits, to see whether it holds. */
  verify: z.boolean().optional(),
  /** A model by its id or file, in the place of the one of the role: "Try again" with another one. */
  model: z.string().max(32_768).optional(),
  /** Rush: the smallest model, asked once. Smart: the largest that fits. A model that is named goes before it. */
  mode: chatMode.optional(),
  /** True: where there is no model, it waits until there is one, and the failure says so. */
  wait: z.boolean().default(false),
  /** What is wrong at lines of `text`, counted from 1, for actions that repair. Those outside of the selection are left out. */
  problems: z
    .array(z.object({ line: z.number().int().positive(), message: z.string().max(2000) }))
    .max(50)
    .optional(),
  context: contextChoice.optional(),
});
/** See {@link assistRequest}. */
export type AssistRequest = z.input<typeof assistRequest>;

/** A file that an action writes beside the code. Nothing of it is on the disk before it is kept. */
export const fileProposal = z.object({
  path: absolutePath,
  /** What stands in the file now; null where there is none. */
  original: z.string().nullable(),
  text: z.string(),
});
/** See {@link fileProposal}. */
export type FileProposal = z.infer<typeof fileProposal>;

/** What an action that edits proposes: the new text of the selection. */
export const assistAnswer = z.object({
  /** Empty when no history is kept. */
  sessionId: z.string(),
  /** Explanation in Markdown, or the replacement for the selection. */
  text: z.string(),
  /** Unified diff of the whole document; empty for actions that do not edit. */
  diff: z.string(),
  doubts: z.array(doubt),
  /** For actions that write another file: that file. Then `text` is its whole text, and `diff` is of it. */
  file: fileProposal.optional(),
  model: z.string(),
  provider: provider.optional(),
  tokens: tokenCounts,
  milliseconds: z.number().nonnegative(),
  stop: stopReason,
});
/** See {@link assistAnswer}. */
export type AssistAnswer = z.infer<typeof assistAnswer>;

/** The stream of one action: how far the prompt is read, then text as it comes, then the checked answer. */
export const assistEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("started"),
    /** Empty when no history is kept. */ sessionId: z.string(),
    model: z.string(),
    provider: provider.optional(),
  }),
  z.object({ type: z.literal("waiting"), reason: z.string() }),
  z.object({ type: z.literal("reading"), evaluated: z.number(), total: z.number() }),
  z.object({ type: z.literal("text"), text: z.string() }),
  /** Something the user should know although the action goes on, for example that the history could not be kept. */
  z.object({ type: z.literal("notice"), code: z.string(), message: z.string(), hint: z.string().optional() }),
  /** The answer's text may differ from the streamed text in layout, or be that of a second try; it is the one to use. */
  z.object({ type: z.literal("finished"), answer: assistAnswer }),
]);
/** See {@link assistEvent}. */
export type AssistEvent = z.infer<typeof assistEvent>;

/** A file whose places an action is to be asked about, one after the other. */
export const fileForAction = z.object({
  action: z.string().min(1).max(100),
  path: z.string().max(32_768),
  languageId: z.string().max(100).default("plaintext"),
  workspace: absolutePath.optional(),
  text: z.string().max(20_000_000),
  instruction: z.string().max(20_000).optional(),
  /** What is wrong at lines, counted from 1, for actions that repair; without it, what can be found is. */
  problems: assistRequest.shape.problems,
});

/** A part of a file that an action is asked about by itself: whole lines, in UTF-16 units. */
export const assistPlace = z.object({
  start: z.number().int(),
  end: z.number().int(),
  /** What is defined there, or its lines in words. */
  name: z.string(),
  /** Counted from 1, both included. */
  lines: z.object({ from: z.number().int(), to: z.number().int() }),
  problems: assistRequest.shape.problems,
});
/** See {@link assistPlace}. */
export type AssistPlace = z.infer<typeof assistPlace>;

/** The places of a file in its order, and where there is none, why in one sentence about the file. */
export const actionPlaces = z.object({ places: z.array(assistPlace), reason: z.string().optional() });
/** See {@link actionPlaces}. */
export type ActionPlaces = z.infer<typeof actionPlaces>;

/** A request that waits for a model. */
export const waitingRequest = z.object({ id: z.string(), title: z.string(), created: timestamp });
/** See {@link waitingRequest}. */
export type WaitingRequest = z.infer<typeof waitingRequest>;

/** An action that somebody wrote as a Markdown file. One with problems is listed, so that its mistakes can be shown, and cannot be run. */
export const ownAction = z.object({
  id: z.string(),
  /** The file's name without its ending. */
  name: z.string(),
  file: z.string(),
  from: z.enum(["user", "workspace"]),
  /** False for one of a folder that the user has not trusted: it is listed and not run. */
  trusted: z.boolean(),
  title: z.string(),
  shows: z.enum(["card", "diff"]),
  role: z.enum(["code", "general"]),
  instruction: z.enum(["none", "optional", "required"]),
  languages: z.array(z.string()),
  problems: z.array(z.object({ line: z.number().int().positive(), message: z.string() })),
});
/** See {@link ownAction}. */
export type OwnAction = z.infer<typeof ownAction>;

/** A place that a stack trace names and that is there, the likeliest cause first. */
export const suspect = z.object({
  path: absolutePath,
  line: z.number().int().positive(),
  /** The function there, where the trace tells it. */
  symbol: z.string().optional(),
  /** Why it is suspect, in one sentence. */
  why: z.string(),
  /** What stands in the line. */
  text: z.string(),
});
/** See {@link suspect}. */
export type Suspect = z.infer<typeof suspect>;

/** Tests that are written already, for the file whose code they test. */
export const testsToPlace = z.object({
  path: absolutePath,
  languageId: z.string().max(100),
  workspace: absolutePath.optional(),
  /** The text of the file. */
  text: z.string().max(5_000_000),
  tests: z.string().max(1_000_000),
});
/** See {@link testsToPlace}. */
export type TestsToPlace = z.infer<typeof testsToPlace>;

/** A file of tests as it is to be: a new one, or the one that is there with more at its end. */
export const placedTests = z.object({ path: absolutePath, exists: z.boolean(), text: z.string() });
/** See {@link placedTests}. */
export type PlacedTests = z.infer<typeof placedTests>;

/** Inline actions. Closing the stream or aborting the call stops the model. */
export const assistContract = {
  run: oc.input(assistRequest).output(eventIterator(assistEvent)),
  /** What the model would see. It is loaded for that, since only it can count its tokens. */
  preview: oc.input(assistRequest).output(assistPreview),
  /** The requests that wait for a model, now and at each change. */
  waiting: oc.output(eventIterator(z.array(waitingRequest))),
  /** Takes a waiting request out, to run it. */
  takeWaiting: oc.input(z.object({ id: z.string() })).output(assistRequest),
  /** The actions that the user and the workspace have as files, now and at each change of them. */
  ownActions: oc.input(z.object({ workspace: absolutePath.optional() })).output(eventIterator(z.array(ownAction))),
  /** Which lines of the workspace a stack trace speaks of; empty where it is none, or of other code. */
  suspects: oc.input(z.object({ trace: z.string().max(200_000), workspace: absolutePath })).output(z.array(suspect)),
  /** The file that an action would write or change, before the model is asked. */
  fileFor: oc.input(assistRequest).output(z.object({ path: absolutePath, exists: z.boolean() })),
  /** Where tests go that are written already, as the action that writes them would choose; null for a language it knows no way for. */
  placeTests: oc.input(testsToPlace).output(placedTests.nullable()),
  /** The places of a file that an action is asked about one by one, where it is meant for all of the file. */
  places: oc.input(fileForAction).output(actionPlaces),
  /** The files of code in a folder that nothing excludes, by their paths; `full` where there are more. */
  codeFiles: oc
    .input(z.object({ folder: absolutePath, workspace: absolutePath.optional() }))
    .output(z.object({ files: z.array(absolutePath), full: z.boolean() })),
  dropWaiting: oc.input(z.object({ id: z.string() })).output(z.void()),
  /** The whole lines of the definition around an offset, for a user who selected nothing; null where there is none. */
  definitionAround: oc
    .input(z.object({ languageId: z.string().max(100), text: z.string().max(5_000_000), offset: z.number().int().nonnegative() }))
    .output(z.object({ start: z.number(), end: z.number() }).nullable()),
};
