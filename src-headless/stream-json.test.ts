import { describe, expect, it, test } from "vitest";
import type { ChatAnswer } from "#core/contracts/chat";
import { createStreamJson, readStreamJsonLine, type StreamJsonOptions } from "./stream-json.ts";

// Whole conversations as they go over the wire: the shape is that of amp's command line, and programs read it.

const answer: ChatAnswer = {
  threadId: "7d1c",
  messageId: 3,
  text: "2 + 2 equals 4.",
  model: "Qwen2.5-Coder 0.5B",
  place: "this machine",
  tokens: { prompt: 120, reused: 100, evaluated: 20, generated: 8 },
  tokensPerSecond: 30,
  firstMilliseconds: 10,
  milliseconds: 300,
  stop: "end",
};

function written(options: Partial<StreamJsonOptions> = {}) {
  const lines: string[] = [];
  let clock = 1000;
  const output = createStreamJson({ folder: "/w", thinking: false, write: (line) => lines.push(line), now: () => clock++, ...options });
  return { lines, output };
}

test("one question", () => {
  const { lines, output } = written();
  output.begin("7d1c");
  output.asked("what is 2+2?");
  output.answered(answer, 8192);
  output.ended({ result: answer.text });
  expect(lines).toEqual([
    '{"type":"system","subtype":"init","cwd":"/w","session_id":"7d1c","tools":[],"mcp_servers":[]}',
    '{"type":"user","message":{"role":"user","content":[{"type":"text","text":"what is 2+2?"}]},"parent_tool_use_id":null,"session_id":"7d1c"}',
    '{"type":"assistant","message":{"type":"message","role":"assistant","content":[{"type":"text","text":"2 + 2 equals 4."}],"stop_reason":"end_turn","usage":{"input_tokens":120,"cache_creation_input_tokens":20,"cache_read_input_tokens":100,"output_tokens":8,"max_tokens":8192,"service_tier":"standard"}},"parent_tool_use_id":null,"session_id":"7d1c"}',
    '{"type":"result","subtype":"success","duration_ms":1,"is_error":false,"num_turns":1,"result":"2 + 2 equals 4.","session_id":"7d1c"}',
  ]);
});

test("two questions in one thread have one beginning and one end", () => {
  const { lines, output } = written();
  for (const text of ["one", "two"]) {
    output.begin("7d1c");
    output.asked(text);
    output.answered({ ...answer, stop: "limit" }, 8192);
  }
  output.ended({ result: "two" });
  expect(lines.map((line) => JSON.parse(line).type)).toEqual(["system", "user", "assistant", "user", "assistant", "result"]);
  expect(JSON.parse(lines[2] as string).message.stop_reason).toBe("max_tokens");
  expect(JSON.parse(lines[5] as string).num_turns).toBe(2);
});

test("a failure is the last line", () => {
  const { lines, output } = written();
  output.begin("7d1c");
  output.asked("one");
  output.ended({ error: "There is no model." });
  expect(lines.at(-1)).toBe(
    '{"type":"result","subtype":"error_during_execution","duration_ms":1,"is_error":true,"num_turns":0,"error":"There is no model.","session_id":"7d1c"}',
  );
});

test("what a model thinks first is a block of its own where it is asked for, and never in the result", () => {
  const text = "<think>\nTwo and two.\n</think>\n\n4.";
  for (const thinking of [true, false]) {
    const { lines, output } = written({ thinking });
    output.begin("7d1c");
    output.answered({ ...answer, text }, 8192);
    output.ended({ result: text });
    expect(JSON.parse(lines[1] as string).message.content).toEqual([
      ...(thinking ? [{ type: "thinking", thinking: "Two and two." }] : []),
      { type: "text", text: "4." },
    ]);
    expect(JSON.parse(lines[2] as string).result).toBe("4.");
  }
});

describe("a line of the input", () => {
  it.each([
    ['{"type":"user","message":{"role":"user","content":[{"type":"text","text":"what is 2+2?"}]}}', "what is 2+2?"],
    ['{"type":"user","message":{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},"steer":true}', "a\nb"],
    ['{"type":"user","message":{"role":"user","content":"plain"}}', "plain"],
    ["  ", undefined],
  ])("%s", (line, text) => {
    expect(readStreamJsonLine(line, 1)).toBe(text);
  });

  it.each([
    ["not json", "BAD_INPUT"],
    ["null", "BAD_INPUT"],
    ['{"type":"assistant","message":{"role":"assistant","content":"x"}}', "BAD_INPUT"],
    ['{"type":"user","message":{"role":"user"}}', "BAD_INPUT"],
    ['{"type":"user","message":{"role":"user","content":[{"type":"image","source":{}}]}}', "UNSUPPORTED"],
  ])("%s is refused", (line, code) => {
    expect(() => readStreamJsonLine(line, 7)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(/\bline 7 of the input/i) }),
    );
  });
});
