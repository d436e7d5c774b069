import { describeError } from "#core/base/errors";
import type { NetworkPermit, NetworkQuestion } from "#core/contracts/network";
import type { Features } from "./features.ts";
import { follow } from "./follow.ts";
import { strings } from "./strings.ts";

const words = strings.network;

/** Asks the user where something of ours wants a host that nobody decided about; only the window that has the focus asks. */
export function askAboutHosts({ engine, vscode, own }: Features): void {
  const shown = new Set<number>();
  let waiting: NetworkQuestion[] = [];

  async function ask({ id, host, port, purpose }: NetworkQuestion): Promise<void> {
    shown.add(id);
    const place = port === undefined || port === 443 ? host : `${host}:${port}`;
    const chosen = await vscode.window.showWarningMessage(
      words.question(place, words.purposes[purpose]),
      { modal: true, detail: words.questionDetail },
      words.allow,
      words.once,
      words.never,
    );
    const answers = { [words.allow]: "always", [words.once]: "once", [words.never]: "never" } as const;
    await engine.network.answer({ id, answer: answers[chosen as keyof typeof answers] ?? "not-now" });
  }

  function take(question: NetworkQuestion): void {
    if (shown.has(question.id)) return;
    if (document.hasFocus()) void ask(question);
    else waiting.push(question);
  }

  // Where another window has answered by then, the answer of this one counts for nothing.
  const onFocus = () => {
    const questions = waiting;
    waiting = [];
    for (const question of questions) take(question);
  };
  window.addEventListener("focus", onFocus);
  own({ dispose: () => window.removeEventListener("focus", onFocus) });
  own(follow((signal) => engine.network.questions(undefined, { signal }), take));
}

/** Does what needs the permission for a host, after a question where there is none yet; undefined when that was refused. */
export async function withPermit<T>(
  { vscode, engine }: Features,
  { host, purpose }: Pick<NetworkQuestion, "host" | "purpose">,
  run: (permit: NetworkPermit) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await run(false);
  } catch (error) {
    const { code, message, hint } = describeError(error);
    if (code !== "NO_PERMISSION") throw error;
    const options = { modal: true, detail: hint };
    const answer = await vscode.window.showWarningMessage(message, options, words.allow, words.once, words.never);
    if (answer === words.never) await engine.network.forbid({ host, purpose });
    if (answer === words.allow) return run(true);
    return answer === words.once ? run("once") : undefined;
  }
}
