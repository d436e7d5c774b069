import type { ICodeEditor } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import type { Disposable } from "#core/base/disposable";
import type { AssistRequest } from "#core/contracts/assist";
import type { Engine } from "../../connection.ts";
import type { LineEdit } from "./proposal.ts";
import type { AnswerSource } from "./run.ts";

/** A proposal that is being written or looked at, in place. Nothing of it is in the document before it is kept. */
export interface Review extends Disposable {
  keepAll(): void;
  undoAll(): void;
  keepNearest(): void;
  undoNearest(): void;
  go(direction: 1 | -1): void;
  stop(): void;
  /** Tries again, where somebody can be asked. */
  again(): void;
  /** Asks what should be different, then tries again. */
  other(): void;
  /** Stops while it runs, else undoes what is left; never what has only just come. */
  escape(): void;
  focus(): void;
}

/** What a review is about. */
export interface ReviewOptions {
  readonly engine: AnswerSource & { readonly sessions: Pick<Engine["sessions"], "report"> };
  readonly editor: ICodeEditor;
  readonly title: string;
  readonly request: AssistRequest;
  /** Whole lines of the editor's document, counted from 1, in whose place the proposal stands. */
  readonly lines: { readonly first: number; readonly count: number };
  /** True when the proposal is a whole file, the editor's, and the request is about another one. */
  readonly isFile?: boolean;
  /** Edits that a formatter makes in lines, where the document was formatted before. */
  readonly format?: (first: number, last: number) => Promise<readonly LineEdit[]>;
  /** Asks what should be different in another try; undefined when the user wants none. Missing where nobody can be asked for another. */
  readonly askOther?: () => Promise<Partial<AssistRequest> | undefined>;
  readonly nameOf: (model: string) => string;
  readonly openHistory: (sessionId: string) => void;
  /** The document beside the text it would become. */
  readonly beside: Beside;
  readonly openSeen: (sessionId: string) => void;
  readonly setUp: () => void;
  /** Goes on to another document where the keys go beyond the last change or the first; false where there is none. */
  readonly beyond?: ((direction: 1 | -1) => boolean) | undefined;
  /** Nobody looks at it any more; true where it was kept or undone, and not only left. */
  readonly ended: (isDecided: boolean) => void;
}

/** Where a document is seen beside the text it would become. */
export interface Beside {
  show(text: string): void;
  /** Takes another text where it is seen. */
  follow(text: () => string): void;
  close(): void;
}
