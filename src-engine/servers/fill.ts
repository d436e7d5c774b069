import { UserError } from "#core/base/errors";
import type { Piece } from "#core/completion/confidence";
import { holeLimits } from "#core/completion/hole";
import { createWriting, type Written } from "#core/completion/writing";
import { estimateTokens } from "#core/context/budget";
import type { ContextChunk, InfillRequest, InfillResult } from "#core/contracts/inference";
import type { FillQuestion } from "./protocol.ts";
import type { ServedModel } from "./servers.ts";

/** Characters for a token, so that limits in tokens become limits of text. */
const charactersPerToken = 3;

/** Fills a hole on a server and ends it by the same rules as here, at once: what the server would write on is not waited for. */
export async function fillOnServer(
  served: ServedModel,
  request: InfillRequest,
  contextSize: number,
  signal: AbortSignal | undefined,
  onPiece: (piece: Piece) => void = () => {},
): Promise<{ readonly result: InfillResult; readonly prompt: string }> {
  const { model, protocol, exchange } = served;
  if (model.fills === "none") {
    throw new UserError("NO_FIM_TOKENS", `${model.name} cannot fill in code on its server.`, "Choose a coder model for ghost text.");
  }
  const { shape, thresholds, maxTokens, blockMilliseconds } = request;
  const question = questionOf(request, contextSize);
  const { prefix, suffix } = request;
  const writing = shape === "ahead" ? undefined : createWriting({ shape, prefix, suffix, thresholds, maxTokens });
  const written: Piece[] = [];
  const from = performance.now();
  let began: number | undefined;
  let firstLine: number | undefined;
  let text = "";
  let end: { readonly reason: "end" | "limit"; readonly promptTokens?: number; readonly generated?: number } | undefined;
  let result: Written | undefined;

  const ending = new AbortController();
  const stopping = signal ? AbortSignal.any([signal, ending.signal]) : ending.signal;
  try {
    for await (const next of protocol.fill(exchange, model, question, stopping)) {
      if (next.type === "end") {
        end = next;
        break;
      }
      began ??= performance.now();
      const piece = { text: next.text.replaceAll("\r", ""), probability: next.probability ?? 1 };
      written.push(piece);
      onPiece(piece);
      text += piece.text;
      result = writing?.push(piece);
      if (result) break;
      if (firstLine === undefined && text.trimStart().includes("\n")) firstLine = performance.now();
      const late = firstLine !== undefined && performance.now() - firstLine > blockMilliseconds;
      if (late && piece.text.includes("\n")) result = writing?.end("time");
      if (result) break;
    }
  } finally {
    ending.abort();
  }
  const ended = end?.reason === "end";
  result ??= end?.reason === "limit" ? { pieces: written, stop: "limit", doubted: false } : writing?.end("end");
  const { pieces, doubted, stop } = result ?? { pieces: written, doubted: false, stop: "end" as const };
  const now = performance.now();
  const generating = began === undefined ? 0 : now - began;
  const sent = [...question.context.map((chunk) => chunk.text), question.prefix, question.suffix].join("\n");
  const prompt = end?.promptTokens ?? estimateTokens(sent);
  const generated = end?.generated ?? written.length;
  return {
    prompt: end?.promptTokens === undefined ? "" : sent,
    result: {
      pieces: [...pieces],
      written,
      doubted,
      ended,
      tokens: { prompt, reused: 0, evaluated: prompt, generated },
      stop,
      alternatives: [],
      parts: [
        ...question.context.map((chunk) => ({ name: "context" as const, label: chunk.path, tokens: estimateTokens(chunk.text) })),
        { name: "window", label: "", tokens: estimateTokens(question.prefix) },
        { name: "suffix", label: "", tokens: estimateTokens(question.suffix) },
      ],
      ...(generated > 3 && generating > 0 ? { tokensPerSecond: (generated * 1000) / generating } : {}),
      milliseconds: { waiting: 0, evaluating: (began ?? now) - from, generating },
    },
  };
}

/** As much of the document as a card would read here, and no more than the server's context takes. */
function questionOf({ path, repository, prefix, suffix, context = [], maxTokens }: InfillRequest, contextSize: number): FillQuestion {
  const room = Math.max(256, contextSize - maxTokens) * charactersPerToken;
  const before = Math.min(holeLimits.gpu.window * charactersPerToken, Math.floor(room * 0.5));
  const after = Math.min(holeLimits.gpu.suffix * charactersPerToken, Math.floor(room * 0.2));
  const others = Math.min(holeLimits.gpu.context * charactersPerToken, Math.floor(room * 0.2));
  return {
    path,
    repository,
    prefix: fromLineStart(prefix, before),
    suffix: toLineEnd(suffix, after),
    context: newest(context, others),
    maxTokens,
    contextSize,
  };
}

function fromLineStart(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(-most);
  const line = kept.indexOf("\n");
  return line < 0 ? kept.replace(/^[\uDC00-\uDFFF]/, "") : kept.slice(line + 1);
}

function toLineEnd(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most);
  const line = kept.lastIndexOf("\n");
  return line < 0 ? kept.replace(/[\uD800-\uDBFF]$/, "") : kept.slice(0, line + 1);
}

function newest(context: readonly ContextChunk[], most: number): ContextChunk[] {
  const kept: ContextChunk[] = [];
  let left = most;
  for (const chunk of [...context].reverse()) {
    left -= chunk.text.length + chunk.path.length;
    if (left < 0) break;
    kept.unshift(chunk);
  }
  return kept;
}
