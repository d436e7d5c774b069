import type { ITextModel } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/model";
import type * as vscodeApi from "vscode";
import type { AssistAnswer, AssistEvent, AssistRequest } from "#core/contracts/assist";
import type { SessionOutcome } from "#core/contracts/sessions";
import { frameSelection, restoreFrame } from "#core/edits/frame";
import { placeOf } from "../documents.ts";
import type { FileAnswer } from "./files/answer-file.ts";
import type { ReviewOptions } from "./review-options.ts";
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
  /** What a model said of it that was asked about it place by place; there is nothing to ask it again then. */
  readonly said?: Partial<Pick<AssistAnswer, "model" | "provider" | "tokens" | "milliseconds">> & Pick<FileAnswer, "doubts">;
  /** See {@link ReviewOptions.beyond}. */
  readonly beyond?: ReviewOptions["beyond"];
  /** Is told what became of it. */
  readonly report?: (outcome: SessionOutcome) => void;
  /** Nobody looks at it any more; true where it was kept or undone. */
  readonly ended?: (isDecided: boolean) => void;
}

/** What a review needs of code that is there already. */
export function reviewOfWritten(
  vscode: typeof vscodeApi,
  model: ITextModel,
  { title, document, from, to, text, isWhole, said }: WrittenProposal,
) {
  const selection = {
    start: model.getOffsetAt({ lineNumber: from + 1, column: 1 }),
    end: model.getOffsetAt({ lineNumber: to + 1, column: model.getLineMaxColumn(to + 1) }),
  };
  const request: AssistRequest = { action: "chat", ...placeOf(vscode, document), text: model.getValue(), selection };
  const written = isWhole ? restoreFrame(frameSelection(request.text, selection), text) : text;
  return { title, request, lines: { first: from + 1, count: to - from + 1 }, source: writtenAlready(written, said) };
}

/** In the place of the engine: an answer that needs no model any more. */
function writtenAlready(text: string, said: WrittenProposal["said"]): AnswerSource {
  const tokens = { prompt: 0, reused: 0, evaluated: 0, generated: 0 };
  const answer = { sessionId: said ? "several" : "", text, diff: "", model: "", tokens, milliseconds: 0, stop: "end" as const };
  async function* events(): AsyncGenerator<AssistEvent> {
    yield { type: "finished", answer: { ...answer, ...said, doubts: [...(said?.doubts ?? [])] } };
  }
  return { assist: { run: async () => events() } };
}
