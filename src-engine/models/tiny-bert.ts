import { buildGguf, type TinyTensor, type TinyValue } from "./tiny-gguf.ts";

/** A model of vectors with random weights for tests: it loads, and texts that share words are close. */
export function tinyBert(): Buffer {
  const width = 32;
  const inner = 64;
  const context = 64;
  const words = ["the", "function", "adds", "two", "numbers", "returns", "sum", "it", "rained", "all", "night", "add", "of", "in"];
  const letters = [..."abcdefghijklmnopqrstuvwxyz0123456789.,"];
  const marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
  const tokens = [...marks, ...words.map((word) => `▁${word}`), ...letters.map((letter) => `▁${letter}`), ...letters];
  const number = (value: number): TinyValue => ({ type: "number", value });
  const tensors: TinyTensor[] = [
    { name: "token_embd.weight", dimensions: [width, tokens.length] },
    { name: "token_types.weight", dimensions: [width, 2] },
    { name: "position_embd.weight", dimensions: [width, context] },
    ...norm("token_embd_norm", width),
  ];
  const layer = "blk.0";
  for (const name of ["attn_q", "attn_k", "attn_v", "attn_output"]) tensors.push(...linear(`${layer}.${name}`, width, width));
  tensors.push(...linear(`${layer}.ffn_up`, width, inner), ...linear(`${layer}.ffn_down`, inner, width));
  tensors.push(...norm(`${layer}.attn_output_norm`, width), ...norm(`${layer}.layer_output_norm`, width));
  return buildGguf({
    values: [
      ["general.architecture", { type: "text", value: "bert" }],
      ["general.name", { type: "text", value: "Tiny vectors" }],
      ["bert.context_length", number(context)],
      ["bert.embedding_length", number(width)],
      ["bert.feed_forward_length", number(inner)],
      ["bert.block_count", number(1)],
      ["bert.attention.head_count", number(4)],
      ["bert.attention.layer_norm_epsilon", { type: "float", value: 1e-12 }],
      ["bert.attention.causal", { type: "flag", value: false }],
      ["bert.pooling_type", number(1)],
      ["tokenizer.ggml.model", { type: "text", value: "bert" }],
      ["tokenizer.ggml.token_type_count", number(2)],
      ["tokenizer.ggml.tokens", { type: "texts", value: tokens }],
      ["tokenizer.ggml.token_type", { type: "numbers", value: tokens.map((_, index) => (index < marks.length ? 3 : 1)) }],
      ["tokenizer.ggml.padding_token_id", number(0)],
      ["tokenizer.ggml.unknown_token_id", number(1)],
      ["tokenizer.ggml.cls_token_id", number(2)],
      ["tokenizer.ggml.seperator_token_id", number(3)],
      ["tokenizer.ggml.mask_token_id", number(4)],
    ],
    tensors,
  });
}

const linear = (name: string, from: number, to: number): TinyTensor[] => [
  { name: `${name}.weight`, dimensions: [from, to] },
  { name: `${name}.bias`, dimensions: [to] },
];

const norm = (name: string, width: number): TinyTensor[] => [
  { name: `${name}.weight`, dimensions: [width] },
  { name: `${name}.bias`, dimensions: [width] },
];
