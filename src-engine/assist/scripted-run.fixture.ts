import { type AssistEvent, type AssistRequest, assistRequest } from "#core/contracts/assist";
import { defaultSettings } from "#core/settings/schema";
import { createInference } from "#engine/inference/host";
import { openScripted } from "#engine/inference/scripted";
import { createParsers } from "../syntax/parser.ts";
import { createAssist } from "./assist.ts";
import type { TestHistory } from "./history.fixture.ts";
import { oneModel } from "./one-model.fixture.ts";

/** A model that gives its answers in turn, the last one again and again. */
export interface Answering {
  readonly answers: readonly string[];
  /** How large it is said to be. */
  readonly bytes?: number;
}

/** Runs an action on all of a text in Python with such a model; tells what it was asked, and what came. */
export async function runScripted(
  history: TestHistory,
  { answers, bytes = 500_000_000 }: Answering,
  text: string,
  changes: Partial<AssistRequest>,
) {
  const settings = { current: () => defaultSettings };
  const asked: string[] = [];
  const answer = (messages: readonly { readonly text: string }[]) => {
    asked.push(messages.at(-1)?.text ?? "");
    return answers[Math.min(asked.length, answers.length) - 1] ?? "";
  };
  const inference = createInference({ open: openScripted({ answer, bytes }), settings });
  history.own(inference);
  const model = { id: "scripted", name: "Scripted", path: "/models/scripted.gguf" };
  const models = oneModel(model);
  const ownActions = { find: async () => undefined };
  const assist = createAssist({ inference, models, sessions: history.sessions, settings, parsers: createParsers(), ownActions });
  const request = {
    action: "refactor",
    path: history.folder.at("a.py"),
    languageId: "python",
    text,
    selection: { start: 0, end: text.length },
  };
  const events: AssistEvent[] = [];
  for await (const event of assist.run(assistRequest.parse({ ...request, ...changes }))) events.push(event);
  const last = events.at(-1);
  if (last?.type !== "finished") throw new Error("The stream did not finish.");
  const notices = events.flatMap((event) => (event.type === "notice" ? [event.code] : []));
  return { asked, notices, answer: last.answer };
}
