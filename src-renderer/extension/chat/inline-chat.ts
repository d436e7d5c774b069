import type { ICodeEditor } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import { type Disposable, disposableStack } from "#core/base/disposable";
import { element, icon, iconButton } from "../../pages/dom.ts";
import { openZone } from "../assist/zone.ts";
import { strings } from "../strings.ts";

const words = strings.chat.inline;

/** What becomes of what is typed. */
export interface InlineChatActions {
  /** Proposes a change of the selection, or of the definition around the cursor. */
  change(instruction: string): void;
  /** Asks in the chat about the same. */
  ask(question: string): void;
}

/** Opens a field above the selection: what is typed becomes a change of the code, or with a question mark at its end a question. */
export function openInlineChat(editor: ICodeEditor, actions: InlineChatActions): Disposable {
  const opened = disposableStack();
  const field = element("textarea", {
    rows: 1,
    placeholder: words.placeholder,
    "aria-label": words.placeholder,
    spellcheck: "false",
    oninput: () => {
      field.style.height = "auto";
      field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
    },
    onkeydown: (event: KeyboardEvent) => {
      if (event.isComposing) return;
      if (event.key === "Escape") opened.dispose();
      else if (event.key === "Enter" && !event.shiftKey) submit();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  });
  const line = editor.getSelection()?.startLineNumber ?? 1;
  const box = element(
    "div",
    { class: "localcoder-answer localcoder-inline-chat", role: "group", "aria-label": words.title },
    icon("sparkle"),
    field,
    iconButton("send", words.send, () => submit()),
    iconButton("close", strings.assist.close, () => opened.dispose()),
  );
  opened.add(openZone(editor, box, line - 1, 0));
  opened.add(editor.onDidChangeModel(() => opened.dispose()));
  opened.add(editor.onDidDispose(() => opened.dispose()));
  field.focus();

  function submit(): void {
    const text = field.value.trim();
    if (text === "") return;
    opened.dispose();
    editor.focus();
    if (text.endsWith("?")) actions.ask(text);
    else actions.change(text);
  }

  return opened;
}
