import { createEmitter } from "#core/base/emitter";
import { UserError } from "#core/base/errors";
import { createAnswerText } from "#core/completion/answer-text";
import { estimateTokens } from "#core/context/budget";
import type { ModelRole, Provider, StopReason } from "#core/contracts/common";
import type { GenerateEvent, GenerateRequest, InfillRequest, InfillResult, Loaded } from "#core/contracts/inference";
import type { ModelState } from "#core/contracts/models";
import type { Settings } from "#core/settings/schema";
import type { Inference, ModelReference } from "../inference/host.ts";
import { createRoleStates } from "../inference/role-states.ts";
import { withoutFence } from "./fence.ts";
import { fillOnServer } from "./fill.ts";
import { cutPrompt } from "./prompt-cut.ts";
import type { ServedModel } from "./servers.ts";

/** What runs a model, for the badge of its answers. */
export function providerOf({ served, echo }: ModelReference): Provider {
  if (echo) return "stub";
  if (!served) return "local-llama";
  return served.here && served.kind === "ollama" ? "ollama-local" : "server";
}

/** The context a server is asked for: as the settings say, and no more than model and server take. */
function contextSizeOf({ model }: ServedModel, wanted: number): number {
  const { contextLength } = model;
  if (contextLength === undefined) return wanted;
  return model.contextFixed ? contextLength : Math.min(wanted, contextLength);
}

/** Adds models on servers to an {@link Inference}: whoever asks need not know where a model runs. */
export function withServers(inference: Inference, settings: { current(): Settings }): Inference {
  const own = createRoleStates();
  const states = createEmitter<ModelState>();
  /** Who answered last for a role. */
  const last = new Map<ModelRole, "file" | "server">();
  inference.states.listen((state) => {
    if (last.get(state.role) !== "server") states.emit(state);
  });
  own.changes.listen((state) => {
    if (last.get(state.role) === "server") states.emit(state);
  });

  function takes(role: ModelRole, model: ModelReference): ServedModel | undefined {
    last.set(role, model.served ? "server" : "file");
    return model.served;
  }

  /** Runs with the state of the role around it. */
  function begin(role: ModelRole, model: ModelReference, served: ServedModel): ReturnType<typeof own.begin> {
    own.uses(role, model.path);
    own.set({ role, model: model.name, state: "ready", backend: served.title, provider: providerOf(model) });
    return own.begin(role);
  }

  function fail(role: ModelRole, model: ModelReference, error: unknown): never {
    const failure = error instanceof UserError ? error : new UserError("SERVER_FAILED", `${model.name} could not be asked.`, "Try again.");
    if (failure.code !== "STOPPED")
      own.set({ role, model: model.name, state: "failed", provider: providerOf(model), reason: failure.message });
    throw failure;
  }

  const contextSize = (served: ServedModel) => contextSizeOf(served, settings.current()["localcoder.inference.contextSize"]);

  function loadedOf(model: ModelReference, served: ServedModel): Loaded {
    return {
      path: model.path,
      name: model.name,
      backend: served.title,
      threads: 0,
      contextSize: contextSize(served),
      fillInTheMiddle: served.model.fills !== "none",
      bytes: served.model.bytes ?? 0,
      tried: [],
      evicted: [],
      needed: 0,
    };
  }

  async function* answer(served: ServedModel, request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent, number, void> {
    const size = contextSize(served);
    const text = request.messages.map((message) => message.text).join("\n");
    const estimated = estimateTokens(text);
    yield { type: "reading", evaluated: 0, total: estimated };
    const words = createAnswerText(request.stops ?? [], text, request.answerPrefix);
    const unfenced = withoutFence(request.answerPrefix ?? "");
    let said = "";
    let generated = 0;
    let began = 0;
    let stop: StopReason | undefined;
    let counted: { readonly prompt?: number; readonly generated?: number } = {};
    for await (const piece of served.protocol.chat(served.exchange, served.model, { ...request, contextSize: size }, signal)) {
      if (piece.type === "end") {
        counted = { prompt: piece.promptTokens, generated: piece.generated };
        stop = piece.reason;
        continue;
      }
      if (began === 0) began = performance.now();
      generated += 1;
      const { text: shown, stopped } = words.push(unfenced.push(piece.text));
      if (shown !== "") yield { type: "text", text: shown };
      said += shown;
      stop = stopped;
      // Leaving the loop ends the connection, and the server's work.
      if (stopped !== undefined) break;
    }
    const { text: held } = words.push(unfenced.rest());
    const rest = held + words.finish(stop);
    if (rest !== "") yield { type: "text", text: rest };
    said += rest;
    const cut = cutPrompt(served, text, counted.prompt);
    if (cut) yield { type: "notice", code: cut.code, message: cut.message, hint: cut.hint };
    const tokens = {
      prompt: counted.prompt ?? estimated,
      reused: 0,
      evaluated: counted.prompt ?? estimated,
      generated: counted.generated ?? generated,
    };
    const seconds = (performance.now() - began) / 1000;
    const tokensPerSecond = tokens.generated > 1 && began > 0 && seconds > 0 ? (tokens.generated - 1) / seconds : 0;
    const chances = request.choices?.map((choice) => (said.trimStart().toLowerCase().startsWith(choice.toLowerCase()) ? 1 : 0));
    yield { type: "done", tokens, stop: stop ?? "end", tokensPerSecond, ...(chances && { chances }) };
    return tokensPerSecond;
  }

  return {
    states,
    current: () => [
      ...inference.current().filter(({ role }) => last.get(role) !== "server"),
      ...own.current().filter(({ role }) => last.get(role) === "server"),
    ],

    async ensure(model, role, signal) {
      const served = takes(role, model);
      return served ? loadedOf(model, served) : inference.ensure(model, role, signal);
    },

    async infill(model, request, signal, onPiece): Promise<InfillResult> {
      const served = takes("completion", model);
      if (!served) return inference.infill(model, request, signal, onPiece);
      // Writing ahead costs others their turn at a server; a file does that better.
      if (request.shape === "ahead") return nothingWritten;
      const finish = begin("completion", model, served);
      try {
        const { result, prompt } = await fillOnServer(served, request, contextSize(served), signal, onPiece);
        finish(result.tokensPerSecond);
        const cut = cutPrompt(served, prompt, result.tokens.prompt);
        if (cut) own.update(model.path, { state: "ready", reason: cut.message });
        return result;
      } catch (error) {
        finish(undefined);
        return fail("completion", model, signal?.aborted ? new UserError("STOPPED", "Stopped.") : error);
      }
    },

    async prepare(model, request: InfillRequest, signal) {
      // Nothing is read ahead on a server, whose memory others share.
      return takes("completion", model) ? { evaluated: 0 } : inference.prepare(model, request, signal);
    },

    async *generate(model, role, request, signal) {
      const served = takes(role, model);
      if (!served) {
        yield* inference.generate(model, role, request, signal);
        return;
      }
      const finish = begin(role, model, served);
      const ending = new AbortController();
      const stopping = signal ? AbortSignal.any([signal, ending.signal]) : ending.signal;
      let speed: number | undefined;
      try {
        speed = yield* answer(served, request, stopping);
      } catch (error) {
        fail(role, model, signal?.aborted ? new UserError("STOPPED", "Stopped.") : error);
      } finally {
        ending.abort();
        finish(speed);
      }
    },

    async embed(model, request, signal) {
      if (!takes("embedding", model)) return inference.embed(model, request, signal);
      throw new UserError("UNSUPPORTED", `${model.name} gives no vectors.`, "Choose a model file for search by meaning.");
    },

    async countTokens(model, role, text, signal) {
      const served = takes(role, model);
      if (!served) return inference.countTokens(model, role, text, signal);
      const { protocol, exchange } = served;
      const counted = await protocol.countTokens?.(exchange, text, signal).catch(() => undefined);
      return counted ?? estimateTokens(text);
    },

    // A server loads by itself.
    readAhead: async (model, role, request, signal) =>
      model.served ? { evaluated: 0 } : inference.readAhead(model, role, request, signal),
    preload: async (model, role) => (model.served ? undefined : inference.preload(model, role)),
    forgive: (path) => inference.forgive(path),
    inMemory: () => inference.inMemory(),
    unload: (path) => inference.unload(path),
    backends: () => inference.backends(),
    dispose: () => inference.dispose(),
  };
}

const nothingWritten: InfillResult = {
  pieces: [],
  written: [],
  doubted: false,
  ended: false,
  tokens: { prompt: 0, reused: 0, evaluated: 0, generated: 0 },
  stop: "stopped",
  alternatives: [],
  parts: [],
  milliseconds: { waiting: 0, evaluating: 0, generating: 0 },
};
