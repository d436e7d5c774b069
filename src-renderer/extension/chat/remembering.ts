import type * as vscodeApi from "vscode";
import type { MemoryScope } from "#core/contracts/memory";
import type { Engine } from "../../connection.ts";
import { strings } from "../strings.ts";
import type { Offer } from "./turns.ts";

const words = strings.chat.memory;

/** What {@link createRemembering} needs. */
export interface RememberingOptions {
  readonly engine: Pick<Engine, "memory" | "settings">;
  readonly vscode: typeof vscodeApi;
  readonly workspace: () => string | undefined;
  readonly changed: () => void;
  /** Says in the chat what was done. */
  readonly tell: (text: string) => void;
}

/** What the user wants every thread to know: what was said is proposed, and kept only when it is accepted. */
export interface Remembering {
  /** What was said in the thread that is shown and might be worth knowing from now on. */
  offer(): Offer | undefined;
  /** Looks whether a thread says something like that. */
  look(threadId: string | undefined): Promise<void>;
  /** Keeps what the user typed. */
  add(text: string): Promise<void>;
}

/** Creates {@link Remembering}. */
export function createRemembering({ engine, vscode, workspace, changed, tell }: RememberingOptions): Remembering {
  let proposal: { readonly text: string; readonly threadId: string } | undefined;
  let isOn = true;
  let looks = 0;

  async function keep(text: string, scope: MemoryScope): Promise<void> {
    const { path } = await engine.memory.add({ workspace: workspace(), scope, text });
    if (!isOn) await engine.settings.write({ name: "localcoder.memory.enabled", value: true, scope: "user" });
    tell(words.kept(text, vscode.workspace.asRelativePath(path)));
  }

  const scopeHere = (): MemoryScope => (workspace() === undefined ? "user" : "project");

  async function look(threadId: string | undefined): Promise<void> {
    const mine = ++looks;
    proposal = undefined;
    if (threadId === undefined) return;
    const [found, { enabled }] = await Promise.all([
      engine.memory.proposals({ workspace: workspace() }),
      engine.memory.list({ workspace: workspace() }),
    ]).catch(() => [[], { enabled: true }] as const);
    if (mine !== looks) return;
    isOn = enabled;
    const said = found.find(({ sessionId }) => sessionId === threadId);
    proposal = said && { text: said.text, threadId };
    changed();
  }

  /** After one proposal the next one of the thread is offered. */
  async function settle(work: (text: string) => Promise<unknown>): Promise<void> {
    if (!proposal) return;
    const { text, threadId } = proposal;
    proposal = undefined;
    changed();
    await work(text);
    await look(threadId);
  }

  return {
    offer() {
      if (!proposal) return undefined;
      const { text } = proposal;
      const here = scopeHere();
      const accept = (scope: MemoryScope) => () => void settle((said) => keep(said, scope));
      return {
        text: isOn ? words.proposal(text) : words.proposalWhileOff(text),
        choices: [
          ...(here === "project" ? [{ label: words.forProject, id: "remember", isFirst: true, choose: accept("project") }] : []),
          { label: words.forUser, id: "remember-everywhere", isFirst: here === "user", choose: accept("user") },
          { label: words.no, id: "remember-not", choose: () => void settle((said) => engine.memory.dismiss({ text: said })) },
        ],
      };
    },
    look,
    async add(text) {
      isOn = (await engine.memory.list({ workspace: workspace() })).enabled;
      await keep(text, scopeHere());
    },
  };
}

/** Opens a file of what is remembered, to be read and edited; where there is none yet, one that begins with its heading. */
export async function openMemory(
  { engine, vscode }: Pick<RememberingOptions, "engine" | "vscode">,
  workspace: string | undefined,
  scope?: MemoryScope,
): Promise<void> {
  const { files, items, enabled } = await engine.memory.list({ workspace });
  const rows = files.map((file) => ({
    label: words.scopes[file.scope],
    description: words.items(items.filter((item) => item.scope === file.scope).length),
    detail: file.path,
    ...file,
  }));
  const place = enabled ? words.choose : words.chooseWhileOff;
  const chosen = rows.find((row) => row.scope === scope) ?? (await vscode.window.showQuickPick(rows, { placeHolder: place }));
  if (!chosen) return;
  const uri = vscode.Uri.file(chosen.path);
  const isThere = await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  const editor = await vscode.window.showTextDocument(
    await vscode.workspace.openTextDocument(isThere ? uri : uri.with({ scheme: "untitled" })),
  );
  if (!isThere && editor.document.getText() === "")
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), words.template[chosen.scope]));
}
