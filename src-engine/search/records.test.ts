import { describe, expect, it } from "vitest";
import { createLineReader } from "./records.ts";

describe("createLineReader", () => {
  it("puts lines and characters together over chunks", () => {
    const reader = createLineReader();
    const bytes = Buffer.from("öne\ntwö\nthree");
    const lines = [...bytes].flatMap((byte) => reader.add(Buffer.from([byte])));
    expect(lines).toEqual(["öne", "twö"]);
  });

  it("passes over lines that are too long and counts them", () => {
    const reader = createLineReader(10);
    expect(reader.add(Buffer.from("short\nthis line is far too"))).toEqual(["short"]);
    expect(reader.add(Buffer.from(" long for anybody and goes on"))).toEqual([]);
    expect(reader.add(Buffer.from("\nnext\n"))).toEqual(["next"]);
    expect(reader.skipped).toBe(1);
  });
});
