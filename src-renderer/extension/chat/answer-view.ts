import type { IDisposable } from "@codingame/monaco-vscode-api/vscode/vs/base/common/lifecycle";
import type { IMarkdownRendererService } from "@codingame/monaco-vscode-api/vscode/vs/platform/markdown/browser/markdownRenderer.service";
import type { Disposable } from "#core/base/disposable";
import { type AnswerPart, answerParts } from "#core/chat/answer-parts";
import { unwrapped } from "#core/chat/unwrapped";
import type { ChatTurn } from "#core/contracts/chat";
import type { Attachment } from "#core/contracts/message-context";
import type { Citation } from "#core/contracts/project";
import { fenceFor } from "#core/edits/fence";
import { button, element, icon } from "../../pages/dom.ts";
import { strings } from "../strings.ts";
import { markCitations } from "./mark-citations.ts";

/** A block of code in an answer. */
export type CodePart = Extract<AnswerPart, { kind: "code" }>;

/** A message as far as it tells what is spoken of. */
export type Spoken = Pick<ChatTurn, "role" | "text" | "attachments">;

/** What was said in a conversation, and last the answer that code stands in. */
export type Said = readonly Spoken[];

/** What can be done with a block of code. */
export interface CodeActions {
  copy(code: CodePart): void;
  insert(code: CodePart): void;
  apply(code: CodePart, said: Said): void;
  /** What an answer names, and whether it is there. @param attachments of the conversation */
  cited(text: string, attachments: readonly Attachment[]): Promise<readonly Citation[]>;
  openCited(citation: Citation): void;
}

/** An answer in Markdown whose blocks of code can be copied, inserted and applied. */
export interface AnswerView extends Disposable {
  readonly element: HTMLElement;
  /** Draws only the parts that changed, so that a long answer costs no more at its end than at its beginning. */
  update(text: string, isRunning: boolean): void;
}

interface BlockActions extends Pick<CodeActions, "copy" | "insert"> {
  apply(code: CodePart): void;
}

interface Drawn {
  readonly key: string;
  readonly element: HTMLElement;
  readonly rendered: IDisposable;
}

/** Creates an {@link AnswerView}. @param before what was said before the answer */
export function createAnswerView(markdown: IMarkdownRendererService, actions: CodeActions, before: Said): AnswerView {
  const attachments = before.flatMap((one) => one.attachments);
  const apply = (code: CodePart) => actions.apply(code, [...before, { role: "assistant", text: answer, attachments: [] }]);
  const question = before.findLast(({ role }) => role === "user")?.text ?? "";
  let answer = "";
  const root = element("div", { class: "answer localcoder-selectable" });
  let drawn: Drawn[] = [];

  function draw(part: AnswerPart, isRunning: boolean): Omit<Drawn, "key"> {
    const value = part.kind === "text" ? part.text : fenced(part);
    const rendered = markdown.render({ value, supportHtml: false, isTrusted: false }, { fillInIncompleteTokens: isRunning });
    if (part.kind === "text") return { element: rendered.element, rendered };
    return { element: codeBlock(part, rendered.element, isRunning && !part.closed, { ...actions, apply }), rendered };
  }

  return {
    element: root,
    update(text, isRunning) {
      answer = text;
      const parts = answerParts(unwrapped(text, question));
      const next: Drawn[] = [];
      for (const [index, part] of parts.entries()) {
        const unfinished = isRunning && index === parts.length - 1;
        const key = JSON.stringify([part, unfinished]);
        const before = drawn[index];
        if (before?.key === key) {
          next.push(before);
          continue;
        }
        before?.rendered.dispose();
        const made = { key, ...draw(part, unfinished) };
        if (before) before.element.replaceWith(made.element);
        else root.append(made.element);
        next.push(made);
      }
      for (const rest of drawn.slice(parts.length)) {
        rest.rendered.dispose();
        rest.element.remove();
      }
      drawn = next;
      if (isRunning) return;
      const prose = parts.flatMap(({ kind }, index) => (kind === "text" ? (next[index]?.element ?? []) : []));
      void actions.cited(text, attachments).then((citations) => {
        for (const each of prose) markCitations(each, citations, actions.openCited);
      });
    },
    dispose() {
      for (const { rendered } of drawn) rendered.dispose();
      drawn = [];
    },
  };
}

function fenced({ code, language }: CodePart): string {
  const fence = fenceFor(code);
  return `${fence}${language}\n${code}\n${fence}`;
}

function codeBlock(part: CodePart, body: HTMLElement, isUnfinished: boolean, actions: BlockActions): HTMLElement {
  const words = strings.chat;
  body.classList.add("code");
  body.tabIndex = 0;
  const name = part.path ?? part.language;
  return element(
    "div",
    { class: "block", role: "group", "aria-label": words.code(name) },
    element(
      "div",
      { class: "bar" },
      icon("code"),
      element("span", { class: "name", title: name }, name),
      !isUnfinished && !part.closed && element("span", { class: "cut", title: words.cutBlockHint }, words.cutBlock),
      !isUnfinished && button(words.copy, () => actions.copy(part), { id: "copy-code", title: words.copyHint }),
      !isUnfinished && button(words.insert, () => actions.insert(part), { id: "insert-code", title: words.insertHint }),
      !isUnfinished && button(words.apply, () => actions.apply(part), { id: "apply-code", title: words.applyHint }),
    ),
    body,
  );
}
