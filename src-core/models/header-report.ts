import { fimTemplates } from "../completion/templates.ts";
import type { ModelHeader } from "../contracts/models.ts";
import type { GgufHeader, GgufValue } from "./gguf.ts";
import { clean } from "./model-file.ts";

/** Longer texts of a head are cut for a table. */
const longestText = 200;

/** Everything a head says, as it is shown to somebody who looks into a file: values, template, special tokens, and a check of the vocabulary. */
export function reportHeader(header: GgufHeader): Omit<ModelHeader, "adapters"> {
  const template = header.values.get("tokenizer.chat_template");
  return {
    version: header.version,
    tensors: header.tensors,
    values: valuesOf(header),
    template: typeof template === "string" ? template : undefined,
    specialTokens: specialTokensOf(header),
    checks: checksOf(header, typeof template === "string" ? template : undefined),
  };
}

function valuesOf({ values, lengths }: GgufHeader): ModelHeader["values"] {
  const kept = [...values].map(([key, value]) => ({ key: clean(key), text: textOf(value, lengths.get(key)) }));
  const long = [...lengths].filter(([key]) => !values.has(key)).map(([key, length]) => ({ key: clean(key), text: `${length} entries` }));
  return [...kept, ...long].sort((one, other) => (one.key < other.key ? -1 : 1));
}

function textOf(value: GgufValue, length: number | undefined): string {
  if (typeof value === "object") return `${length ?? value.length} entries`;
  const text = String(value);
  return text.length > longestText ? `${clean(text.slice(0, longestText))}…` : clean(text);
}

/** Keys like `tokenizer.ggml.bos_token_id`, each with the text of its token. */
function specialTokensOf({ values, tokens }: GgufHeader): ModelHeader["specialTokens"] {
  return [...values].flatMap(([key, id]) => {
    const name = /^tokenizer\.ggml\.(\w+)_token_id$/.exec(key)?.[1];
    return name === undefined || typeof id !== "number" ? [] : [{ name: name.replaceAll("_", " "), id, text: tokens?.[id] }];
  });
}

function checksOf(header: GgufHeader, template: string | undefined): ModelHeader["checks"] {
  const { tokens, embeddedTokens, lengths } = header;
  const count = lengths.get("tokenizer.ggml.tokens");
  if (count === undefined) return [{ passed: false, text: "The file has no vocabulary." }];
  const checks: ModelHeader["checks"] = [];
  if (embeddedTokens !== undefined) {
    checks.push(
      embeddedTokens >= count
        ? { passed: true, text: `${count} tokens, and the weights have a row for each.` }
        : { passed: false, text: `${count} tokens, but the weights have rows for ${embeddedTokens} only.` },
    );
  }
  const types = lengths.get("tokenizer.ggml.token_type");
  if (types !== undefined && types !== count) checks.push({ passed: false, text: `${count} tokens, but types for ${types}.` });
  const outside = specialTokensOf(header).filter(({ id }) => id < 0 || id >= count);
  checks.push(
    outside.length === 0
      ? { passed: true, text: "All special tokens are in the vocabulary." }
      : { passed: false, text: `Not in the vocabulary: ${outside.map(({ name, id }) => `${name} (${id})`).join(", ")}.` },
  );
  if (!tokens || tokens.length === 0) return checks;
  const known = new Set(tokens);
  const twice = tokens.length - known.size;
  if (twice > 0) checks.push({ passed: false, text: `${twice} ${twice === 1 ? "token stands" : "tokens stand"} in it more than once.` });
  checks.push(fillInCheck(known), ...(template === undefined ? [] : [templateCheck(template, known)]));
  return checks;
}

function fillInCheck(known: ReadonlySet<string>): ModelHeader["checks"][number] {
  const family = fimTemplates.find(({ prefix, suffix, middle }) => [prefix, suffix, middle ?? prefix].every((token) => known.has(token)));
  return family
    ? { passed: true, text: `It can fill in, with the tokens of ${family.family}.` }
    : { passed: false, text: "It has no tokens for filling in the middle, so it cannot write ghost text." };
}

/** Marks like `<|im_start|>` that a template writes must be tokens, or the model reads them as plain text. */
function templateCheck(template: string, known: ReadonlySet<string>): ModelHeader["checks"][number] {
  const marks = new Set(template.match(/<\|[^|<>\s]{1,40}\|>/g));
  const missing = [...marks].filter((mark) => !known.has(mark));
  return missing.length === 0
    ? { passed: true, text: "The marks of the chat template are tokens of the vocabulary." }
    : {
        passed: false,
        text: `The chat template writes ${missing.map((mark) => clean(mark)).join(", ")}, which the vocabulary does not have.`,
      };
}
