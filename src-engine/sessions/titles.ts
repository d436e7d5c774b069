import { type Disposable, toDisposable } from "#core/base/disposable";
import { titleIn, titlePrompt } from "#core/history/title";
import type { Settings } from "#core/settings/schema";
import type { Inference, ModelReference } from "#engine/inference/host";
import type { Sessions } from "./sessions.ts";

/** What {@link createTitles} needs. */
export interface TitlesOptions {
  readonly sessions: Pick<Sessions, "changes" | "show" | "isNamed" | "nameByModel">;
  readonly inference: Pick<Inference, "generate" | "inMemory" | "current">;
  readonly models: {
    list(glance?: boolean): Promise<readonly { readonly id: string; readonly name: string; readonly state: string }[]>;
    reference(id: string): Promise<ModelReference>;
  };
  readonly settings: { current(workspace?: string): Pick<Settings, "localcoder.history.titles"> };
  /** Milliseconds without any change of the history after which nobody is waiting for the model. */
  readonly rest?: number;
}

/**
 * Names threads when nothing else is to be done: by the model that answered, and only while it is in memory. Until then, and where
 * what it writes is no title, the beginning of the question is the name.
 */
export function createTitles({ sessions, inference, models, settings, rest = 20_000 }: TitlesOptions): Disposable {
  const waiting = new Set<string>();
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const listening = sessions.changes.listen(({ id, change }) => {
    if (change === "removed") waiting.delete(id);
    else waiting.add(id);
    clearTimeout(timer);
    timer = setTimeout(() => void nameNext(), rest);
    timer.unref();
  });

  async function nameNext(): Promise<void> {
    const [id] = waiting;
    if (id === undefined || stop.signal.aborted) return;
    waiting.delete(id);
    // Whoever asks meanwhile goes first; this one is not tried again before it is changed.
    if (!inference.current().some(({ state }) => state === "busy")) await name(id).catch(() => {});
    if (waiting.size === 0) return;
    timer = setTimeout(() => void nameNext(), rest / 10);
    timer.unref();
  }

  async function name(id: string): Promise<void> {
    if (sessions.isNamed(id)) return;
    const { session, messages } = sessions.show(id);
    if (session.kind !== "chat" || session.state === "running") return;
    if (!settings.current(session.workspace)["localcoder.history.titles"]) return;
    const prompt = titlePrompt(messages);
    const found = (await models.list(true)).find((model) => model.state === "ready" && model.name === session.model);
    if (prompt === undefined || !found) return;
    const model = await models.reference(found.id);
    if (!inference.inMemory().has(model.path)) return;
    let written = "";
    const asked = { messages: [{ role: "user" as const, text: prompt }], temperature: 0, maxTokens: 20, priority: "background" as const };
    for await (const event of inference.generate(model, "general", asked, stop.signal)) if (event.type === "text") written += event.text;
    const title = titleIn(written, messages);
    if (title !== undefined) sessions.nameByModel(id, title);
  }

  return toDisposable(() => {
    clearTimeout(timer);
    listening.dispose();
    stop.abort();
  });
}
