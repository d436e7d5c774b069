import { describe, expect, it } from "vitest";
import { defaultSettings } from "#core/settings/schema";
import { providerOf } from "../servers/served-inference.ts";
import { echo, withEcho } from "./echo.ts";
import { createInference } from "./host.ts";
import { openScripted } from "./scripted.ts";

const settings = { current: () => ({ ...defaultSettings, "localcoder.inference.backend": "echo" as const }) };
const hole = {
  document: "a",
  path: "a.ts",
  suffix: "",
  shape: "line" as const,
  maxTokens: 16,
  blockMilliseconds: 0,
  priority: "ghost-text" as const,
};

describe("the echo", () => {
  const inference = withEcho(createInference({ open: openScripted({ answer: () => "a model" }), settings }), settings);

  it("repeats what it was asked, and is named as what it is", async () => {
    let text = "";
    const messages = [
      { role: "system" as const, text: "Be brief." },
      { role: "user" as const, text: "What is  this?" },
    ];
    for await (const event of inference.generate(echo, "general", { messages, temperature: 0, maxTokens: 5, priority: "chat" })) {
      if (event.type === "text") text += event.text;
    }
    expect(text).toBe("What is  this?");
    expect(providerOf(echo)).toBe("stub");
    expect(inference.current()).toMatchObject([{ role: "general", model: "Echo (no model)", state: "ready", provider: "stub" }]);
  });

  it("suggests the line above on an empty line, and nothing in the middle of one", async () => {
    expect((await inference.infill(echo, { ...hole, prefix: "  log(1);\n\n  " })).pieces).toEqual([{ text: "log(1);", probability: 1 }]);
    expect((await inference.infill(echo, { ...hole, prefix: "  log(1);\n  lo" })).pieces).toEqual([]);
  });

  it("stops when it is told to, and leaves models alone", async () => {
    const asked = { messages: [{ role: "user" as const, text: "one two" }], temperature: 0, maxTokens: 5, priority: "chat" as const };
    await expect(async () => {
      for await (const event of inference.generate(echo, "general", asked, AbortSignal.abort())) void event;
    }).rejects.toMatchObject({ code: "STOPPED" });
    expect(await inference.countTokens({ id: "m", name: "M", path: "/m.gguf" }, "code", "abc")).toBeGreaterThan(0);
    await inference.dispose();
  });
});
