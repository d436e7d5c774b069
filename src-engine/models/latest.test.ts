import { describe, expect, it } from "vitest";
import { createEmitter } from "#core/base/emitter";
import { latest } from "./latest.ts";

describe("latest", () => {
  it("gives the state now and after changes, several as one", async () => {
    const changes = createEmitter<void>();
    let value = 1;
    const stream = latest(changes, () => value);
    expect((await stream.next()).value).toBe(1);
    value = 2;
    changes.emit();
    value = 3;
    changes.emit();
    expect((await stream.next()).value).toBe(3);
    const waiting = stream.next();
    value = 4;
    changes.emit();
    expect((await waiting).value).toBe(4);
    await stream.return();
  });

  it("ends with its signal, also while it waits", async () => {
    const changes = createEmitter<void>();
    const stop = new AbortController();
    const stream = latest(changes, () => 1, stop.signal);
    await stream.next();
    const waiting = stream.next();
    stop.abort();
    expect((await waiting).done).toBe(true);
  });
});
