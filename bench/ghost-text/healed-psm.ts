import { getLlama, LlamaLogLevel, type Token } from "node-llama-cpp";
import { chooseHealed, unfinishedPiece } from "#core/completion/healing";
import { createStopRules } from "#core/completion/stops";
import { findStopTokens } from "#core/completion/templates";
import { leftOf, type Subject } from "./place.ts";

/** As much text around the cursor as llama-server reads with llama.vim's parameters, in tokens. */
const window = { prefix: 768, suffix: 256 };
const longest = { line: 64, all: 160 };

/**
 * The layout of all other tools, text before, text after, middle, with word healing: what healing alone is worth. Greedy, on a
 * bare sequence. One line ends at its line end; several lines end by our own rules, so that the layout is all that differs.
 */
export async function createHealedPsm(path: string, threads: number): Promise<Subject & { dispose(): Promise<void> }> {
  const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath: path });
  const context = await model.createContext({ contextSize: 2048, batchSize: 512, threads, sequences: 1 });
  const sequence = context.getSequence();
  const tokenizer = (model.fileInfo.metadata as { tokenizer?: { ggml?: { pre?: string } } }).tokenizer?.ggml?.pre ?? "default";
  const tokenize = (text: string): Token[] => (text === "" ? [] : Array.from(model.tokenize(text, false, "trimLeadingSpace")));
  const special = (text: string): Token | undefined => {
    const [token, more] = model.tokenize(text, true);
    return more === undefined && token !== undefined && model.isSpecialToken(token) ? token : undefined;
  };
  const { prefix, suffix, middle } = model.tokens.infill;
  if (prefix === null || suffix === null || middle === null) throw new Error("This model has no tokens to fill in with.");
  const stops = findStopTokens(special);
  const isStop = (token: Token) => stops.has(token) || model.isEogToken(token);
  const [letter] = tokenize("a");
  const texts = new Map<number, string>();
  const textOf = (token: number): string => {
    const known = texts.get(token) ?? model.detokenize([token as Token], false, letter === undefined ? [] : [letter]);
    texts.set(token, known);
    return known;
  };

  /** The next token, the likeliest of all or the likeliest that fits what was taken back. */
  async function next(input: Token[], needed: string): Promise<Token | undefined> {
    // Asking for probabilities sorts the whole vocabulary, which only healing needs.
    if (needed === "") {
      const generator = sequence.evaluate(input, { temperature: 0, yieldEogToken: true });
      const { value } = await generator.next();
      await generator.return?.();
      return value ?? undefined;
    }
    const generator = sequence.evaluateWithMetadata(input, { probabilities: true }, { temperature: 0, yieldEogToken: true });
    const { value } = await generator.next();
    await generator.return?.();
    if (value === undefined) return undefined;
    const candidates = [...value.probabilities].slice(0, 4096).map(([token, probability]) => ({ token, probability }));
    const [chosen] = chooseHealed(
      candidates.filter(({ token }) => !isStop(token)),
      needed,
      textOf,
    );
    return chosen?.token as Token | undefined;
  }

  return {
    async complete(place) {
      const from = performance.now();
      const healed = unfinishedPiece(place.prefix, tokenizer);
      const kept = place.prefix.slice(0, place.prefix.length - healed.length);
      const prompt: Token[] = [
        prefix,
        ...tokenize(kept).slice(-window.prefix),
        suffix,
        ...tokenize(place.suffix.slice(0, 8000)).slice(0, window.suffix),
        middle,
      ];
      await sequence.adaptStateToTokens(prompt.slice(0, -1), false);
      let input = prompt.slice(sequence.nextTokenIndex);
      const evaluated = input.length;
      const shape = place.judged === "line" ? "line" : "block";
      const rules = createStopRules({ shape, prefix: place.prefix, suffix: place.suffix });
      const written: Token[] = [];
      let needed = healed;
      let text = "";
      let note = "limit";
      while (written.length < longest[place.judged]) {
        const token = await next(input, needed);
        if (token === undefined || isStop(token)) {
          note = "end";
          const met = rules.judge(text, true);
          if (met !== undefined) text = text.slice(0, met.keep);
          break;
        }
        const piece = textOf(token);
        needed = piece.startsWith(needed) ? "" : needed.slice(piece.length);
        written.push(token);
        input = [token];
        if (needed !== "") continue;
        text = model.detokenize(written, false, letter === undefined ? [] : [letter]).slice(healed.length);
        const met = rules.judge(text, false);
        if (met === undefined) continue;
        note = met.reason;
        text = text.slice(0, met.keep);
        break;
      }
      return {
        text: place.judged === "all" || leftOf(place.prefix).trim() !== "" ? text.trimEnd() : text,
        takesBack: 0,
        replaces: 0,
        evaluated,
        generated: written.length,
        milliseconds: performance.now() - from,
        note,
      };
    },
    async dispose() {
      await context.dispose();
      await model.dispose();
    },
  };
}
