import { createHash } from "node:crypto";

const style = `
:root { color-scheme: light dark; font: 14px system-ui, sans-serif; }
body { display: grid; place-content: center; min-height: 90vh; }
form { display: grid; gap: 12px; width: min(320px, 90vw); }
h1 { font-size: 20px; font-weight: 500; margin: 0; }
p { margin: 0; }
[role="alert"] { font-weight: 600; }
input, button { font: inherit; padding: 6px 8px; }
`;

/** The policy of {@link signInPage}: nothing but its own style, and a form that goes back to where it came from. */
export const signInPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ");

/** The page of a shared server that asks for the password. `query` goes along, so that the folder of the address is shown then. */
export function signInPage(query: string, trouble?: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>LocalCoder</title>
<style>${style}</style>
</head>
<body>
<main>
<form method="post" action="/sign-in${escapeHtml(query)}">
<h1>LocalCoder</h1>
<p>This server works on another machine's files. Its owner has the password.</p>
${trouble === undefined ? "" : `<p role="alert">${escapeHtml(trouble)}</p>`}
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
<button>Sign in</button>
</form>
</main>
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}
