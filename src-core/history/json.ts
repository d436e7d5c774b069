import { z } from "zod";
import { UserError } from "../base/errors.ts";
import { type Transcript, transcript } from "../contracts/sessions.ts";

const format = "localcoder-sessions";
const version = 1;

const file = z.object({ format: z.literal(format), version: z.number().int().positive(), sessions: z.array(transcript) });

/** Sessions as JSON from which {@link fromJson} makes the same ones. */
export function toJson(transcripts: readonly Transcript[]): string {
  return `${JSON.stringify({ format, version, sessions: transcripts }, null, 2)}\n`;
}

/** Reads what {@link toJson} wrote, here or elsewhere; throws where it is something else. */
export function fromJson(text: string): Transcript[] {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw foreign("The file is not JSON.");
  }
  if (typeof value !== "object" || value === null || !("format" in value) || value.format !== format)
    throw foreign("The file was not written by an export of sessions.");
  if ("version" in value && Number(value.version) > version)
    throw new UserError("UNSUPPORTED", "The file was written by a newer version of LocalCoder.", "Update LocalCoder, and import it then.");
  const parsed = file.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw foreign(`The file is damaged at ${issue?.path.join(".") || "its beginning"}: ${issue?.message ?? "it has another form"}.`);
  }
  if (parsed.data.sessions.length === 0) throw foreign("There is no session in the file.");
  return parsed.data.sessions;
}

function foreign(message: string): UserError {
  return new UserError("BAD_INPUT", message, "Choose a JSON file that LocalCoder exported.");
}
