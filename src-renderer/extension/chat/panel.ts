import { StandaloneServices } from "@codingame/monaco-vscode-api/services";
import { status as say } from "@codingame/monaco-vscode-api/vscode/vs/base/browser/ui/aria/aria";
import { IMarkdownRendererService } from "@codingame/monaco-vscode-api/vscode/vs/platform/markdown/browser/markdownRenderer.service";
import { disposableStack } from "#core/base/disposable";
import { describeError } from "#core/base/errors";
import { mentionText } from "#core/chat/mentions";
import type { AnswerFacts, ChatTurn } from "#core/contracts/chat";
import { element } from "../../pages/dom.ts";
import { windowWorkspace } from "../documents.ts";
import type { Features } from "../features.ts";
import { strings } from "../strings.ts";
import { announceAnswers } from "./announce-answers.ts";
import { askedAgain } from "./another-answer.ts";
import { chatHead } from "./chat-head.ts";
import { citationsOf } from "./cited.ts";
import { completionsAt } from "./completions.ts";
import { createComposer } from "./composer.ts";
import { createConversation } from "./conversation.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { Draft } from "./draft.ts";
import { attachedByHand } from "./draft-attachments.ts";
import { emptyChat } from "./empty-chat.ts";
import { bringBack, createChatKeeper } from "./kept-chat.ts";
import { createModelChoice } from "./model-choice.ts";
import { narrowerDraft } from "./narrower.ts";
import { opinionOffer } from "./opinion-offer.ts";
import { paced } from "./paced.ts";
import { type PanelCommands, runChatCommand } from "./panel-commands.ts";
import type { Panel, PanelOptions } from "./panel-options.ts";
import { openAttachment, openLines, placeDropped } from "./places.ts";
import { createReadingAhead } from "./reading-ahead.ts";
import { createRemembering } from "./remembering.ts";
import { createSubmit } from "./submit.ts";
import { createTurns, type Offer } from "./turns.ts";

const words = strings.chat;

/** Fills the view. */
export function fillPanel(body: HTMLElement, features: Features, options: PanelOptions): Panel {
  const { engine, vscode } = features;
  const { attaching, nameOf } = options;
  const opened = disposableStack();
  let note: string | undefined;
  let editing: ChatTurn | undefined;
  let wasRunning = false;
  /** True once there is no more to bring back that would be written over. */
  let isBack = false;

  // However fast the text comes, it is drawn at most once in a while.
  const { want: schedule } = opened.add(paced(draw, (): number => (conversation.state().running ? 60 : 0)));
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
  const keeper = opened.add(createChatKeeper());
  const remembering = createRemembering({
    ...{ engine, vscode, changed: schedule },
    workspace: () => windowWorkspace(vscode),
    tell: (text) => void tell(text),
  });
  const head = chatHead({ begin: () => void open(), choose: () => void chooseThread("") });
  const turns = createTurns(StandaloneServices.get(IMarkdownRendererService), {
    ...options.code,
    nameOf,
    edit(turn) {
      editing = turn;
      composer.edit(turn.text, attachedByHand(turn));
      composer.focus();
      schedule();
    },
    branch: ({ id }) => void conversation.branch(id).then(() => say(words.branched)),
    cited: (text, attachments) => citationsOf(features, text, attachments),
    openCited: ({ file, from, to }) => void openLines(vscode, vscode.Uri.file(file ?? ""), from, to),
    copyAnswer: (text) => void vscode.env.clipboard.writeText(text).then(() => say(strings.assist.copied)),
    openAttachment: (attachment) => void openAttachment(vscode, attachment),
    openSeen({ id }) {
      const { thread } = conversation.state();
      if (thread) void vscode.commands.executeCommand("localcoder.seen", thread.id, id);
    },
    offerOpinion: () => void commands.offerOpinion(),
    another: () => void another(),
    narrower: narrowerDraft,
    unqueue: (index) => takeBack(conversation.unqueue(index)),
    unhold: (index) => takeBack(conversation.unhold(index)),
    sendHeld(index) {
      const draft = conversation.unhold(index);
      if (draft) conversation.send(draft);
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
      writing(text, attachments) {
        readingAhead.changed(text, attachments);
        keep();
      },
      stop: conversation.stop,
      chooseMode: () => void choice.pickMode(),
      chooseModel: () => void choice.pickModel(),
      complete: (text, cursor) => completionsAt(features, text, cursor),
      drop: attachDropped,
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
  const view = element("div", { class: "localcoder-chat" }, head.element, empty, turns.element, composer.element);
  body.append(view);
  void bringBack(keeper, composer, conversation).finally(() => {
    isBack = true;
    keep();
  });
  // A question that is only brought back is no reason to load a model.
  readingAhead.stop();
  draw();
  void choice.expect();

  function draw(): void {
    const state = conversation.state();
    const { thread, running } = state;
    head.show(thread?.title);
    const isEmpty = !thread && !running && !state.problem && !state.offer && state.held.length === 0 && note === undefined;
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
    keep();
    if (wasRunning && !running) void remembering.look(thread?.id);
    wasRunning = running !== undefined;
  }

  function keep(): void {
    if (!isBack) return;
    keeper.keep({ threadId: conversation.state().threadId, ...composer.draft(), unsent: conversation.unsent() });
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
      if (editing && !conversation.edit(editing.id, draft)) return tell(words.busy);
      if (!editing) conversation.send(draft);
      editing = undefined;
      turns.element.scrollTop = turns.element.scrollHeight;
      return true;
    },
  });

  const commands: PanelCommands = {
    open: () => open(),
    chooseThread,
    branch: () => conversation.branch(),
    handoff: (goal) => conversation.handoff(goal) || tell(words.busy),
    async offerOpinion() {
      if (conversation.state().running) return void tell(words.busy);
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

  /** A message that is not to be sent goes back to where it was typed. */
  function takeBack(draft: Draft | undefined): void {
    if (draft && composer.isEmpty()) composer.set(draft.text, draft.attachments);
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

  async function attachDropped(data: DataTransfer): Promise<void> {
    for (const place of placeDropped(vscode, data)) {
      try {
        const attachment = await attaching.file(place);
        if (attachment) composer.attach(attachment);
      } catch (error) {
        const { message, hint } = describeError(error);
        tell(strings.errors.withHint(message, hint));
      }
    }
  }

  async function another(): Promise<void> {
    const asked = await options.askForAnother();
    const turns = conversation.state().thread?.turns ?? [];
    const question = turns.findLast(({ role }) => role === "user");
    if (asked && question && !conversation.edit(question.id, askedAgain(question, asked))) tell(words.busy);
  }

  async function open(threadId?: string): Promise<void> {
    choice.forget();
    note = undefined;
    if (editing) composer.endEdit();
    editing = undefined;
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
  opened.add({ dispose: turns.dispose });
  return {
    open,
    attach(attachment) {
      if (attachment.kind === "selection") composer.attach({ ...attachment, kind: "range" });
      else if (attachment.kind === "file") composer.mention(mentionText("file", attachment.path));
      else composer.attach(attachment);
      composer.focus();
    },
    ask: (text, attachments) => conversation.send({ text, attachments, ...choice.sent() }),
    async askAgain(threadId, questionId, draft) {
      if (conversation.state().thread?.id !== threadId) await open(threadId);
      if (!conversation.edit(questionId, draft)) tell(words.busy);
    },
    focus: composer.focus,
    dispose: () => opened.dispose(),
  };
}
