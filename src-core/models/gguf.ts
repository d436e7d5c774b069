import { UserError } from "../base/errors.ts";
import { fimTemplates } from "../completion/templates.ts";
import { createGgufCursor, type GgufCursor, type GgufSource } from "./gguf-cursor.ts";
import { repackedTypes, tensorTypes } from "./gguf-types.ts";

/** A value of the header that was kept: numbers, truth values, short texts and short lists of numbers. */
export type GgufValue = number | boolean | string | readonly number[];

/** What the head of a GGUF file says. Nothing in it is trusted: it has been checked against the file's size only. */
export interface GgufHeader {
  readonly version: number;
  readonly values: ReadonlyMap<string, GgufValue>;
  /** Lengths of lists and of texts that were too long to keep, by key. */
  readonly lengths: ReadonlyMap<string, number>;
  /** Those fill-in-the-middle tokens that the vocabulary has, by text. */
  readonly fimTokens: ReadonlySet<string>;
  readonly tensors: number;
  /** Numbers in all tensors of this file. */
  readonly parameters: number;
  /** Tokens the weights have a row for; undefined where the file has no such tensor. */
  readonly embeddedTokens: number | undefined;
  /** Of an adapter: how wide the layers are that it is for; undefined where none of its tensors tells. */
  readonly adaptedWidth: number | undefined;
  /** The whole vocabulary, where it was asked for. */
  readonly tokens: readonly string[] | undefined;
  /** Bytes of the matrices that a processor packs anew when it loads them, beside the copy in the file. */
  readonly repackedBytes: number;
  /** Bytes of the weights of each layer by its number, of the output, and of the tokens' own weights, which serve as output where there is none. */
  readonly layers: { readonly blocks: readonly number[]; readonly output: number; readonly tokens: number };
}

/** Far above every real model and far below what would fill the memory. */
const limits = {
  values: 65_536,
  tensors: 262_144,
  keyBytes: 65_535,
  keptTextBytes: 65_536,
  textBytes: 64 * 2 ** 20,
  listLength: 16 * 2 ** 20,
  keptListLength: 4096,
  keptTokens: 1_000_000,
  headerBytes: 256 * 2 ** 20,
  dimensions: 4,
  tensorNameBytes: 1024,
};

const damagedHint = "Download or copy the file again.";
const text = new TextDecoder();

const watchedTokens: ReadonlyMap<number, ReadonlySet<string>> = (() => {
  const byLength = new Map<number, Set<string>>();
  for (const token of fimTemplates.flatMap((family) => [family.prefix, family.suffix, family.middle ?? []].flat())) {
    const length = new TextEncoder().encode(token).length;
    byLength.set(length, (byLength.get(length) ?? new Set()).add(token));
  }
  return byLength;
})();

/**
 * Reads the head of a GGUF file (versions 2 and 3, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md) in bounded steps:
 * every count and length is checked against a limit and against what is left of the file before anything is read or kept.
 * The texts of the vocabulary are kept only where they are asked for. Throws MODEL_FILE_DAMAGED.
 */
export async function readGgufHeader(source: GgufSource, keep: { readonly tokens: boolean } = { tokens: false }): Promise<GgufHeader> {
  const cursor = createGgufCursor(source, limits.headerBytes);
  const version = await readVersion(source, cursor);
  await cursor.need(16);
  const tensors = cursor.count("tensors", limits.tensors, 24);
  const keyCount = cursor.count("values", limits.values, 13);
  const values = new Map<string, GgufValue>();
  const lengths = new Map<string, number>();
  const fimTokens = new Set<string>();
  const tokens: string[] | undefined = keep.tokens ? [] : undefined;
  for (let index = 0; index < keyCount; index++) {
    const key = await readText(cursor, limits.keyBytes, "the name of a value");
    if (values.has(key) || lengths.has(key)) throw cursor.damaged("a value stands in it twice");
    await cursor.need(4);
    await readValue(cursor, cursor.u32(), key, { values, lengths, fimTokens, tokens });
  }
  const sums = await readTensors(cursor, tensors, values.get("general.alignment"));
  return { version, values, lengths, fimTokens, tensors, tokens, ...sums };
}

async function readVersion(source: GgufSource, cursor: GgufCursor): Promise<number> {
  if (source.size === 0) throw new UserError("MODEL_FILE_DAMAGED", `${source.name} is empty.`, damagedHint);
  const start = text.decode(await source.read(0, Math.min(source.size, 64)));
  if (!start.startsWith("GGUF")) throw new UserError("MODEL_FILE_DAMAGED", `${source.name} ${otherKind(start)}.`, damagedHint);
  await cursor.need(8);
  cursor.skip(4);
  const version = cursor.u32();
  if (version === 2 || version === 3) return version;
  const reason =
    version === 0x0200_0000 || version === 0x0300_0000
      ? "was written for processors of the other byte order"
      : `is of GGUF version ${version}, and only 2 and 3 can be read`;
  throw new UserError("MODEL_FILE_DAMAGED", `${source.name} ${reason}.`, "Choose another file of this model.");
}

/** What a file is instead, as far as its first bytes tell. */
function otherKind(start: string): string {
  if (/^\s*<(!doctype|html|\?xml)/i.test(start)) return "is a web page and not a model";
  if (start.startsWith("version https://git-lfs")) return "is only a pointer to the real file, as Git LFS leaves it";
  if (/^(tjgg|fmgg|lmgg|ggjt|ggmf|ggml)/.test(start)) return "is of an old format from before GGUF";
  return "is not a GGUF model file";
}

interface Found {
  readonly values: Map<string, GgufValue>;
  readonly lengths: Map<string, number>;
  readonly fimTokens: Set<string>;
  readonly tokens: string[] | undefined;
}

/** Bytes of the types of fixed size; 8 is a text and 9 a list. */
const sizes: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 4],
  [5, 4],
  [6, 4],
  [7, 1],
  [10, 8],
  [11, 8],
  [12, 8],
]);

async function readValue(cursor: GgufCursor, type: number, key: string, found: Found): Promise<void> {
  if (type === 8) {
    await cursor.need(8);
    const length = cursor.count("characters", limits.textBytes, 1);
    if (length > limits.keptTextBytes) {
      found.lengths.set(key, length);
      cursor.skip(length);
      return;
    }
    await cursor.need(length);
    found.values.set(key, text.decode(cursor.bytes(length)));
  } else if (type === 9) {
    await readList(cursor, key, found);
  } else {
    const size = sizes.get(type);
    if (size === undefined) throw cursor.damaged(`a value is of the unknown type ${type}`);
    await cursor.need(size);
    found.values.set(key, cursor.scalar(type));
  }
}

async function readList(cursor: GgufCursor, key: string, found: Found): Promise<void> {
  await cursor.need(12);
  const type = cursor.u32();
  if (type === 9) throw cursor.damaged("a list stands in a list");
  const size = type === 8 ? 8 : sizes.get(type);
  if (size === undefined) throw cursor.damaged(`a list is of the unknown type ${type}`);
  const length = cursor.count("entries", limits.listLength, size);
  found.lengths.set(key, length);
  if (type === 8) {
    await readTexts(cursor, length, key === "tokenizer.ggml.tokens" ? found : undefined);
  } else if (length <= limits.keptListLength) {
    await cursor.need(length * size);
    found.values.set(
      key,
      Array.from({ length }, () => Number(cursor.scalar(type))),
    );
  } else {
    cursor.skip(length * size);
  }
}

/** Walks over a list of texts and collects the watched tokens among them. */
async function readTexts(cursor: GgufCursor, count: number, vocabulary: Found | undefined): Promise<void> {
  const kept = count <= limits.keptTokens ? vocabulary?.tokens : undefined;
  for (let index = 0; index < count; index++) {
    if (!cursor.has(8)) await cursor.need(8);
    const length = cursor.count("characters", limits.textBytes, 1);
    const watched = vocabulary && watchedTokens.get(length);
    if ((!watched && !kept) || length > limits.keptTextBytes) {
      cursor.skip(length);
      kept?.push("");
      continue;
    }
    if (!cursor.has(length)) await cursor.need(length);
    const token = text.decode(cursor.bytes(length));
    if (watched?.has(token)) vocabulary?.fimTokens.add(token);
    kept?.push(token);
  }
}

async function readText(cursor: GgufCursor, limit: number, what: string): Promise<string> {
  await cursor.need(8);
  const length = cursor.count(`characters in ${what}`, limit, 1);
  await cursor.need(length);
  return text.decode(cursor.bytes(length));
}

/** Halves of an adapter's tensors that take what a layer is given, and that give what it passes on: both as wide as the model. */
const readsLayer = /\.(attn_[qkv]|ffn_gate|ffn_up)\.weight\.lora_a$/;
const writesLayer = /\.(attn_output|ffn_down)\.weight\.lora_b$/;

/** Adds up the tensors and checks that the file is long enough to hold them. */
async function readTensors(
  cursor: GgufCursor,
  count: number,
  alignment: GgufValue | undefined,
): Promise<Pick<GgufHeader, "parameters" | "embeddedTokens" | "adaptedWidth" | "repackedBytes" | "layers">> {
  const layers = { blocks: [] as number[], output: 0, tokens: 0 };
  let parameters = 0;
  let repackedBytes = 0;
  let embeddedTokens: number | undefined;
  let adaptedWidth: number | undefined;
  let end = 0;
  for (let index = 0; index < count; index++) {
    const name = await readText(cursor, limits.tensorNameBytes, "the name of a tensor");
    await cursor.need(4);
    const dimensions = cursor.u32();
    if (dimensions > limits.dimensions) throw cursor.damaged(`a tensor has ${dimensions} dimensions`);
    await cursor.need(dimensions * 8 + 12);
    let numbers = 1;
    let columns = 1;
    let rows = 1;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      rows = cursor.u64();
      if (dimension === 0) columns = rows;
      numbers *= rows;
    }
    if (name === "token_embd.weight") embeddedTokens = rows;
    if (readsLayer.test(name)) adaptedWidth ??= columns;
    if (writesLayer.test(name)) adaptedWidth ??= rows;
    if (numbers === 0 || name === "") throw cursor.damaged("a tensor in it is empty");
    if (numbers > Number.MAX_SAFE_INTEGER) throw cursor.damaged("a tensor is larger than any file");
    const type = tensorTypes.get(cursor.u32());
    const offset = cursor.u64();
    const bytes = type ? Math.ceil(numbers / type.numbers) * type.bytes : 1;
    parameters += numbers;
    if (dimensions > 1 && type && repackedTypes.has(type.name) && name !== "token_embd.weight") repackedBytes += bytes;
    const block = Number(/^blk\.(\d{1,3})\./.exec(name)?.[1] ?? -1);
    if (block >= 0) layers.blocks[block] = (layers.blocks[block] ?? 0) + bytes;
    else if (name.startsWith("output")) layers.output += bytes;
    else if (name === "token_embd.weight") layers.tokens += bytes;
    end = Math.max(end, offset + bytes);
  }
  const sums = {
    parameters,
    embeddedTokens,
    adaptedWidth,
    repackedBytes,
    layers: { ...layers, blocks: Array.from(layers.blocks, (each) => each ?? 0) },
  };
  if (count === 0) return sums;
  const step = typeof alignment === "number" && alignment > 0 && alignment <= 2 ** 20 ? alignment : 32;
  const expected = Math.ceil(cursor.position() / step) * step + end;
  if (expected > cursor.size) throw cursor.incomplete(expected);
  return sums;
}
