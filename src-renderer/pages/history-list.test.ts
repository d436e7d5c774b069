import { describe, expect, it } from "vitest";
import type { Session } from "#core/contracts/sessions";
import { dayOf, placeOf } from "./history-list.ts";

const now = new Date(2026, 10, 22, 3, 30).getTime();

function session(parts: Partial<Session> = {}): Session {
  return {
    id: "1",
    title: "Improve total in cart.ts, lines 3–9",
    kind: "improve",
    created: now,
    updated: now,
    state: "done",
    path: "/a/cart.ts",
    lines: { from: 3, to: 9 },
    ...parts,
  };
}

describe("the list of the history", () => {
  it("groups by calendar day, not by hours", () => {
    expect(dayOf(new Date(2026, 10, 22, 0, 1).getTime(), now)).toBe("Today");
    expect(dayOf(new Date(2026, 10, 21, 23, 59).getTime(), now)).toBe("Yesterday");
    expect(dayOf(new Date(2026, 10, 20, 23, 59).getTime(), now)).toContain("20");
    expect(dayOf(new Date(2025, 10, 22).getTime(), now)).toContain("2025");
  });

  it("does not repeat what the title says", () => {
    expect(placeOf(session())).toBe("");
    expect(placeOf(session({ title: "Explain total in cart.ts" }))).toBe("lines 3–9");
    expect(placeOf(session({ title: "Explain" }))).toBe("cart.ts, lines 3–9");
    expect(placeOf(session({ title: "Explain", path: undefined, lines: undefined }))).toBe("");
  });
});
