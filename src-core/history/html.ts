import type { Transcript } from "../contracts/sessions.ts";
import { factsOf, turnsOf } from "./markdown.ts";
import { escapeHtml, markdownToHtml } from "./markdown-html.ts";

const style = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
code { font: 13px/1.45 ui-monospace, monospace; }
.facts, .note, summary { color: color-mix(in srgb, currentColor 65%, transparent); }
h2 { font-size: 1rem; margin: 2rem 0 0.5rem; }
article + article { margin-top: 4rem; border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
.added { color: light-dark(#116329, #7ee787); }
.removed { color: light-dark(#a40e26, #ff9492); }
`;

/** Sessions as one page that needs nothing else, runs nothing and loads nothing. */
export function toHtml(transcripts: readonly Transcript[]): string {
  const title = transcripts.length === 1 ? (transcripts[0] as Transcript).session.title : `${transcripts.length} sessions`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${transcripts.map(article).join("\n")}
</body>
</html>
`;
}

function article({ session, messages, patches }: Transcript): string {
  const turns = turnsOf(session, messages).map(({ role, heading, text, attached }) => {
    if (role === "note") return `<p class="note">${escapeHtml(text)}</p>`;
    if (role === "system") return folded(heading, text);
    return [`<h2>${heading}</h2>`, markdownToHtml(text), ...attached.map((one) => folded(one.name, one.text))].join("\n");
  });
  const changes = (patches ?? []).map(
    ({ diff }) => `<h2>Change</h2>\n<pre><code>${diff.split("\n").map(diffLine).join("\n")}</code></pre>`,
  );
  return [
    "<article>",
    `<h1>${escapeHtml(session.title)}</h1>`,
    `<p class="facts">${factsOf(session).map(escapeHtml).join("<br>")}</p>`,
    ...turns,
    ...changes,
    "</article>",
  ].join("\n");
}

function folded(heading: string, text: string): string {
  return `<details><summary>${escapeHtml(heading)}</summary><pre>${escapeHtml(text)}</pre></details>`;
}

function diffLine(line: string): string {
  const text = escapeHtml(line);
  if (/^\+(?!\+\+ )/.test(line)) return `<span class="added">${text}</span>`;
  if (/^-(?!-- )/.test(line)) return `<span class="removed">${text}</span>`;
  return text;
}
