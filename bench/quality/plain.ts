import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultSettings } from "#core/settings/schema";
import { openForked } from "#engine/inference/forked";
import { createInference } from "#engine/inference/host";
import type { PartName } from "./options.ts";

/** What somebody writes who asks a model without a tool: one stored text for each action. */
const texts: Readonly<Record<PartName, (code: string, languageId: string, instruction: string) => string>> = {
  fix: (code, languageId) =>
    `There is a bug in this ${languageId} code. Fix it and answer with the complete corrected code in one code block.\n\n\`\`\`${languageId}\n${code}\n\`\`\``,
  improve: (code, languageId) =>
    `Improve this ${languageId} code without changing what it does. Answer with the complete new code in one code block.\n\n\`\`\`${languageId}\n${code}\n\`\`\``,
  refactor: (code, languageId, instruction) =>
    `Refactor this ${languageId} code without changing what it does: ${instruction}. Answer with the complete new code in one code block.\n\n\`\`\`${languageId}\n${code}\n\`\`\``,
  document: (code, languageId) =>
    `Add a documentation comment to this ${languageId} code and change nothing else. Answer with the complete code in one code block.\n\n\`\`\`${languageId}\n${code}\n\`\`\``,
  test: (code, languageId, module) =>
    `Write pytest tests for this ${languageId} code, which is in the module ${module}. Answer with the complete test file in one code block.\n\n\`\`\`${languageId}\n${code}\n\`\`\``,
};

/** An answer to a plain prompt. */
export interface PlainAnswer {
  /** What stands in its first code block, else all of it. */
  readonly code: string;
  readonly generated: number;
  readonly seconds: number;
}

/** The same model, asked with one stored text an action and nothing around it. */
export interface Plain {
  ask(part: PartName, code: string, languageId: string, instruction?: string): Promise<PlainAnswer>;
  dispose(): Promise<void>;
}

/** Opens {@link Plain}. */
export function openPlain(model: string, threads: number): Plain {
  const log = join(mkdtempSync(join(tmpdir(), "localcoder-bench-")), "log");
  const entry = fileURLToPath(new URL("../../src-engine/inference/inference.process.ts", import.meta.url));
  const settings = { ...defaultSettings, "localcoder.inference.gpu": "off" as const, "localcoder.inference.threads": threads };
  const inference = createInference({ open: openForked(entry, log), settings: { current: () => settings } });
  return {
    async ask(part, code, languageId, instruction = "") {
      const messages = [{ role: "user" as const, text: texts[part](code, languageId, instruction) }];
      const request = { messages, temperature: 0, maxTokens: 1536, priority: "inline-action" as const };
      const from = performance.now();
      let text = "";
      let generated = 0;
      for await (const event of inference.generate({ id: model, name: "plain", path: model }, "code", request)) {
        if (event.type === "text") text += event.text;
        if (event.type === "done") generated = event.tokens.generated;
      }
      return { code: /```[^\n]*\n([\s\S]*?)(?:\n```|$)/.exec(text)?.[1] ?? text, generated, seconds: (performance.now() - from) / 1000 };
    },
    dispose: () => inference.dispose(),
  };
}
