import { UserError } from "../base/errors.ts";
import { fimTemplates } from "../completion/templates.ts";
import type { ModelRole } from "../contracts/common.ts";
import type { CatalogueEntry, ModelDimensions, ModelFile } from "../contracts/models.ts";
import type { GgufHeader } from "./gguf.ts";
import { quantisationName } from "./gguf-types.ts";

/** The parts of a model on the disk: one, or all files of a split model in order. */
export interface ModelParts {
  readonly paths: readonly string[];
  readonly bytes: number;
  /** What the model is called when its header names nothing. */
  readonly title: string;
  /** What messages call it: the name of its file, where that means something. */
  readonly label: string;
}

/** What is known of a model from the headers of its parts; throws MODEL_VOCABULARY_ONLY or UNSUPPORTED for what no text can come from. */
export function describeModelFile(parts: ModelParts, headers: readonly GgufHeader[]): ModelFile {
  const head = headers[0];
  if (!head) throw new Error("A model file has at least one header.");
  const kind = string(head, "general.architecture") === "clip" ? "mmproj" : string(head, "general.type");
  if (kind !== undefined && kind !== "model") {
    throw new UserError(
      "UNSUPPORTED",
      `${parts.label} is not a language model but ${kinds.get(kind) ?? `a part of one (${clean(kind)})`}.`,
      "Choose the model's own file.",
    );
  }
  const tensors = headers.reduce((sum, header) => sum + header.tensors, 0);
  if (tensors === 0) {
    throw new UserError(
      "MODEL_VOCABULARY_ONLY",
      `${parts.label} holds a vocabulary and no model.`,
      "Choose a file that holds the weights as well.",
    );
  }
  const architecture = clean(string(head, "general.architecture") ?? "");
  if (architecture === "") {
    throw new UserError("MODEL_FILE_DAMAGED", `${parts.label} does not say what kind of model it is.`, "Download or copy the file again.");
  }
  const parameters = headers.reduce((sum, header) => sum + header.parameters, 0);
  return {
    path: parts.paths[0] ?? "",
    name: clean(string(head, "general.name") ?? "") || parts.title,
    family: clean(string(head, "general.basename") ?? "") || undefined,
    architecture,
    bytes: parts.bytes,
    parameters: Math.round(parameters / 1e6) / 1e3,
    quantisation: quantisationName(head.values.get("general.file_type")),
    contextLength: count(head, `${architecture}.context_length`),
    keyValueBytesPerToken: keyValueBytesPerToken(head, architecture),
    dimensions: dimensionsOf(head, architecture),
    repackedBytes: Math.min(
      headers.reduce((sum, header) => sum + header.repackedBytes, 0),
      parts.bytes,
    ),
    ...layersOf(headers),
    fillInTheMiddle: fimTemplates.some(({ prefix, suffix, middle }) =>
      [prefix, suffix, middle ?? prefix].every((token) => head.fimTokens.has(token)),
    ),
    fillInTokens: [...head.fimTokens],
    chatTemplate: head.values.has("tokenizer.chat_template") || head.lengths.has("tokenizer.chat_template"),
    parts: [...parts.paths],
  };
}

/** The parts of a split model have some layers each; where there is no output of its own, the tokens' weights are copied for it. */
function layersOf(headers: readonly GgufHeader[]): Pick<ModelFile, "layerBytes" | "outputBytes"> {
  const all = headers.map(({ layers }) => layers);
  const sum = (of: (one: GgufHeader["layers"]) => number) => all.reduce((bytes, one) => bytes + of(one), 0);
  const count = Math.max(0, ...all.map(({ blocks }) => blocks.length));
  const output = sum((one) => one.output);
  const tokens = sum((one) => one.tokens);
  return {
    layerBytes: Array.from({ length: count }, (_, block) => sum(({ blocks }) => blocks[block] ?? 0)),
    // Without a matrix of its own there is a norm at most, which is a thousand times smaller.
    outputBytes: output * 100 < tokens ? output + tokens : output,
  };
}

const kinds: ReadonlyMap<string, string> = new Map([
  ["adapter", "an adapter for one (LoRA)"],
  ["mmproj", "the part that sees images for one"],
  ["imatrix", "an aid for making one (importance matrix)"],
  ["vocab", "a vocabulary"],
]);

/** Architectures that give vectors for text and write none. */
const embeddingArchitectures: ReadonlySet<string> = new Set([
  "bert",
  "nomic-bert",
  "nomic-bert-moe",
  "jina-bert-v2",
  "jina-bert-v3",
  "modern-bert",
  "neo-bert",
  "eurobert",
  "gemma-embedding",
]);

/** The roles a file can serve when the catalogue does not name them. */
export function rolesOf(file: ModelFile): ModelRole[] {
  if (embeddingArchitectures.has(file.architecture)) return ["embedding"];
  const roles: ModelRole[] = [];
  if (file.fillInTheMiddle) roles.push("completion");
  if (file.chatTemplate) roles.push("code", "general");
  return roles;
}

/**
 * The catalogue entry a file is a copy of: by its SHA-256 where a tool names files by it, else by file name and size.
 * `sizeSlack` allows for entries whose size is an estimate.
 */
export function matchCatalogue(
  catalogue: readonly CatalogueEntry[],
  file: { readonly fileName: string; readonly bytes: number; readonly sha256?: string },
  sizeSlack = 0.1,
): CatalogueEntry | undefined {
  const byHash = file.sha256 && catalogue.find((entry) => entry.sha256 === file.sha256);
  if (byHash) return byHash;
  const name = file.fileName.toLowerCase();
  return catalogue.find(
    (entry) =>
      // llama.cpp's cache puts the repository before the name.
      (entry.file.toLowerCase() === name || name.endsWith(`_${entry.file.toLowerCase()}`)) &&
      (entry.bytesEstimated ? Math.abs(entry.bytes - file.bytes) <= entry.bytes * sizeSlack : entry.bytes === file.bytes),
  );
}

/** The value of a key, where it is a text. */
export function string(header: GgufHeader, key: string): string | undefined {
  const value = header.values.get(key);
  return typeof value === "string" ? value : undefined;
}

function count(header: GgufHeader, key: string): number | undefined {
  const value = header.values.get(key);
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

/** Far wider than any layer of a real model. */
const widest = 2 ** 20;

/** Keys and values of all layers at 16 bits a number. Sliding windows and recurrent layers need less, so this is the most. */
function keyValueBytesPerToken(header: GgufHeader, architecture: string): number | undefined {
  const layers = count(header, `${architecture}.block_count`);
  const heads = count(header, `${architecture}.attention.head_count`);
  const embedding = count(header, `${architecture}.embedding_length`);
  const perLayer = header.values.get(`${architecture}.attention.head_count_kv`) ?? heads;
  const keyLength = count(header, `${architecture}.attention.key_length`) ?? (embedding && heads ? embedding / heads : undefined);
  const valueLength = count(header, `${architecture}.attention.value_length`) ?? keyLength;
  if (layers === undefined || layers > 10_000 || keyLength === undefined || valueLength === undefined) return undefined;
  const keyValueHeads = typeof perLayer === "number" ? perLayer * layers : Array.isArray(perLayer) ? sum(perLayer.slice(0, layers)) : 0;
  const bytes = Math.round(keyValueHeads * (keyLength + valueLength) * 2);
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined;
}

function dimensionsOf(header: GgufHeader, architecture: string): ModelDimensions | undefined {
  const embedding = count(header, `${architecture}.embedding_length`);
  const feed = header.values.get(`${architecture}.feed_forward_length`);
  // Some architectures have layers of several widths; the widest decides.
  const feedForward = Array.isArray(feed) ? Math.max(...feed) : count(header, `${architecture}.feed_forward_length`);
  const vocabulary = header.lengths.get("tokenizer.ggml.tokens");
  if (!embedding || !feedForward || !vocabulary || ![embedding, feedForward].every((width) => width <= widest)) return undefined;
  return { embedding, feedForward, vocabulary, merges: header.lengths.get("tokenizer.ggml.merges") ?? 0 };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Text from a file or of a file's name, made fit for a line of the interface. */
export function clean(value: string): string {
  return value
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 120);
}
