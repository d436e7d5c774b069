import { StandaloneServices } from "@codingame/monaco-vscode-api/services";
import { status as say } from "@codingame/monaco-vscode-api/vscode/vs/base/browser/ui/aria/aria";
import { IMarkdownRendererService } from "@codingame/monaco-vscode-api/vscode/vs/platform/markdown/browser/markdownRenderer.service";
import { type Disposable, disposableStack } from "#core/base/disposable";
import { describeError } from "#core/base/errors";
import { mentionText } from "#core/chat/mentions";
import type { AnswerFacts, ChatTurn } from "#core/contracts/chat";
import type { Attachment } from "#core/contracts/message-context";
import { element, iconButton } from "../../pages/dom.ts";
import { windowWorkspace } from "../documents.ts";
import type { Features } from "../features.ts";
import { strings } from "../strings.ts";
import { announceAnswers } from "./announce-answers.ts";
import { type Another, askedAgain } from "./another-answer.ts";
import type { Attaching } from "./attachments.ts";
import { citationsOf } from "./cited.ts";
import { completionsAt } from "./completions.ts";
import { createComposer } from "./composer.ts";
import { type ConversationState, createConversation } from "./conversation.ts";
import { attachedByHand } from "./draft-attachments.ts";
import { emptyChat } from "./empty-chat.ts";
import { createModelChoice } from "./model-choice.ts";
import { narrowerDraft } from "./narrower.ts";
import { opinionOffer } from "./opinion-offer.ts";
import { type PanelCommands, runChatCommand } from "./panel-commands.ts";
import { openAttachment, openLines, placeDropped } from "./places.ts";
import { createReadingAhead } from "./reading-ahead.ts";
import { createRemembering } from "./remembering.ts";
import { createSubmit } from "./submit.ts";
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
  /** Asks what is to be different in another answer. */
  readonly askForAnother: () => Promise<Another | undefined>;
  /** Told when another thread is shown. */
  readonly shows: (threadId: string | undefined) => void;
}

/** Fills the view. */
export function fillPanel(body: HTMLElement, features: Features, options: PanelOptions): Panel {
  const { engine, vscode } = features;
  const { attaching, nameOf } = options;
  const opened = disposableStack();
  let note: string | undefined;
  let editing: ChatTurn | undefined;
  let scheduled = 0;
  let wasRunning = false;

  const conversation = opened.add(createConversation({ engine, workspace: () => windowWorkspace(vscode), changed: schedule }));
  const choice = createModelChoice({
    ...{ engine, vscode, lastFacts, nameOf, tell, changed: schedule },
    workspace: () => windowWorkspace(vscode),
    pickModel: options.chooseModel,
    picked: () => composer.focus(),
  });
  const readingAhead = opened.add(
    createReadingAhead({
      ...{ engine, attaching },
      onRead(text) {
        view.dataset.read = text;
      },
      target() {
        const { thread, running } = conversation.state();
        if (running || editing) return undefined;
        return { threadId: thread?.id, workspace: windowWorkspace(vscode), ...choice.sent() };
      },
    }),
  );
  const announce = announceAnswers(say);
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
      composer.set(turn.text, attachedByHand(turn));
      composer.focus();
      schedule();
    },
    branch: ({ id }) => void conversation.branch(id).then(() => say(words.branched)),
    cited: (text, attachments) => citationsOf(features, text, attachments),
    openCited: ({ file, from, to }) => void openLines(vscode, vscode.Uri.file(file ?? ""), from, to),
    copyAnswer: (text) => void copy(text),
    openAttachment: (attachment) => void openAttachment(vscode, attachment),
    openSeen() {
      const { thread } = conversation.state();
      if (thread) void vscode.commands.executeCommand("localcoder.seen", thread.id);
    },
    offerOpinion: () => void commands.offerOpinion(),
    another: () => void another(),
    narrower: narrowerDraft,
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
      submit(text, attachments) {
        note = undefined;
        readingAhead.stop();
        return submit(text, attachments);
      },
      writing: readingAhead.changed,
      stop: conversation.stop,
      chooseMode: () => void choice.pickMode(),
      chooseModel: () => void choice.pickModel(),
      complete: (text, cursor) => completionsAt(features, text, cursor),
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
  const empty = emptyChat((question) => {
    composer.set(question, []);
    composer.focus();
  });
  const view = element("div", { class: "localcoder-chat" }, head, empty, turns.element, composer.element);
  body.append(view);
  draw();
  void choice.expect();

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
    composer.update({
      isRunning: running !== undefined,
      isEditing: editing !== undefined,
      mode: choice.modeText(),
      model: choice.modelText(),
    });
    announce(running?.text);
    if (wasRunning && !running) void remembering.look(thread?.id);
    wasRunning = running !== undefined;
  }

  function offers({ offer, running }: ConversationState): Offer[] {
    if (running) return [];
    return [offer && opinionOffer(offer, nameOf, conversation.answerOffer), remembering.offer()].filter((one) => one !== undefined);
  }

  const submit = createSubmit({
    attaching,
    choice,
    run: (name, rest) => runChatCommand(name, rest, commands),
    tell,
    send(draft) {
      if (editing) conversation.edit(editing.id, draft);
      else conversation.send(draft);
      editing = undefined;
      turns.element.scrollTop = turns.element.scrollHeight;
    },
  });

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
    chooseModel: choice.pickModel,
    chooseMode: choice.pickMode,
    choose: choice.choose,
    status: choice.status,
    tell,
    run: (command) => void vscode.commands.executeCommand(command),
  };

  async function chooseThread(typed: string): Promise<boolean> {
    const threadId = await options.chooseThread(typed);
    if (threadId !== undefined) await open(threadId);
    return threadId !== undefined;
  }

  /** Of the last answer from which the thread goes on. */
  function lastFacts(): AnswerFacts | undefined {
    return conversation.state().thread?.turns.findLast(({ facts, secondOpinion }) => facts && !secondOpinion)?.facts;
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

  async function another(): Promise<void> {
    const asked = await options.askForAnother();
    const turns = conversation.state().thread?.turns ?? [];
    const question = turns.findLast(({ role }) => role === "user");
    if (asked && question) conversation.edit(question.id, askedAgain(question, asked));
  }

  async function copy(text: string): Promise<void> {
    await vscode.env.clipboard.writeText(text);
    say(strings.assist.copied);
  }

  async function open(threadId?: string): Promise<void> {
    choice.forget();
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
    ask: (text, attachments) => conversation.send({ text, attachments, ...choice.sent() }),
    focus: composer.focus,
    threadId: () => conversation.state().thread?.id,
    dispose: () => opened.dispose(),
  };
}
