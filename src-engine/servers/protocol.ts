import type { ContextChunk, GenerateRequest } from "#core/contracts/inference";
import type { ServerKind } from "#core/contracts/servers";
import type { Exchange } from "./exchange.ts";

/** A model as its server describes it. */
export interface ServerModel {
  readonly name: string;
  readonly bytes?: number;
  /** Billions. */
  readonly parameters?: number;
  readonly quantisation?: string;
  /** Tokens the model takes at most, or those the server has given it. */
  readonly contextLength?: number;
  /** True where the server decides the context, so that asking for more would not help. */
  readonly contextFixed: boolean;
  readonly chats: boolean;
  /** How it fills in the middle: the server lays out the prompt, or we do by the family that the name tells. */
  readonly fills: "server" | "raw" | "none";
}

/** What a server is and has. */
export interface ServerLook {
  readonly kind: ServerKind;
  /** Its name, with its version where it says one. */
  readonly title: string;
  readonly models: readonly ServerModel[];
  /** True where its models are known but it answers nobody without a key. */
  readonly wantsKey?: boolean;
}

/** Messages to be answered. */
export interface ChatQuestion extends Pick<GenerateRequest, "messages" | "temperature" | "maxTokens"> {
  readonly contextSize: number;
}

/** A hole to be filled. */
export interface FillQuestion {
  readonly path: string;
  readonly repository: string | undefined;
  readonly prefix: string;
  readonly suffix: string;
  readonly context: readonly ContextChunk[];
  readonly maxTokens: number;
  readonly contextSize: number;
}

/** A piece of an answer, then its end with what the server counted. */
export type ServerPiece =
  | { readonly type: "text"; readonly text: string; readonly probability?: number }
  | { readonly type: "end"; readonly reason: "end" | "limit"; readonly promptTokens?: number; readonly generated?: number };

/** How one kind of server is spoken to. Failures are UserErrors. */
export interface Protocol {
  /** Undefined when it is another kind of server, or none. */
  look(exchange: Exchange, signal: AbortSignal | undefined): Promise<ServerLook | undefined>;
  chat(exchange: Exchange, model: ServerModel, question: ChatQuestion, signal: AbortSignal): AsyncGenerator<ServerPiece, void, void>;
  fill(exchange: Exchange, model: ServerModel, question: FillQuestion, signal: AbortSignal): AsyncGenerator<ServerPiece, void, void>;
  /** Exact where the server counts; where it does not, callers estimate. */
  countTokens?(exchange: Exchange, text: string, signal: AbortSignal | undefined): Promise<number>;
}

/** Milliseconds without a byte: of a look, while a model may be loading or reading, and while it writes. */
export const silences = { look: 2_000, answer: 300_000, fill: 30_000 } as const;
