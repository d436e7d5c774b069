import { disposableStack } from "#core/base/disposable";
import type { ContextChoice } from "#core/contracts/assist";
import type { AnswerDetails, Message, SeenPiece, Session, Transcript } from "#core/contracts/sessions";
import type { Chat } from "../extension/chat/chat.ts";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import { formatNumber, strings } from "../extension/strings.ts";
import { button, element, link, redraw, replaceChildren, table } from "./dom.ts";
import { followSession } from "./follow-session.ts";
import type { Page } from "./page.ts";
import { budgetBar, placeOfSource, seenFacts } from "./seen-text.ts";

const words = strings.seen;

/** The kind of sessions that are threads of the chat. */
const chatKind = "chat";

/** How an action is asked once more: where, and with what context. */
export interface AskAgain {
  readonly action: string;
  readonly path: string;
  readonly lines: { readonly from: number; readonly to: number };
  readonly instruction: string;
  readonly context: ContextChoice;
}

/** Who asks again: an action, or the chat. */
export interface Asking {
  readonly action: (request: AskAgain) => Promise<void>;
  readonly chat: Chat["askAgain"];
}

/** Fills the page that shows what the model saw for each answer of a session, or for one, and lets the user change that and ask again. */
export function fillSeenPage(page: Page, features: Features, again: Asking): void {
  page.fillWith((body, id, tab) => {
    tab.setTitle(words.title);
    const [session = "", answer] = id.split(":");
    return fill(body, { session, answer: answer === undefined ? undefined : Number(answer) }, features, again);
  });
  features.own(
    features.vscode.commands.registerCommand("localcoder.seen", (session: unknown, answer: unknown) =>
      page.open(typeof answer === "number" ? `${session}:${answer}` : String(session)),
    ),
  );
}

/** Of which session, and of which of its answers; undefined: of all. */
interface Subject {
  readonly session: string;
  readonly answer: number | undefined;
}

function fill(page: HTMLElement, { session: id, answer: only }: Subject, features: Features, again: Asking) {
  const { engine, vscode } = features;
  const opened = disposableStack();
  const excluded = new Set<string>();
  /** Places as they are shown: a path, or `path:from-to`. */
  let pinned: readonly string[] = [];
  let shown: Transcript | undefined;

  async function load(): Promise<void> {
    try {
      shown = await engine.sessions.show({ id });
    } catch {
      shown = undefined;
    }
    draw();
  }

  function draw(): void {
    if (shown === undefined) {
      replaceChildren(page, element("p", {}, strings.history.gone));
      return;
    }
    const { session, messages } = shown;
    const answers = messages.flatMap((message, index) => (message.details ? [{ ...message, index }] : []));
    redraw(
      page,
      element("h1", {}, words.title),
      element("p", { class: "localcoder-quiet" }, words.intro(session.title)),
      ...(answers.length === 0 ? [element("p", {}, words.unknown)] : []),
      ...answers.flatMap(({ id: message, details, index, context }, number) =>
        details === undefined || (only !== undefined && message !== only)
          ? []
          : [
              ...(answers.length > 1 ? [element("h2", {}, words.answer(number + 1))] : []),
              ...answerParts(details, session, messages.slice(0, index), number === answers.length - 1 && !context?.secondOpinion),
            ],
      ),
    );
  }

  function answerParts(details: AnswerDetails, session: Session, before: readonly Message[], last: boolean): HTMLElement[] {
    const { saw } = details;
    const mayAsk = last && (session.kind === chatKind || (session.path !== undefined && session.lines !== undefined));
    return [
      element("dl", {}, ...seenFacts(details).flatMap(([label, text]) => [element("dt", {}, label), element("dd", {}, text)])),
      ...(saw === undefined
        ? []
        : [
            budgetBar(saw),
            element("h3", {}, words.taken),
            piecesTable(words.taken, saw.taken, session, mayAsk && leaveOut),
            ...(saw.leftOut.length > 0
              ? [element("h3", {}, words.leftOut), piecesTable(words.leftOut, saw.leftOut, session, mayAsk && takeIn)]
              : []),
          ]),
      ...(mayAsk ? [choices(details, session, before)] : []),
      exactPrompt(details, before),
    ];
  }

  function piecesTable(label: string, pieces: readonly SeenPiece[], session: Session, choice: Choice | false): HTMLElement {
    const columns = [words.columns.part, words.columns.place, words.columns.tokens, words.columns.why, ...(choice ? [""] : [])];
    return table(
      label,
      columns,
      pieces.map((piece, index) => row(piece, session, choice, `${label}-${index}`)),
    );
  }

  function row(piece: SeenPiece, session: Session, choice: Choice | false, key: string): HTMLElement {
    const { id: part, name, source, tokens, reason } = piece;
    return element(
      "tr",
      {},
      element("td", {}, name),
      element("td", {}, source === undefined ? "" : link(source, () => void openSource(source, session), strings.requests.open)),
      element("td", { class: "number" }, formatNumber(tokens)),
      element("td", {}, part !== undefined && excluded.has(part) ? words.willBeOut : reason),
      choice && element("td", {}, choice(piece, key)),
    );
  }

  /** For a part that was given to the model: leaves it out next time, or not. */
  function leaveOut({ id: part }: SeenPiece, key: string): HTMLElement | false {
    if (part === undefined) return false;
    const out = excluded.has(part);
    const change = () => {
      if (!excluded.delete(part)) excluded.add(part);
      draw();
    };
    return button(out ? words.takeIn : words.leaveOut, change, { key });
  }

  /** For a part that was left out: shows its place whole next time, or not. */
  function takeIn({ source }: SeenPiece, key: string): HTMLElement | false {
    if (source === undefined) return false;
    const change = () => {
      pinned = pinned.includes(source) ? pinned.filter((each) => each !== source) : [...pinned, source];
      draw();
    };
    return button(pinned.includes(source) ? words.leaveOut : words.takeIn, change, { key });
  }

  function choices(details: AnswerDetails, session: Session, before: readonly Message[]): HTMLElement {
    return element(
      "div",
      { class: "localcoder-bar" },
      button(words.again, () => void askAgain(details, session, before).catch((error: unknown) => showError(vscode, error)), {
        primary: true,
        key: "again",
        id: "again",
      }),
      button(words.pin, () => void pin(), { icon: "pin", key: "pin", id: "pin" }),
      ...pinned.map((path) =>
        button(
          words.unpin(path),
          () => {
            pinned = pinned.filter((each) => each !== path);
            draw();
          },
          { icon: "close", key: `unpin-${path}` },
        ),
      ),
    );
  }

  async function pin(): Promise<void> {
    const files = await vscode.workspace.findFiles("**/*", undefined, 2000);
    const names = files.map((uri) => vscode.workspace.asRelativePath(uri)).sort();
    const chosen = await vscode.window.showQuickPick(names, { title: words.pin, placeHolder: words.pinWhat });
    if (chosen === undefined || pinned.includes(chosen)) return;
    pinned = [...pinned, chosen];
    draw();
  }

  async function askAgain({ instruction = "" }: AnswerDetails, { kind, path, lines }: Session, before: readonly Message[]): Promise<void> {
    const exclude = [...excluded];
    const pin = pinned.map(pinOf);
    const question = before.findLast(({ role }) => role === "user");
    if (kind === chatKind && question !== undefined) {
      const { text, context } = question;
      const asked = { text, attachments: context?.attachments ?? [] };
      await again.chat({ threadId: id, questionId: question.id, question: asked, exclude, pin });
    } else if (path !== undefined && lines !== undefined)
      await again.action({ action: kind, path, lines, instruction, context: { exclude, pin } });
  }

  async function openSource(source: string, { path, workspace }: Session): Promise<void> {
    const place = placeOfSource(source);
    const name = path?.split(/[\\/]/).at(-1);
    const file = place.path === name || workspace === undefined ? path : `${workspace}/${place.path}`;
    if (file === undefined) return;
    try {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
      const range = new vscode.Range(place.from - 1, 0, place.to - 1, Number.MAX_SAFE_INTEGER);
      await vscode.window.showTextDocument(document, { selection: document.validateRange(range) });
    } catch {
      void showError(vscode, new Error(strings.history.missingFile(file)));
    }
  }

  void load();
  opened.add(followSession(features, id, () => void load()));
  return opened;
}

/** What the user can choose for a part in a row of the tables. */
type Choice = (piece: SeenPiece, key: string) => HTMLElement | false;

function pinOf(source: string): ContextChoice["pin"][number] {
  const { path, from, to } = placeOfSource(source);
  return path === source ? { path } : { path, lines: { from, to } };
}

/** The prompt to the letter, behind one click. */
function exactPrompt({ prompt, answerPrefix }: AnswerDetails, before: readonly Message[]): HTMLElement {
  const sent = prompt ?? before.flatMap(({ role, text, context }) => (role === "note" || context?.secondOpinion ? [] : [{ role, text }]));
  return element(
    "details",
    { class: "localcoder-turn" },
    element("summary", {}, words.exact),
    ...sent.flatMap(({ role, text }) => [
      element("h3", {}, strings.history.roles[role]),
      element("pre", { class: "plain localcoder-selectable" }, text),
    ]),
    ...(answerPrefix === ""
      ? []
      : [element("h3", {}, words.prefix), element("pre", { class: "plain localcoder-selectable" }, answerPrefix)]),
  );
}
