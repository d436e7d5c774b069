import { describe, expect, it } from "vitest";

import { asQuery, setFilters } from "./history-filters.ts";
import { labelsOf } from "./history-list.ts";

const now = new Date(2026, 10, 22, 3, 30).getTime();

describe("filters of the history", () => {
  it("are chips of their own but for the kind, each with what is left without it", () => {
    const filters = { kind: "chat", label: "shop", outcome: "kept", path: "/w/src/cart.ts", days: undefined } as const;
    expect(setFilters(filters).map(({ name }) => name)).toEqual(["#shop", "Kept", "cart.ts"]);
    expect(setFilters(filters)[0]?.without).toEqual({ ...filters, label: undefined });
  });

  it("are asked for as the engine takes them, days from their beginning", () => {
    expect(asQuery({}, now)).toEqual({ archived: "without" });
    expect(asQuery({ archived: "only", model: "m" }, now)).toEqual({ archived: "only", model: "m" });
    expect(asQuery({ days: 1 }, now).from).toBe(new Date(2026, 10, 21).getTime());
    expect(asQuery({ days: 30 }, now).from).toBe(new Date(2026, 9, 23).getTime());
  });
});

it("labels are what is typed between commas, each once", () => {
  expect(labelsOf("shop, #later ,, shop,##x")).toEqual(["shop", "later", "x"]);
  expect(labelsOf("  ")).toEqual([]);
  expect(labelsOf("a".repeat(100))[0]).toHaveLength(60);
});
