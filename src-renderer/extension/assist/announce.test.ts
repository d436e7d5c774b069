import { describe, expect, it } from "vitest";
import { createAnnouncer } from "./announce.ts";

describe("reading a stream aloud", () => {
  it("speaks at the ends of sentences and once at the end", () => {
    const said: string[] = [];
    const announcer = createAnnouncer((text) => said.push(text));
    announcer.text("It adds");
    announcer.text("It adds numbers. Then it");
    announcer.text("It adds numbers. Then it `returns` them.\n");
    announcer.end("It adds numbers. Then it `returns` them.\nDone");
    announcer.end("It adds numbers. Then it `returns` them.\nDone");
    expect(said).toEqual(["It adds numbers.", "Then it returns them.", "Done"]);
  });
});
