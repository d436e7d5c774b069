import { expect, test } from "vitest";
import { type InputLine, readLines } from "./lines.ts";

async function* chunks(...texts: readonly (string | Uint8Array)[]) {
  for (const text of texts) yield typeof text === "string" ? Buffer.from(text) : text;
}

async function all(input: AsyncIterable<Uint8Array>, most = 20): Promise<InputLine[]> {
  const lines: InputLine[] = [];
  for await (const line of readLines(input, most, new AbortController().signal)) lines.push(line);
  return lines;
}

test("lines wherever the chunks end, with either line end, the last one also without", async () => {
  expect(await all(chunks("one\ntw", "o\r\n", "\n", "three", "\r", "\nfour"))).toEqual(["one", "two", "", "three", "four"]);
  expect(await all(chunks())).toEqual([]);
});

test("a character that is torn between two chunks is whole", async () => {
  const bytes = Buffer.from("ä😀\n");
  expect(await all(chunks(...[...bytes].map((byte) => Uint8Array.of(byte))))).toEqual(["ä😀"]);
});

test("a line that is too long is passed over, and what follows is read", async () => {
  expect(await all(chunks("x".repeat(20), "\n", "x".repeat(15), "y".repeat(15), "\nnext\n", "z".repeat(30)))).toEqual([
    "x".repeat(20),
    undefined,
    "next",
    undefined,
  ]);
});

test("stopping ends the wait for input that does not come", async () => {
  const stop = new AbortController();
  async function* silent(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("one\n");
    await new Promise(() => {});
  }
  const seen: InputLine[] = [];
  const reading = (async () => {
    for await (const line of readLines(silent(), 20, stop.signal)) {
      seen.push(line);
      queueMicrotask(() => stop.abort());
    }
  })();
  await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  expect(seen).toEqual(["one"]);
});
