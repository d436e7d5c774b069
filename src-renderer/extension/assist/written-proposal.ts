import type { ITextModel } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/model";
import type * as vscodeApi from "vscode";
import type { AssistEvent, AssistRequest } from "#core/contracts/assist";
import { frameSelection, restoreFrame } from "#core/edits/frame";
import { placeOf } from "../documents.ts";
import type { AnswerSource } from "./run.ts";

/** Code that is there already, for lines of a document, counted from 0. */
export interface WrittenProposal {
  readonly title: string;
  readonly document: vscodeApi.TextDocument;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** True where the text takes the place of the lines and gets their indent. */
  readonly isWhole: boolean;
}

/** What a review needs of code that is there already. */
export function reviewOfWritten(
  vscode: typeof vscodeApi,
  model: ITextModel,
  { title, document, from, to, text, isWhole }: WrittenProposal,
) {
  const selection = {
    start: model.getOffsetAt({ lineNumber: from + 1, column: 1 }),
    end: model.getOffsetAt({ lineNumber: to + 1, column: model.getLineMaxColumn(to + 1) }),
  };
  const request: AssistRequest = { action: "chat", ...placeOf(vscode, document), text: model.getValue(), selection };
  const written = isWhole ? restoreFrame(frameSelection(request.text, selection), text) : text;
  return { title, request, lines: { first: from + 1, count: to - from + 1 }, source: writtenAlready(written) };
}

/** In the place of the engine: an answer that needs no model any more. */
function writtenAlready(text: string): AnswerSource {
  const tokens = { prompt: 0, reused: 0, evaluated: 0, generated: 0 };
  const answer = { sessionId: "", text, diff: "", doubts: [], model: "", tokens, milliseconds: 0, stop: "end" as const };
  async function* events(): AsyncGenerator<AssistEvent> {
    yield { type: "finished", answer };
  }
  return { assist: { run: async () => events() } };
}
