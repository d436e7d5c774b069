import { describe, expect, it } from "vitest";
import type { Transcript } from "../contracts/sessions.ts";
import { exportName, exportSessions } from "./export.ts";
import { fromJson } from "./json.ts";
import { markdownToHtml } from "./markdown-html.ts";
import { redact } from "./redact.ts";

function transcript(changes: Partial<Transcript> = {}): Transcript {
  return {
    session: {
      id: "3f2a",
      title: "Improve total in cart.ts, lines 1–3",
      kind: "improve",
      created: Date.UTC(2026, 10, 26, 9, 30),
      updated: Date.UTC(2026, 10, 26, 9, 31),
      state: "done",
      workspace: "/w",
      path: "/w/src/cart.ts",
      lines: { from: 1, to: 3 },
      model: "Qwen 0.5B",
      labels: ["shop"],
      outcome: "kept",
    },
    messages: [
      { id: 1, role: "system", text: "You rewrite code.", created: 1 },
      { id: 2, role: "user", text: "Improve:\n```ts\nlet a = 1;\n```", created: 2 },
      { id: 3, role: "assistant", text: "const a = 1;\nconst b = '```';", created: 3 },
      { id: 4, role: "note", text: "A second answer was asked for.", created: 4 },
    ],
    patches: [{ diff: "--- a/src/cart.ts\n+++ b/src/cart.ts\n@@ -1 +1 @@\n-let a = 1;\n+const a = 1;\n", created: 5 }],
    ...changes,
  };
}

describe("taking secrets out", () => {
  // Put together here, because other tools look through this repository for the same things.
  const secrets = [
    ["AKIA", "IOSFODNN7EXAMPLE"],
    ["ghp_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"],
    ["sk-", "proj-a1B2c3D4e5F6g7H8i9J0k1L2"],
    ["xoxb-", "123456789012-abcdefghij"],
    ["hf_", "abcdefghijklmnopqrstuvwxyz0123"],
    ["-----BEGIN RSA PRIVATE KEY-----\n", "MIIEow\n-----END RSA PRIVATE KEY-----"],
    ["eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"],
  ].map((parts) => parts.join(""));

  it.each(secrets)("finds %s wherever it stands", (secret) => {
    for (const text of [secret, `const key = "${secret}";`, `see ${secret}, then`]) {
      const result = redact(text);
      expect(result.text).not.toContain(secret);
      expect(result.found.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(0);
    }
  });

  it.each([
    ['password = "hunter2!x"', "hunter2!x"],
    ["DB_PASSWORD=correct-horse", "correct-horse"],
    ['"apiKey": "0123456789abcdef"', "0123456789abcdef"],
    ["postgres://app:s3cr3t@db.local/shop", "s3cr3t"],
    ["Authorization: Bearer abcdefghijklmnopqrstuvwx", "abcdefghijklmnopqrstuvwx"],
  ])("takes the value out of %s and leaves the name", (text, secret) => {
    const result = redact(text);
    expect(result.text).not.toContain(secret);
    expect(result.text).toContain("taken out]");
    expect(result.text.slice(0, 5)).toBe(text.slice(0, 5));
  });

  it.each([
    "const token = tokens[0];",
    'const password = document.querySelector("#password");',
    "const secret = process.env.SECRET;",
    'label: "Enter your password here"',
    'const tokenUrl = "";',
    "if (tokens.length > maxTokens) return tokenize(text);",
    "The password is read from the key ring.",
    `placeholder = "$\{TOKEN_FROM_VAULT}"`,
    "see https://host.example/path?page=2",
  ])("leaves ordinary code alone: %s", (text) => {
    expect(redact(text)).toEqual({ text, found: [] });
  });

  it("works on a megabyte without trouble", () => {
    const text = `${"const token = next(); /* password */ ".repeat(30_000)}`;
    expect(redact(text).text).toBe(text);
  });
});

describe("an exported session", () => {
  it("reads well as Markdown", () => {
    const { text } = exportSessions([transcript()], "markdown");
    expect(text).toBe(`# Improve total in cart.ts, lines 1–3

2026-11-26 09:30 UTC\u0020\u0020
Answered by Qwen 0.5B\u0020\u0020
src/cart.ts, lines 1–3\u0020\u0020
The change was kept\u0020\u0020
#shop

<details><summary>Instructions to the model</summary>

\`\`\`
You rewrite code.
\`\`\`

</details>

## Asked

Improve:
\`\`\`ts
let a = 1;
\`\`\`

## Answer

\`\`\`\`ts
const a = 1;
const b = '\`\`\`';
\`\`\`\`

> A second answer was asked for.

## Change

\`\`\`diff
--- a/src/cart.ts
+++ b/src/cart.ts
@@ -1 +1 @@
-let a = 1;
+const a = 1;
\`\`\`
`);
  });

  it("comes back from JSON as it was", () => {
    const both = [transcript(), transcript({ messages: [{ id: 9, role: "user", text: "\u0000 \ud83d\ude00 é\r\n\t", created: 7 }] })];
    expect(fromJson(exportSessions(both, "json", { withSecrets: true }).text)).toEqual(both);
  });

  it("is a page that nothing of an answer can make active", () => {
    const attack = "<script>alert(1)</script> [x](javascript:alert(1)) ![i](https://host.example/i.png)\n\n<img src=x onerror=alert(1)>";
    const { text } = exportSessions(
      [
        transcript({
          session: { ...transcript().session, kind: "explain", title: attack },
          messages: [{ id: 1, role: "assistant", text: attack, created: 1 }],
        }),
      ],
      "html",
    );
    expect(text).not.toMatch(/<script|<img|<a |href=/);
    expect(text).toContain("default-src 'none'");
    expect(text).toContain("&lt;script&gt;");
  });

  it("is a script that makes the changes that were kept", () => {
    const tricky = transcript({ patches: [{ diff: "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-$(rm -rf .)\n+END_OF_CHANGE\n", created: 1 }] });
    const undone = transcript({ session: { ...transcript().session, title: "Undone\nrm -rf .", outcome: "undone" } });
    const { text } = exportSessions([transcript(), tricky, undone, transcript({ patches: undefined })], "script");
    expect(text).toContain("git apply <<'END_OF_CHANGE'\n--- a/src/cart.ts\n");
    expect(text).toContain("# --- a/src/cart.ts");
    expect(text).toContain("# Undone rm -rf .");
    expect(text).toContain("# It changed no file.");
    expect(text.split("\n").filter((line) => line.startsWith("rm"))).toEqual([]);
  });

  it("loses its secrets unless it is a copy for oneself", () => {
    const secret = `AKIA${"IOSFODNN7EXAMPLE"}`;
    const told = transcript({
      messages: [{ id: 1, role: "user", text: `key ${secret}`, created: 1 }],
      patches: [{ diff: `+key = ${secret}\n`, created: 1 }],
    });
    for (const format of ["markdown", "json", "html", "script"] as const) {
      const { text, found } = exportSessions([told], format);
      expect(text).not.toContain(secret);
      expect(found).toEqual([{ what: "access key", count: 2 }]);
      expect(exportSessions([told], format, { withSecrets: true }).text).toContain(secret);
    }
  });

  const attached = { kind: "range", path: "src/<a>.ts", languageId: "ts", from: 1, to: 2, text: "let a = 1;\n" } as const;

  it.each(["markdown", "html"] as const)("shows in %s what was attached to a question", (format) => {
    const asked = transcript({ messages: [{ id: 1, role: "user", text: "Why?", created: 1, context: { attachments: [attached] } }] });
    const { text } = exportSessions([asked], format);
    expect(text).toContain("<summary>src/&lt;a&gt;.ts, lines 1–2</summary>");
    expect(text).toContain("let a = 1;");
  });

  it("loses the secrets of what was attached, and of the prompt that has it once more", () => {
    const secret = `AKIA${"IOSFODNN7EXAMPLE"}`;
    const context = { attachments: [{ ...attached, text: `key = ${secret}` }] };
    const prompt = [{ role: "user" as const, text: `src/<a>.ts:\nkey = ${secret}\n\nWhy?` }];
    const details = {
      model: "m",
      tokens: { prompt: 1, evaluated: 1, reused: 0, generated: 1 },
      stop: "end" as const,
      milliseconds: 1,
      temperature: 0,
    };
    const told = transcript({
      messages: [
        { id: 1, role: "user", text: "Why?", created: 1, context },
        { id: 2, role: "assistant", text: "So.", created: 2, details: { ...details, answerPrefix: "", prompt } },
      ],
    });
    for (const format of ["markdown", "json", "html"] as const) {
      const { text, found } = exportSessions([told], format);
      expect(text).not.toContain(secret);
      expect(found).toEqual([{ what: "access key", count: 1 }]);
    }
    const back = fromJson(exportSessions([told], "json").text)[0];
    expect(back?.messages[1]?.details?.tokens).toEqual(details.tokens);
  });

  it("has a file name that every system takes", () => {
    expect(exportName("Improve total in cart.ts, lines 1–3", "markdown")).toBe("Improve-total-in-cart-ts-lines-1-3.md");
    expect(exportName("../../etc/passwd", "json")).toBe("etc-passwd.json");
    expect(exportName("???", "html")).toBe("session.html");
    expect(exportName("x".repeat(300), "script")).toHaveLength(63);
  });
});

describe("a file that is imported", () => {
  it.each([
    ["", "not JSON"],
    ["{}", "not written by an export"],
    ["[1]", "not written by an export"],
    ['{"format":"localcoder-sessions","version":99,"sessions":[]}', "newer version"],
    ['{"format":"localcoder-sessions","version":1,"sessions":[]}', "no session"],
    ['{"format":"localcoder-sessions","version":1,"sessions":[{"session":{}}]}', "damaged at sessions.0"],
  ])("%j is refused in a sentence", (text, sentence) => {
    expect(() => fromJson(text)).toThrow(sentence);
  });
});

describe("Markdown in a page", () => {
  it("keeps the usual forms and shows the rest as text", () => {
    expect(markdownToHtml("# One\n\nSome *text* and **more** `a < b`\nnext line\n\n- a\n- b\n\n1. c\n\n```ts\nif (a < b) {}\n```")).toBe(
      [
        "<h3>One</h3>",
        "<p>Some <em>text</em> and <strong>more</strong> <code>a &lt; b</code><br>\nnext line</p>",
        "<ul><li>a</li><li>b</li></ul>",
        "<ol><li>c</li></ol>",
        "<pre><code>if (a &lt; b) {}</code></pre>",
      ].join("\n"),
    );
    expect(markdownToHtml("```\nnever closed")).toBe("<pre><code>never closed</code></pre>");
  });
});
