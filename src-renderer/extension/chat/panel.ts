import { StandaloneServices } from "@codingame/monaco-vscode-api/services";
import { status as say } from "@codingame/monaco-vscode-api/vscode/vs/base/browser/ui/aria/aria";
import { IMarkdownRendererService } from "@codingame/monaco-vscode-api/vscode/vs/platform/markdown/browser/markdownRenderer.service";
import { type Disposable, disposableStack } from "#core/base/disposable";
import { describeError } from "#core/base/errors";
import { readCommand } from "#core/chat/commands";
import { mentionsOf, mentionText } from "#core/chat/mentions";
import type { AnswerFacts, ChatTurn, ModeExpectation } from "#core/contracts/chat";
import type { Attachment } from "#core/contracts/message-context";
import { button, element, iconButton, replaceChildren } from "../../pages/dom.ts";
import { createAnnouncer } from "../assist/announce.ts";
import { windowWorkspace } from "../documents.ts";
import type { Features } from "../features.ts";
import { strings } from "../strings.ts";
import type { Attaching } from "./attachments.ts";
import { completionsAt } from "./completions.ts";
import { createComposer } from "./composer.ts";
import { type ConversationState, createConversation, type Draft } from "./conversation.ts";
import { opinionOffer } from "./opinion-offer.ts";
import { type Choice, type PanelCommands, runChatCommand } from "./panel-commands.ts";
import { isFileHere, openAttachment, placeDropped } from "./places.ts";
import { createRemembering } from "./remembering.ts";
import { createTurns, type Offer, type TurnActions } from "./turns.ts";

const words = strings.chat;

/** The chat as its commands see it. */
export interface Panel extends Disposable {
  open(threadId?: string): Promise<void>;
  attach(attachment: Attachment): void;
  /** Sends a question as it is. */
  ask(text: string, attachments: readonly Attachment[]): void;
  focus(): void;
  /** The thread that is shown, for the next start. */
  threadId(): string | undefined;
}

/** What {@link fillPanel} needs beside the features. */
export interface PanelOptions {
  readonly attaching: Attaching;
  readonly code: Pick<TurnActions, "copy" | "insert" | "apply">;
  readonly nameOf: (model: string) => string;
  readonly chooseThread: (words: string) => Promise<string | undefined>;
  readonly chooseModel: () => Promise<string | undefined>;
  /** Told when another thread is shown. */
  readonly shows: (threadId: string | undefined) => void;
}

/** Fills the view. */
export function fillPanel(body: HTMLElement, features: Features, options: PanelOptions): Panel {
  const { engine, vscode } = features;
  const { attaching, nameOf } = options;
  const opened = disposableStack();
  /** What the user chose here since the thread was opened; the engine remembers what was chosen before. */
  let choice: Choice = {};
  let expected: readonly ModeExpectation[] = [];
  let note: string | undefined;
  let editing: ChatTurn | undefined;
  let scheduled = 0;
  let announcer = createAnnouncer(say);
  let announced = "";
  let wasRunning = false;

  const conversation = opened.add(createConversation({ engine, workspace: () => windowWorkspace(vscode), changed: schedule }));
  const remembering = createRemembering({
    ...{ engine, vscode, changed: schedule },
    workspace: () => windowWorkspace(vscode),
    tell: (text) => void tell(text),
  });
  const title = element("span", { class: "title" });
  const head = element(
    "div",
    { class: "head" },
    title,
    iconButton("add", words.newThread, () => void open()),
    iconButton("history", words.threads, () => void chooseThread("")),
  );
  const turns = createTurns(StandaloneServices.get(IMarkdownRendererService), {
    ...options.code,
    nameOf,
    edit(turn) {
      editing = turn;
      const mentioned = mentionsOf(turn.text);
      const isMentioned = ({ kind, path }: Attachment) =>
        mentioned.some(
          (one) =>
            (one.kind === kind || (one.kind === "file" && kind === "range")) &&
            (one.name === "" || path.endsWith(one.name) || one.kind === "symbol"),
        );
      composer.set(
        turn.text,
        turn.attachments.filter((one) => one.kind !== "found" && one.kind !== "memory" && !isMentioned(one)),
      );
      composer.focus();
      schedule();
    },
    branch: ({ id }) => void conversation.branch(id).then(() => say(words.branched)),
    exists: (path) => isFileHere(vscode, path),
    openPlace: (place) => void openAttachment(vscode, { kind: "range", text: "", ...place }),
    copyAnswer: (text) => void copy(text),
    openAttachment: (attachment) => void openAttachment(vscode, attachment),
    openSeen() {
      const { thread } = conversation.state();
      if (thread) void vscode.commands.executeCommand("localcoder.seen", thread.id);
    },
    offerOpinion: () => void commands.offerOpinion(),
    unqueue(index) {
      const draft = conversation.unqueue(index);
      if (draft && composer.isEmpty()) composer.set(draft.text, draft.attachments);
    },
    retry(draft) {
      conversation.dismissProblem();
      conversation.send(draft);
    },
    setUp: () => void vscode.commands.executeCommand("localcoder.setUp"),
  });
  const composer = opened.add(
    createComposer({
      submit,
      stop: conversation.stop,
      chooseMode: () => void chooseMode(),
      chooseModel: () => void chooseModel(),
      complete: (text, cursor) => completionsAt(vscode, text, cursor),
      drop: async (data) => {
        for (const place of placeDropped(vscode, data)) await attachOrTell(() => attaching.file(place));
      },
      refuse: tell,
      cancelEdit() {
        editing = undefined;
        schedule();
      },
      lastQuestion: () => conversation.state().thread?.turns.findLast(({ role }) => role === "user")?.text,
    }),
  );
  const empty = element("div", { class: "empty" });
  const view = element("div", { class: "localcoder-chat" }, head, empty, turns.element, composer.element);
  body.append(view);
  drawEmpty();
  draw();
  void expect();

  /** Draws at most once in a while however fast the text comes. */
  function schedule(): void {
    if (scheduled) return;
    scheduled = window.setTimeout(
      () => {
        scheduled = 0;
        draw();
      },
      conversation.state().running ? 60 : 0,
    );
  }

  function draw(): void {
    const state = conversation.state();
    const { thread, running } = state;
    title.textContent = thread?.title ?? words.newThread;
    const isEmpty = !thread && !running && !state.problem && !state.offer && note === undefined;
    empty.hidden = !isEmpty;
    turns.element.hidden = isEmpty;
    turns.update(state, { offers: offers(state), note });
    composer.update({ isRunning: running !== undefined, isEditing: editing !== undefined, mode: modeText(), model: modelText() });
    announce(running?.text);
    if (wasRunning && !running) void remembering.look(thread?.id);
    wasRunning = running !== undefined;
  }

  function offers({ offer, running }: ConversationState): Offer[] {
    if (running) return [];
    return [offer && opinionOffer(offer, nameOf, conversation.answerOffer), remembering.offer()].filter((one) => one !== undefined);
  }

  /** Reads an answer aloud at the ends of its sentences. */
  function announce(text: string | undefined): void {
    if (text !== undefined) {
      if (announced === "") announcer = createAnnouncer(say);
      announced = text;
      announcer.text(text);
    } else if (announced !== "") {
      announcer.end(announced);
      announced = "";
    }
  }

  function drawEmpty(): void {
    const start = (label: string, text: string) =>
      button(label, () => {
        composer.set(text, []);
        composer.focus();
      });
    replaceChildren(
      empty,
      element("p", {}, words.intro),
      element(
        "div",
        { class: "starts" },
        start(words.starts.explain, "/explain #selection "),
        start(words.starts.project, "@project "),
        start(words.starts.changes, `${words.starts.review} #changes `),
      ),
      element("p", { class: "localcoder-quiet" }, words.hint),
    );
  }

  async function submit(text: string, explicit: readonly Attachment[]): Promise<boolean> {
    note = undefined;
    const command = readCommand(text);
    if (command && !command.command) return tell(words.noCommand(command.name));
    const asked = command ? (command.command?.asks?.(command.rest) ?? command.rest) : text;
    const said = command?.command?.name;
    try {
      if (command?.command && !command.command.asks && !((said === "rush" || said === "smart") && command.rest !== ""))
        return await runChatCommand(command.command.name, command.rest, commands);
      if (said === "rush" || said === "smart") choice = { mode: said };
      const attachments = [...explicit, ...(await attaching.of(text))];
      if (command?.command?.asks && attachments.length === 0) {
        const shown = await attaching.shown();
        if (shown) attachments.push(shown);
      }
      const draft: Draft = { text: asked, attachments: withoutDoubles(attachments), ...chosen() };
      if (editing) conversation.edit(editing.id, draft);
      else conversation.send(draft);
      editing = undefined;
      turns.element.scrollTop = turns.element.scrollHeight;
      return true;
    } catch (error) {
      const { message, hint } = describeError(error);
      return tell(strings.errors.withHint(message, hint));
    }
  }

  /** What is sent of the choice: "auto" is said once, so that the thread forgets what was chosen before. */
  function chosen(): Pick<Draft, "mode" | "model"> {
    const { mode, model } = choice;
    if (model !== undefined) return { model };
    if (mode === "auto") return { model: "auto" };
    return mode === undefined ? {} : { mode };
  }

  const commands: PanelCommands = {
    open: () => open(),
    chooseThread,
    branch: () => conversation.branch(),
    handoff: conversation.handoff,
    async offerOpinion() {
      await conversation.offerOpinion();
      toEnd();
    },
    remember: remembering.add,
    chooseModel,
    chooseMode,
    choose,
    async status() {
      await expect();
      return expected.map((one) => `${words.modes[one.mode]}: ${expectationText(one)}`).join("\n") || words.noModel;
    },
    tell,
    run: (command) => void vscode.commands.executeCommand(command),
  };

  function choose(next: Choice): void {
    choice = next;
    schedule();
  }

  async function expect(): Promise<void> {
    const promptTokens = lastFacts()?.tokens.prompt;
    expected = await engine.chat.expectations({ workspace: windowWorkspace(vscode), promptTokens }).catch(() => []);
    schedule();
  }

  async function chooseMode(): Promise<boolean> {
    await expect();
    const items = expected.map((one) => ({
      label: words.modes[one.mode],
      description: expectationText(one),
      detail: words.modeDetails[one.mode],
      mode: one.mode,
    }));
    if (items.length === 0) return tell(words.noModel);
    const picked = await vscode.window.showQuickPick(items, { placeHolder: words.modeHint });
    if (picked) choose({ mode: picked.mode });
    composer.focus();
    return picked !== undefined;
  }

  async function chooseModel(): Promise<boolean> {
    const model = await options.chooseModel();
    if (model !== undefined) choose(model === "auto" ? { mode: "auto" } : { model });
    composer.focus();
    return model !== undefined;
  }

  async function chooseThread(typed: string): Promise<boolean> {
    const threadId = await options.chooseThread(typed);
    if (threadId !== undefined) await open(threadId);
    return threadId !== undefined;
  }

  function expectationText({ model, place, seconds }: ModeExpectation): string {
    return [nameOf(model), place, seconds === undefined ? words.notMeasured : words.expected(seconds)].join(" · ");
  }

  /** Of the last answer from which the thread goes on. */
  function lastFacts(): AnswerFacts | undefined {
    return conversation.state().thread?.turns.findLast(({ facts, secondOpinion }) => facts && !secondOpinion)?.facts;
  }

  function modeText(): string {
    const asked = choice.model !== undefined ? undefined : choice.mode;
    const before = lastFacts()?.mode;
    return words.modes[asked ?? (choice.model !== undefined ? "auto" : (before ?? "auto"))];
  }

  function modelText(): string {
    if (choice.model !== undefined) return nameOf(choice.model);
    const before = lastFacts()?.model;
    const mode = choice.mode ?? "auto";
    const next = choice.mode === undefined && before !== undefined ? before : expected.find((one) => one.mode === mode)?.model;
    return next === undefined ? "" : nameOf(next);
  }

  /** Shows a line in the chat that nobody but this window keeps. Always false: what was typed stays. */
  function tell(text: string): false {
    note = text;
    schedule();
    say(text);
    turns.element.scrollTop = turns.element.scrollHeight;
    return false;
  }

  /** Shows what comes last, after it was drawn. */
  function toEnd(): void {
    draw();
    turns.element.scrollTop = turns.element.scrollHeight;
  }

  async function attachOrTell(make: () => Promise<Attachment | undefined>): Promise<void> {
    try {
      const attachment = await make();
      if (attachment) composer.attach(attachment);
    } catch (error) {
      const { message, hint } = describeError(error);
      tell(strings.errors.withHint(message, hint));
    }
  }

  async function copy(text: string): Promise<void> {
    await vscode.env.clipboard.writeText(text);
    say(strings.assist.copied);
  }

  async function open(threadId?: string): Promise<void> {
    choice = {};
    note = undefined;
    editing = undefined;
    options.shows(threadId);
    void remembering.look(undefined);
    await conversation.open(threadId);
    turns.element.scrollTop = turns.element.scrollHeight;
    composer.focus();
  }

  // Coloured code refers to the list of colours of the theme in which it was drawn.
  opened.add(
    vscode.window.onDidChangeActiveColorTheme(() => {
      turns.forget();
      draw();
    }),
  );
  opened.add({
    dispose() {
      window.clearTimeout(scheduled);
      turns.dispose();
    },
  });
  return {
    open,
    attach(attachment) {
      if (attachment.kind === "selection") composer.attach({ ...attachment, kind: "range" });
      else if (attachment.kind === "file") composer.mention(mentionText("file", attachment.path));
      else composer.attach(attachment);
      composer.focus();
    },
    ask: (text, attachments) => conversation.send({ text, attachments, ...chosen() }),
    focus: composer.focus,
    threadId: () => conversation.state().thread?.id,
    dispose: () => opened.dispose(),
  };
}

function withoutDoubles(attachments: readonly Attachment[]): Attachment[] {
  const keyOf = ({ kind, path, from, to }: Attachment) => JSON.stringify([kind === "selection" ? "range" : kind, path, from, to]);
  return [...new Map(attachments.map((one) => [keyOf(one), one])).values()];
}
