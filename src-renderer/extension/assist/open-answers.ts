import type { ITextModel } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/model";
import type { Disposable } from "#core/base/disposable";
import type { Features } from "../features.ts";
import { activeEditor } from "./active-editor.ts";
import type { Card } from "./card.ts";
import type { Review } from "./review-options.ts";

/** The reviews and cards that are open: at most one of each for a document. */
export interface OpenAnswers {
  /** Opens a review in the place of the one that its document had; `ended` is to be called when nobody looks at it any more. */
  review(model: ITextModel, open: (ended: () => void) => Review): Review;
  /** The same for a card. */
  card(model: ITextModel, open: (ended: () => void) => Card): void;
}

/** Creates {@link OpenAnswers}, and registers the commands for those of the document that is looked at. */
export function createOpenAnswers({ vscode, own }: Pick<Features, "vscode" | "own">): OpenAnswers {
  const reviews = new Map<ITextModel, Review>();
  const cards = new Map<ITextModel, Card>();

  function tellKeys(): void {
    void vscode.commands.executeCommand("setContext", "localcoder.anyReview", reviews.size > 0);
    void vscode.commands.executeCommand("setContext", "localcoder.anyCard", cards.size > 0);
  }

  function replace<T extends Disposable>(all: Map<ITextModel, T>, model: ITextModel, open: (ended: () => void) => T): T {
    all.get(model)?.dispose();
    const item: T = open(() => {
      if (all.get(model) === item) all.delete(model);
      tellKeys();
    });
    all.set(model, item);
    tellKeys();
    return item;
  }

  const review = () => ofActive(reviews);
  const card = () => ofActive(cards);
  const command = (id: string, run: () => void) => own(vscode.commands.registerCommand(id, run));
  command("localcoder.review.keepAll", () => review()?.keepAll());
  command("localcoder.review.undoAll", () => review()?.undoAll());
  command("localcoder.review.keepHunk", () => review()?.keepNearest());
  command("localcoder.review.undoHunk", () => review()?.undoNearest());
  command("localcoder.review.next", () => review()?.go(1));
  command("localcoder.review.previous", () => review()?.go(-1));
  command("localcoder.answer.stop", () => (review() ?? card())?.stop());
  command("localcoder.answer.again", () => (review() ?? card())?.again());
  command("localcoder.answer.other", () => review()?.other());
  command("localcoder.answer.focus", () => (card() ?? review())?.focus());
  // The nearest thing first: a card lies over the code, a proposal is part of it.
  command("localcoder.answer.escape", () => (card() ?? review())?.escape());

  return {
    review: (model, open) => replace(reviews, model, open),
    card: (model, open) => void replace(cards, model, open),
  };
}

function ofActive<T>(all: ReadonlyMap<ITextModel, T>): T | undefined {
  const model = activeEditor()?.getModel();
  return model ? all.get(model) : undefined;
}
