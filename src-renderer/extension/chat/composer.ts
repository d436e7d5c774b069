import type { Disposable } from "#core/base/disposable";
import { attachmentName } from "#core/chat/prompt";
import type { Attachment } from "#core/contracts/message-context";
import { button, element, icon, iconButton, replaceChildren } from "../../pages/dom.ts";
import { strings } from "../strings.ts";
import type { Completions } from "./completions.ts";
import { createSuggestions } from "./suggestions.ts";

const words = strings.chat;

/** What the user does with the composer. */
export interface ComposerActions {
  /** Sends; true when the text was taken and the field is to be emptied. */
  submit(text: string, attachments: readonly Attachment[]): Promise<boolean>;
  /** Something else is written or attached now. */
  writing(text: string, attachments: readonly Attachment[]): void;
  stop(): void;
  chooseMode(): void;
  chooseModel(): void;
  complete(text: string, cursor: number): Promise<Completions | undefined>;
  /** Files that were dropped on it. */
  drop(data: DataTransfer): Promise<void>;
  /** Something was pasted or dropped that no model here can look at. */
  refuse(reason: string): void;
  cancelEdit(): void;
  /** The question before the first one that is recalled with the arrow up. */
  lastQuestion(): string | undefined;
}

/** What it shows beside the text. */
export interface ComposerView {
  readonly isRunning: boolean;
  readonly isEditing: boolean;
  readonly mode: string;
  readonly model: string;
}

/** The field at the bottom of the chat. */
export interface Composer extends Disposable {
  readonly element: HTMLElement;
  update(view: ComposerView): void;
  set(text: string, attachments: readonly Attachment[]): void;
  /** Shows an earlier message to be edited; what was typed comes back when that is sent or given up. */
  edit(text: string, attachments: readonly Attachment[]): void;
  /** Gives the edit up. */
  endEdit(): void;
  attach(attachment: Attachment): void;
  /** Adds text at the end, as a word of its own. */
  mention(text: string): void;
  isEmpty(): boolean;
  /** What is typed and not sent. */
  draft(): { readonly text: string; readonly attachments: Attachment[] };
  focus(): void;
}

const tallest = 240;

/** Creates the {@link Composer}. */
export function createComposer(actions: ComposerActions): Composer {
  let attachments: Attachment[] = [];
  let isRunning = false;
  let isEditing = false;
  let sending = false;
  /** What was typed before an earlier message was to be edited. */
  let aside: { readonly text: string; readonly attachments: readonly Attachment[] } | undefined;

  const field = element("textarea", {
    rows: 1,
    placeholder: words.placeholder,
    "aria-label": words.placeholder,
    "aria-autocomplete": "list",
    spellcheck: "false",
    oninput: () => changed(),
    onkeydown: (event: KeyboardEvent) => onKey(event),
    onpaste: (event: ClipboardEvent) => onPaste(event),
    onblur: () => suggestions.close(),
  });
  const suggestions = createSuggestions(field, actions.complete, written);
  const chips = element("div", { class: "chips", role: "list", "aria-label": words.attached });
  const editing = element(
    "div",
    { class: "editing" },
    icon("edit"),
    element("span", {}, words.editing),
    button(words.cancel, () => cancelEdit(), { id: "cancel-edit" }),
  );
  const mode = button("", actions.chooseMode, { id: "chat-mode", title: words.modeHint });
  const model = button("", actions.chooseModel, { id: "chat-model", title: words.modelHint });
  const send = iconButton("send", words.send, () => void submit());
  const stop = iconButton("debug-stop", words.stop, actions.stop);
  send.dataset.button = "send";
  stop.dataset.button = "stop";
  const root = element(
    "div",
    {
      class: "composer",
      ondragover: (event: DragEvent) => event.preventDefault(),
      ondrop: (event: DragEvent) => onDrop(event),
    },
    editing,
    suggestions.element,
    element("div", { class: "field" }, chips, field),
    element("div", { class: "row" }, mode, model, element("span", { class: "space" }), stop, send),
  );
  editing.hidden = true;
  drawChips();

  function changed(): void {
    written();
    suggestions.refresh();
  }

  function writing(): void {
    actions.writing(field.value, attachments);
  }

  function written(): void {
    writing();
    grow();
  }

  function grow(): void {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, tallest)}px`;
  }

  function onKey(event: KeyboardEvent): void {
    if (suggestions.onKey(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) void submit();
    else if (event.key === "Escape" && isEditing) cancelEdit();
    else if (event.key === "Escape" && isRunning) actions.stop();
    else if (event.key === "ArrowUp" && field.value === "") {
      const last = actions.lastQuestion();
      if (last === undefined) return;
      field.value = last;
      written();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  async function submit(): Promise<void> {
    const text = field.value;
    if (sending || (text.trim() === "" && attachments.length === 0)) return;
    suggestions.close();
    // Mentions are read from the disk first; a second Enter meanwhile must not send twice.
    sending = true;
    try {
      const taken = await actions.submit(text, attachments);
      if (taken && field.value === text) cancelEdit();
    } finally {
      sending = false;
    }
  }

  function onPaste(event: ClipboardEvent): void {
    const images = [...(event.clipboardData?.items ?? [])].filter(({ type }) => type.startsWith("image/"));
    if (images.length === 0 || event.clipboardData?.getData("text/plain")) return;
    event.preventDefault();
    actions.refuse(words.noImages);
  }

  function onDrop(event: DragEvent): void {
    const { dataTransfer } = event;
    if (!dataTransfer) return;
    event.preventDefault();
    event.stopPropagation();
    if ([...dataTransfer.items].some(({ type }) => type.startsWith("image/"))) actions.refuse(words.noImages);
    else void actions.drop(dataTransfer);
  }

  function cancelEdit(): void {
    endEdit();
    actions.cancelEdit();
  }

  function endEdit(): void {
    set(aside?.text ?? "", aside?.attachments ?? []);
    aside = undefined;
  }

  function drawChips(): void {
    chips.hidden = attachments.length === 0;
    replaceChildren(
      chips,
      ...attachments.map((attachment) => {
        const name = attachmentName(attachment);
        const remove = () => {
          attachments = attachments.filter((one) => one !== attachment);
          writing();
          drawChips();
          field.focus();
        };
        return element(
          "span",
          { class: "attachment", role: "listitem", title: name },
          icon("attach"),
          element("span", {}, name),
          iconButton("close", words.detach(name), remove),
        );
      }),
    );
  }

  function set(text: string, given: readonly Attachment[]): void {
    field.value = text;
    attachments = [...given];
    drawChips();
    written();
    suggestions.close();
  }

  return {
    element: root,
    update(view) {
      ({ isRunning, isEditing } = view);
      editing.hidden = !isEditing;
      stop.hidden = !isRunning;
      const label = isRunning ? words.queue : words.send;
      send.title = label;
      send.setAttribute("aria-label", label);
      for (const [control, text] of [
        [mode, view.mode],
        [model, view.model],
      ] as const) {
        const span = control.querySelector("span");
        if (span) span.textContent = text;
        control.hidden = text === "";
      }
    },
    set,
    edit(text, given) {
      aside ??= { text: field.value, attachments };
      set(text, given);
    },
    endEdit,
    attach(attachment) {
      const isSame = (one: Attachment) =>
        one.path === attachment.path && one.from === attachment.from && one.to === attachment.to && one.kind === attachment.kind;
      attachments = [...attachments.filter((one) => !isSame(one)), attachment];
      writing();
      drawChips();
    },
    mention(text) {
      field.value = field.value === "" || /\s$/.test(field.value) ? `${field.value}${text} ` : `${field.value} ${text} `;
      written();
    },
    draft: () => ({ text: field.value, attachments }),
    isEmpty: () => field.value.trim() === "" && attachments.length === 0,
    focus: () => field.focus(),
    dispose: () => suggestions.close(),
  };
}
