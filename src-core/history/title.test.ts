import { describe, expect, it } from "vitest";
import { titleIn, titlePrompt } from "./title.ts";

const messages = [
  { role: "system" as const, text: "You help." },
  { role: "user" as const, text: "How do I retry a download that failed?" },
  { role: "assistant" as const, text: "Use a loop with a delay." },
];

describe("the title of a conversation", () => {
  it("is asked for with what was said first", () => {
    expect(titlePrompt(messages)).toContain("Question: How do I retry a download that failed?");
    expect(titlePrompt(messages.slice(0, 2))).toBeUndefined();
  });

  it.each([
    ["Retrying a failed download", "Retrying a failed download"],
    ['Title: "Retry failed downloads."\nMore text', "Retry failed downloads"],
    ["**Download retries**", "Download retries"],
    ["# Retry with delay", "Retry with delay"],
  ])("is found in %j", (written, title) => {
    expect(titleIn(written, messages)).toBe(title);
  });

  it.each([
    "",
    "Sure, here is a title for the download",
    "To retry a download that failed you can use a loop with a delay between the tries and so on",
    "Cooking pasta at home",
    "I am a helpful assistant for downloads",
    "retry ".repeat(12),
  ])("is not taken from %j", (written) => {
    expect(titleIn(written, messages)).toBeUndefined();
  });
});
