/** What was taken out of a text, by what it seemed to be. */
export interface Redaction {
  readonly what: string;
  readonly count: number;
}

interface Pattern {
  readonly what: string;
  /** The group named "keep", where there is one, stays before what is taken out, and "after" behind it. */
  readonly pattern: RegExp;
}

// Forms of keys as their makers document them; then what is assigned to a name that says what it is.
const patterns: readonly Pattern[] = [
  { what: "private key", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g },
  { what: "access key", pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  {
    what: "token",
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|hf_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{30,})\b/g,
  },
  { what: "token", pattern: /\bxox[abeoprs]-[\w-]{10,}/g },
  { what: "API key", pattern: /\b(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)?[-_]?[A-Za-z0-9_-]{20,}\b/g },
  { what: "API key", pattern: /\bAIza[\w-]{35}/g },
  { what: "token", pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/g },
  { what: "token", pattern: /(?<keep>\b(?:Bearer|Basic|token)\s+)[\w.~+/-]{20,}=*/gi },
  { what: "password", pattern: /(?<keep>\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:)[^\s/@]+(?<after>@)/gi },
  {
    what: "secret",
    pattern:
      /(?<keep>[\w.-]*(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)[\w-]*["']?\s*(?:[:=]|:=|=>)\s*(?<quote>["'`]))(?![^"'`\n]*\s[^"'`\n]*\s)(?!\$\{)[^"'`\n]{6,}(?<after>\k<quote>)/gi,
  },
  {
    what: "secret",
    pattern: /(?<keep>^(?:export\s+)?[A-Z0-9_]*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY)[A-Z0-9_]*=)(?![$"'`<])\S{6,}/gm,
  },
];

/** What stands where something was taken out. */
export const redacted = (what: string): string => `[${what} taken out]`;

/** Takes out of a text what looks like a secret. It is a help and no promise: whoever shares a text reads it first. */
export function redact(text: string): { readonly text: string; readonly found: readonly Redaction[] } {
  const counts = new Map<string, number>();
  let result = text;
  for (const { what, pattern } of patterns) {
    result = result.replace(pattern, (...match) => {
      const groups = typeof match.at(-1) === "object" ? (match.at(-1) as Record<string, string | undefined>) : {};
      counts.set(what, (counts.get(what) ?? 0) + 1);
      return `${groups.keep ?? ""}${redacted(what)}${groups.after ?? ""}`;
    });
  }
  return { text: result, found: [...counts].map(([what, count]) => ({ what, count })) };
}

/** Adds up what was taken out of several texts. */
export function sumOf(parts: readonly (readonly Redaction[])[]): Redaction[] {
  const counts = new Map<string, number>();
  for (const { what, count } of parts.flat()) counts.set(what, (counts.get(what) ?? 0) + count);
  return [...counts].map(([what, count]) => ({ what, count }));
}
