import type { Transcript } from "../contracts/sessions.ts";
import { toHtml } from "./html.ts";
import { toJson } from "./json.ts";
import { toMarkdown } from "./markdown.ts";
import { type Redaction, redact, sumOf } from "./redact.ts";
import { toScript } from "./script.ts";

/** The forms a session can be given away in. */
export const exportFormats = ["markdown", "json", "html", "script"] as const;
/** See {@link exportFormats}. */
export type ExportFormat = (typeof exportFormats)[number];

/** The end of a file's name by form. */
export const exportEndings: Readonly<Record<ExportFormat, string>> = { markdown: "md", json: "json", html: "html", script: "sh" };

/** A text to give away, and what was taken out of it. */
export interface Exported {
  readonly text: string;
  readonly found: readonly Redaction[];
}

/** Writes sessions in a form; secrets are taken out unless `withSecrets`, which only a copy for oneself wants. */
export function exportSessions(
  transcripts: readonly Transcript[],
  format: ExportFormat,
  options: { withSecrets?: boolean } = {},
): Exported {
  const parts = transcripts.map((transcript) => (options.withSecrets ? { transcript, found: [] } : withoutSecrets(transcript)));
  const clean = parts.map(({ transcript }) => transcript);
  const found = sumOf(parts.map((part) => part.found));
  switch (format) {
    case "markdown":
      return { text: clean.map(toMarkdown).join("\n---\n\n"), found };
    case "json":
      return { text: toJson(clean), found };
    case "html":
      return { text: toHtml(clean), found };
    case "script":
      return { text: toScript(clean), found };
  }
}

/** A name for a file of one session, that every system takes. */
export function exportName(title: string, format: ExportFormat): string {
  const name = title
    .normalize("NFKC")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
  return `${name === "" ? "session" : name}.${exportEndings[format]}`;
}

/** Not text by text after the form is made: escaping and quoting would hide what is looked for. */
function withoutSecrets(transcript: Transcript): { transcript: Transcript; found: Redaction[] } {
  const found: (readonly Redaction[])[] = [];
  const clean = (text: string) => {
    const result = redact(text);
    found.push(result.found);
    return result.text;
  };
  const { session, messages, patches } = transcript;
  return {
    transcript: {
      session: { ...session, title: clean(session.title) },
      messages: messages.map(({ text, context, details, ...rest }) => ({
        ...rest,
        text: clean(text),
        ...(context && {
          context: { ...hushed(context), attachments: context.attachments?.map((one) => ({ ...hushed(one), text: clean(one.text) })) },
        }),
        ...(details && { details: hushed(details) }),
      })),
      ...(patches && { patches: patches.map((patch) => ({ ...patch, diff: clean(patch.diff) })) }),
    },
    found: sumOf(found),
  };
}

/** What is kept beside a text for a replay, the prompt above all, has it once more: that is not counted again. */
function hushed<T>(value: T): T {
  if (typeof value === "string") return redact(value).text as T;
  if (Array.isArray(value)) return value.map(hushed) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, hushed(part)])) as T;
}
