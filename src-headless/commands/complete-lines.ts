import { isAbsolute, join } from "node:path";
import { z } from "zod";
import { describeError, isStopped, UserError } from "#core/base/errors";
import type { EngineClient } from "#engine/open";
import type { Invocation } from "../command.ts";
import { insertionOf } from "../insertion.ts";
import { languageOf } from "../languages.ts";
import { type InputLine, readLines } from "../lines.ts";

/** The longest line that is read, in bytes. */
const longestLine = 16 * 1024 * 1024;
/** Text on each side of the position that is sent to the engine, in UTF-16 units: far more than a model reads. */
const window = 200_000;
/** For the lines after the first: a program waits for the whole. */
const mostMilliseconds = 30_000;

const lineRequest = z.object({
  id: z.union([z.string(), z.number()], "must be a text or a number"),
  path: z.string("must be a text").min(1, "must not be empty").max(32_768, "is too long"),
  prefix: z.string("must be a text"),
  suffix: z.string("must be a text"),
  languageId: z.string("must be a text").max(100, "is too long").optional(),
  workspace: z.string("must be a text").min(1, "must not be empty").max(32_768, "is too long").optional(),
});

/** Answers one request a line with one answer a line, in order; a bad line is answered with its error and the rest goes on. */
export async function completeLines({ input, has, terminal, signal, client }: Invocation, maxTokens: number | undefined): Promise<void> {
  const engine = await client();
  for await (const line of readLines(input, longestLine, signal)) {
    if (line?.trim() === "") continue;
    const answer = await answerTo(line, engine, { asShown: has("as-shown"), ...(maxTokens !== undefined && { maxTokens }) }, signal);
    terminal.print(JSON.stringify(answer));
  }
}

async function answerTo(
  line: InputLine,
  engine: EngineClient["client"],
  options: { readonly asShown: boolean; readonly maxTokens?: number },
  signal: AbortSignal,
): Promise<object> {
  let value: unknown;
  try {
    value = parse(line);
    const { id, path, prefix, suffix, languageId, workspace } = requestOf(value);
    const right = suffix.slice(0, window);
    const result = await engine.completion.complete(
      {
        path: workspace === undefined || isAbsolute(path) ? path : join(workspace, path),
        languageId: languageId ?? languageOf(path),
        ...(workspace !== undefined && { workspace }),
        prefix: prefix.slice(-window),
        suffix: right,
        trigger: "manual",
        blockMilliseconds: mostMilliseconds,
        ...options,
      },
      { signal },
    );
    const { stop, tokens, milliseconds } = result;
    return { id, text: insertionOf(result, right), stop, tokens, milliseconds };
  } catch (error) {
    if (signal.aborted && isStopped(error)) throw error;
    const { code, message, hint } = describeError(error);
    return { ...identityOf(value), error: { code, message, hint: hint ?? null } };
  }
}

function parse(line: InputLine): unknown {
  if (line === undefined) throw new UserError("TOO_LARGE", `The line is longer than ${longestLine / 1024 / 1024} MB.`);
  try {
    // Editors of other systems begin a file with a mark.
    return JSON.parse(line.replace(/^\uFEFF/, ""));
  } catch {
    throw new UserError("BAD_INPUT", "The line is not valid JSON.");
  }
}

function requestOf(value: unknown): z.infer<typeof lineRequest> {
  const parsed = lineRequest.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [field] = issue?.path ?? [];
  const hint = 'A line is {"id", "path", "prefix", "suffix"}.';
  if (field === undefined) throw new UserError("BAD_INPUT", "The line is not an object.", hint);
  const isMissing = !(String(field) in (value as object));
  throw new UserError(
    "BAD_INPUT",
    isMissing ? `The field ${String(field)} is missing.` : `The field ${String(field)} ${issue?.message}.`,
    hint,
  );
}

/** The id of a request that could not be answered, where it has one. */
function identityOf(value: unknown): { readonly id?: string | number } {
  const id = typeof value === "object" && value !== null && "id" in value ? value.id : undefined;
  return typeof id === "string" || typeof id === "number" ? { id } : {};
}
