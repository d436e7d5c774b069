import { createEmitter } from "#core/base/emitter";
import { UserError } from "#core/base/errors";
import { estimateTokens } from "#core/context/budget";
import type { ModelRole } from "#core/contracts/common";
import type { GenerateEvent, InfillResult, Loaded } from "#core/contracts/inference";
import type { ModelState } from "#core/contracts/models";
import type { Settings } from "#core/settings/schema";
import type { Inference, ModelReference } from "./host.ts";
import { createRoleStates } from "./role-states.ts";

/** What stands in for a model in demonstrations: it repeats what it was asked, and says so by its name. */
export const echo: ModelReference = { id: "echo", name: "Echo (no model)", path: "echo:", echo: true };

const nothing = { prompt: 0, reused: 0, evaluated: 0, generated: 0 };

/** Adds the echo to an {@link Inference}: what goes to it never reaches a model. */
export function withEcho(inference: Inference, settings: { current(): Settings }): Inference {
  const own = createRoleStates();
  const states = createEmitter<ModelState>();
  const isOn = () => settings.current()["localcoder.inference.backend"] === "echo";
  inference.states.listen((state) => !isOn() && states.emit(state));
  own.changes.listen((state) => isOn() && states.emit(state));

  function begin(role: ModelRole): ReturnType<typeof own.begin> {
    own.set({ role, model: echo.name, state: "ready", backend: "echo", provider: "stub" });
    return own.begin(role);
  }

  const loaded = (): Loaded => ({
    path: echo.path,
    name: echo.name,
    backend: "echo",
    threads: 0,
    contextSize: settings.current()["localcoder.inference.contextSize"],
    fillInTheMiddle: true,
    bytes: 0,
    tried: [],
    evicted: [],
    needed: 0,
  });

  async function* repeat(text: string, signal: AbortSignal | undefined): AsyncGenerator<GenerateEvent, void, void> {
    const prompt = estimateTokens(text);
    yield { type: "reading", evaluated: prompt, total: prompt };
    const words = text.match(/\s*\S+\s*/g) ?? [];
    for (const word of words) {
      if (signal?.aborted) throw new UserError("STOPPED", "Stopped.");
      yield { type: "text", text: word };
    }
    yield { type: "done", tokens: { ...nothing, prompt, evaluated: prompt, generated: words.length }, stop: "end", tokensPerSecond: 0 };
  }

  return {
    ...inference,
    states,
    current: () => (isOn() ? own.current() : inference.current()),
    ensure: async (model, role, signal) => (model.echo ? loaded() : inference.ensure(model, role, signal)),
    async infill(model, request, signal, onPiece): Promise<InfillResult> {
      if (!model.echo) return inference.infill(model, request, signal, onPiece);
      const finish = begin("completion");
      // The last line with something on it, where the cursor stands on an empty one.
      const lines = request.prefix.split("\n");
      const text = lines.at(-1)?.trim() === "" ? (lines.findLast((line) => line.trim() !== "")?.trim() ?? "") : "";
      const pieces = text === "" ? [] : [{ text, probability: 1 }];
      for (const piece of pieces) onPiece?.(piece);
      finish(undefined);
      const tokens = { ...nothing, prompt: estimateTokens(request.prefix), generated: pieces.length };
      const milliseconds = { waiting: 0, evaluating: 0, generating: 0 };
      return { pieces, written: pieces, doubted: false, ended: true, tokens, stop: "line", alternatives: [], parts: [], milliseconds };
    },
    prepare: async (model, request, signal) => (model.echo ? { evaluated: 0 } : inference.prepare(model, request, signal)),
    async *generate(model, role, request, signal) {
      if (!model.echo) return yield* inference.generate(model, role, request, signal);
      const finish = begin(role);
      try {
        yield* repeat(request.messages.at(-1)?.text ?? "", signal);
      } finally {
        finish(undefined);
      }
    },
    readAhead: async (model, role, request, signal) => (model.echo ? { evaluated: 0 } : inference.readAhead(model, role, request, signal)),
    async embed(model, request, signal) {
      if (model.echo) throw new UserError("NO_MODEL", "The echo gives no vectors.", "Choose a model for search by meaning.");
      return inference.embed(model, request, signal);
    },
    countTokens: async (model, role, text, signal) =>
      model.echo ? estimateTokens(text) : inference.countTokens(model, role, text, signal),
    preload: async (model, role) => (model.echo ? undefined : inference.preload(model, role)),
  };
}
