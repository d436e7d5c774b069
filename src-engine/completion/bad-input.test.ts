import { describe, expect, test } from "vitest";
import { openScriptedCompletion } from "./scripted-completion.ts";

const shown = { asShown: true };
const line = "const total = sum(values);\n";

describe("large documents", () => {
  test("of which a window of the allowed size is sent", async () => {
    const { complete, asked } = openScriptedCompletion({ knows: [line] });
    const text = "x = call(1, 2);\n".repeat(20_000);
    expect((await complete(`${text}const total = ‸\n${text}`, shown)).text).toBe("sum(values);");
    expect(asked[0]?.prefix.length).toBeLessThan(60_000);
    expect(asked[0]?.suffix.length).toBeLessThan(60_000);
  });

  test("a line of 100,000 characters", async () => {
    const { complete } = openScriptedCompletion({ knows: ["a(1);const total = sum(values);"] });
    const minified = "a(1);".repeat(20_000);
    expect((await complete(`${minified}const total = ‸`, shown)).text).toBe("sum(values);");
    const { tokens } = await complete(`${minified}const total = sum(values);b‸`, shown);
    expect(tokens.prompt).toBeLessThan(1200);
  });
});

describe("characters", () => {
  test.each([
    ["half an emoji before the cursor", "const face = '\uD83D‸\n"],
    ["half an emoji behind it", "const face = '‸\uDE00\n"],
    ["a combining mark behind it", "const cafe‸\u0301 = 1\n"],
    ["nothing at all", "‸"],
    ["only line ends", "\n\n\n‸\n\n"],
    ["a zero character", "const a\0 = ‸\0\n"],
  ])("%s", async (_name, place) => {
    const { complete } = openScriptedCompletion({ knows: ["const face = '😀'.length;\n", line] });
    const { text } = await complete(place, shown);
    expect(text).not.toMatch(/\uFFFD/);
    expect(text).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/);
  });

  test("mixed line ends come back as the document begins", async () => {
    const { complete } = openScriptedCompletion({ knows: ["if (a) {\n  b();\n  c();\n}\n"] });
    expect((await complete("x();\r\ny();\nif (a) {‸\n", shown)).text).toBe("\r\n  b();\r\n  c();\r\n}");
  });

  test("marks of the template in the text are text", async () => {
    const { complete } = openScriptedCompletion({ knows: ["mark = '<|fim_suffix|>' + '<|file_sep|>';\n"] });
    expect((await complete("mark = '<|fim_suffix|>' ‸\n", shown)).text).toBe("+ '<|file_sep|>';");
  });
});

describe("while the model changes", () => {
  test("twenty documents at once are each answered", async () => {
    const { complete } = openScriptedCompletion({ knows: [line], millisecondsPerToken: 1 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => complete("const total = ‸\n", { ...shown, path: `/work/${index}.ts` })),
    );
    expect(answers.map(({ text }) => text)).toEqual(Array(20).fill("sum(values);"));
  });

  test("a model that is unloaded in the middle is named, and the next request works", async () => {
    const { complete, inference } = openScriptedCompletion({ knows: [line], millisecondsPerToken: 20 });
    const running = complete(`${line.repeat(30)}const total = ‸\n`, shown);
    await expect.poll(() => inference.current()[0]?.state, { interval: 5 }).toBe("busy");
    await inference.unload();
    await expect(running).rejects.toMatchObject({ code: "STOPPED" });
    expect((await complete("const total = ‸\n", shown)).text).toBe("sum(values);");
  });
});
