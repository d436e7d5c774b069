import { constants, setPriority } from "node:os";
import { type ChatHistoryItem, getLlama, LlamaCompletion, LlamaLogLevel, resolveChatWrapper, type Token } from "node-llama-cpp";

// node-llama-cpp alone in a process of its own: the other side of our figures. It gets one message at a time and answers
// with milliseconds.

/** What the bare process is asked. */
export type BareRequest =
  | { readonly type: "load"; readonly path: string; readonly threads: number; readonly contextSize: number }
  | { readonly type: "decode"; readonly messages: readonly BareMessage[]; readonly tokens: number }
  | { readonly type: "prefill"; readonly text: string; readonly slice: number }
  | { readonly type: "infill"; readonly prefix: string; readonly suffix: string; readonly tokens: number };

/** A message of a conversation. */
export interface BareMessage {
  readonly role: "system" | "user";
  readonly text: string;
}

/** What it answers. */
export interface BareAnswer {
  readonly milliseconds: number;
  readonly tokens: number;
  /** Milliseconds of each token that was written. */
  readonly each?: readonly number[];
  readonly text?: string;
}

setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.error });
let answer: (request: BareRequest) => Promise<BareAnswer> = async () => {
  throw new Error("Load a model first.");
};

async function load({ path, threads, contextSize }: Extract<BareRequest, { type: "load" }>): Promise<BareAnswer> {
  const from = performance.now();
  const model = await llama.loadModel({ modelPath: path });
  const context = await model.createContext({ contextSize, threads, sequences: 2 });
  const sequence = context.getSequence();
  const infillSequence = context.getSequence();
  const completion = new LlamaCompletion({ contextSequence: infillSequence });
  const chat = resolveChatWrapper(model, { warningLogs: false });
  const render = (messages: readonly BareMessage[]): Token[] => {
    const asked = messages.map(({ role, text }): ChatHistoryItem => ({ type: role, text }));
    const { contextText } = chat.generateContextState({ chatHistory: [...asked, { type: "model", response: [] }] });
    return contextText.tokenize(model.tokenizer);
  };
  answer = async (request) => {
    if (request.type === "decode") {
      await sequence.clearHistory();
      const tokens = render(request.messages);
      const generator = sequence.evaluate(tokens, { temperature: 0, yieldEogToken: true });
      await generator.next();
      const each: number[] = [];
      let before = performance.now();
      const began = before;
      for (let count = 0; count < request.tokens; count += 1) {
        await generator.next();
        const now = performance.now();
        each.push(now - before);
        before = now;
      }
      await generator.return();
      return { milliseconds: before - began, tokens: request.tokens, each };
    }
    if (request.type === "prefill") {
      await sequence.clearHistory();
      const tokens: Token[] = Array.from(model.tokenize(request.text));
      const began = performance.now();
      let at = 0;
      for (; tokens.length - at > request.slice; at += request.slice)
        await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, at + request.slice));
      const generator = sequence.evaluate(tokens.slice(at), { temperature: 0, yieldEogToken: true });
      await generator.next();
      const milliseconds = performance.now() - began;
      await generator.return();
      return { milliseconds, tokens: tokens.length };
    }
    if (request.type === "infill") {
      const began = performance.now();
      const before = infillSequence.tokenMeter.usedInputTokens;
      const text = await completion.generateInfillCompletion(request.prefix, request.suffix, {
        maxTokens: request.tokens,
        temperature: 0,
        repeatPenalty: false,
        customStopTriggers: ["\n"],
      });
      return {
        milliseconds: performance.now() - began,
        tokens: infillSequence.tokenMeter.usedInputTokens - before,
        text: text.split("\n")[0] ?? "",
      };
    }
    throw new Error("A model is loaded already.");
  };
  return { milliseconds: performance.now() - from, tokens: 0 };
}

process.on("message", (request: BareRequest) => {
  const work = request.type === "load" ? load(request) : answer(request);
  work.then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));
