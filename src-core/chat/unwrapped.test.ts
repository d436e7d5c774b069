import { expect, test } from "vitest";
import { unwrapped } from "./unwrapped.ts";

const text = "It adds:\n\n```python\na + b\n```\n\nThat is all.";
const wrapped = `\`\`\`markdown\n${text}\n\`\`\``;

test.each([
  ["a whole answer in a block", wrapped, "What does it do?", text],
  ["one with blank lines around", `\n${wrapped}\n\n`, "What does it do?", text],
  ["one that is being written", wrapped.slice(0, 40), "What does it do?", text.slice(0, 40 - "```markdown\n".length)],
  ["one of which only the fence is there", "```markdown", "What does it do?", "```markdown"],
  ["a block that more follows", `${wrapped}\n\nCopy this.`, "What does it do?", `${wrapped}\n\nCopy this.`],
  ["what was asked for", wrapped, "Write a README for this.", wrapped],
  ["code", "```python\na + b\n```", "What does it do?", "```python\na + b\n```"],
  ["prose before a block", `Here:\n${wrapped}`, "What does it do?", `Here:\n${wrapped}`],
])("%s", (_what, answer, question, shown) => {
  expect(unwrapped(answer, question)).toBe(shown);
});
