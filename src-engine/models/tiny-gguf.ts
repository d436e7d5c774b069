/** A value of a GGUF head with its type, for building files in tests. */
export type TinyValue =
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "flag"; readonly value: boolean }
  | { readonly type: "texts"; readonly value: readonly string[] }
  | { readonly type: "numbers"; readonly value: readonly number[] }
  | { readonly type: "floats"; readonly value: readonly number[] };

/** A tensor of 32-bit numbers. */
export interface TinyTensor {
  readonly name: string;
  readonly dimensions: readonly number[];
}

/** Writes a GGUF file of any content, right or wrong: the counts may lie. */
export function buildGguf(options: {
  readonly version?: number;
  readonly values: readonly (readonly [string, TinyValue])[];
  readonly tensors?: readonly TinyTensor[];
  readonly claimedValues?: number;
  readonly claimedTensors?: number;
}): Buffer {
  const { version = 3, values, tensors = [] } = options;
  const data = tensors.map((tensor) => weights(tensor));
  let offset = 0;
  const descriptions = tensors.map((tensor, index) => {
    const head = [text(tensor.name), u32(tensor.dimensions.length), ...tensor.dimensions.map(u64), u32(0), u64(offset)];
    offset += data[index]!.length;
    return Buffer.concat(head);
  });
  const head = Buffer.concat([
    Buffer.from("GGUF"),
    u32(version),
    u64(options.claimedTensors ?? tensors.length),
    u64(options.claimedValues ?? values.length),
    ...values.map(([key, value]) => Buffer.concat([text(key), writeValue(value)])),
    ...descriptions,
  ]);
  return Buffer.concat([padded(head), ...data]);
}

/** What {@link tinyGguf} can vary. */
export interface TinyModel {
  readonly name?: string;
  /** Extra tokens of the vocabulary, for example those for filling in the middle. */
  readonly tokens?: readonly string[];
  readonly chatTemplate?: string;
  readonly contextLength?: number;
  /** False leaves the weights out: a vocabulary only. */
  readonly weights?: boolean;
  /** More values, or other ones under the same keys. */
  readonly values?: readonly (readonly [string, TinyValue])[];
  /** More tensors, which make it larger. */
  readonly tensors?: readonly TinyTensor[];
}

/** A model of some hundred kilobytes with random weights: it loads and writes nonsense. */
export function tinyGguf(model: TinyModel = {}): Buffer {
  const width = 64;
  const inner = 128;
  const layers = 2;
  const heads = 4;
  const tokens = ["<unk>", "<s>", "</s>"];
  const types = [2, 3, 3];
  for (let byte = 0; byte < 256; byte++) tokens.push(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
  while (types.length < tokens.length) types.push(6);
  for (const token of model.tokens ?? []) {
    tokens.push(token);
    types.push(3);
  }
  for (const token of ["▁the", "▁return", "▁const", "▁function", "e", "t", "a", "o", "▁", "n", "(", ")", "{", "}", ";", "="]) {
    tokens.push(token);
    types.push(1);
  }
  while (tokens.length % 32 !== 0) {
    tokens.push(`<pad${tokens.length}>`);
    types.push(5);
  }
  const values = new Map<string, TinyValue>([
    ["general.architecture", { type: "text", value: "llama" }],
    ["general.name", { type: "text", value: model.name ?? "Tiny random" }],
    ["general.file_type", { type: "number", value: 0 }],
    ["llama.context_length", { type: "number", value: model.contextLength ?? 2048 }],
    ["llama.embedding_length", { type: "number", value: width }],
    ["llama.block_count", { type: "number", value: layers }],
    ["llama.feed_forward_length", { type: "number", value: inner }],
    ["llama.attention.head_count", { type: "number", value: heads }],
    ["llama.attention.head_count_kv", { type: "number", value: heads }],
    ["llama.attention.layer_norm_rms_epsilon", { type: "float", value: 1e-5 }],
    ["llama.rope.dimension_count", { type: "number", value: width / heads }],
    ["llama.vocab_size", { type: "number", value: tokens.length }],
    ["tokenizer.ggml.model", { type: "text", value: "llama" }],
    ["tokenizer.ggml.tokens", { type: "texts", value: tokens }],
    ["tokenizer.ggml.scores", { type: "floats", value: tokens.map((_, index) => -index) }],
    ["tokenizer.ggml.token_type", { type: "numbers", value: types }],
    ["tokenizer.ggml.bos_token_id", { type: "number", value: 1 }],
    ["tokenizer.ggml.eos_token_id", { type: "number", value: 2 }],
    ["tokenizer.ggml.unknown_token_id", { type: "number", value: 0 }],
  ]);
  if (model.chatTemplate !== undefined) values.set("tokenizer.chat_template", { type: "text", value: model.chatTemplate });
  for (const [key, value] of model.values ?? []) values.set(key, value);
  return buildGguf({
    values: [...values],
    tensors: model.weights === false ? [] : [...tensorsOf(width, inner, layers, tokens.length), ...(model.tensors ?? [])],
  });
}

/** An adapter for models of the kind and size of the tiny ones, or of others. */
export function tinyAdapter({ architecture = "llama", width = 64, layers = 2 } = {}): Buffer {
  return buildGguf({
    values: [
      ["general.type", { type: "text", value: "adapter" }],
      ["general.architecture", { type: "text", value: architecture }],
      ["general.name", { type: "text", value: "House style" }],
      ["adapter.type", { type: "text", value: "lora" }],
    ],
    tensors: Array.from({ length: layers }, (_, layer) => ({ name: `blk.${layer}.attn_q.weight.lora_a`, dimensions: [width, 4] })),
  });
}

function tensorsOf(width: number, inner: number, layers: number, vocabulary: number): TinyTensor[] {
  const tensors: TinyTensor[] = [
    { name: "token_embd.weight", dimensions: [width, vocabulary] },
    { name: "output_norm.weight", dimensions: [width] },
    { name: "output.weight", dimensions: [width, vocabulary] },
  ];
  const layer: readonly (readonly [string, readonly number[]])[] = [
    ["attn_norm", [width]],
    ["attn_q", [width, width]],
    ["attn_k", [width, width]],
    ["attn_v", [width, width]],
    ["attn_output", [width, width]],
    ["ffn_norm", [width]],
    ["ffn_gate", [width, inner]],
    ["ffn_up", [width, inner]],
    ["ffn_down", [inner, width]],
  ];
  for (let index = 0; index < layers; index++) {
    for (const [name, dimensions] of layer) tensors.push({ name: `blk.${index}.${name}.weight`, dimensions });
  }
  return tensors;
}

/** Norms are ones and the rest small numbers of a fixed pseudo-random row, so that a file is the same each time. */
function weights(tensor: TinyTensor): Buffer {
  const count = tensor.dimensions.reduce((product, dimension) => product * dimension, 1);
  let seed = 42 + tensor.name.length;
  const numbers = Float32Array.from({ length: count }, () => {
    if (tensor.dimensions.length === 1) return 1;
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return (seed / 2 ** 31 - 0.5) * 0.3;
  });
  return padded(Buffer.from(numbers.buffer));
}

function writeValue(value: TinyValue): Buffer {
  switch (value.type) {
    case "text":
      return Buffer.concat([u32(8), text(value.value)]);
    case "number":
      return Buffer.concat([u32(4), u32(value.value)]);
    case "float":
      return Buffer.concat([u32(6), f32(value.value)]);
    case "flag":
      return Buffer.concat([u32(7), Buffer.from([value.value ? 1 : 0])]);
    case "texts":
      return Buffer.concat([u32(9), u32(8), u64(value.value.length), ...value.value.map(text)]);
    case "numbers":
      // Signed, as llama.cpp wants the types of tokens.
      return Buffer.concat([u32(9), u32(5), u64(value.value.length), ...value.value.map(u32)]);
    case "floats":
      return Buffer.concat([u32(9), u32(6), u64(value.value.length), ...value.value.map(f32)]);
  }
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}
