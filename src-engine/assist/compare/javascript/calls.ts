import { constants, createContext, runInContext } from "node:vm";
import type { Program } from "./program.ts";
import { Unknown } from "./source.ts";

/** What came of one call: how it ended, and all that it gave, printed and did to its arguments. */
export interface Outcome {
  readonly how: "gave" | "threw" | "late";
  readonly value: string;
  /** What it gave, or the name of what it threw. */
  readonly shown: string;
  readonly steps: number;
}

/** Calls of one program, from nothing. */
export interface Calls {
  readonly outcomes: readonly Outcome[];
  /** Numbers of the statements they reached. */
  readonly reached: ReadonlySet<number>;
}

/** Milliseconds after which all calls of a program together are ended, whatever they count. */
const patience = 4_000;

/** Runs beside the function in its realm, so that nothing of ours ever gets there but text. */
const beside = `"use strict";
(() => {
  let steps = 0, most = 1e6, late = false, said = [];
  const reached = new Set();
  class Late extends Error {}
  class Unclear extends Error {}
  delete Error.captureStackTrace;
  globalThis.__at = (id) => {
    reached.add(id);
    if (++steps > most) {
      late = true;
      throw new Late();
    }
  };
  globalThis.__said = (values) => void said.push(values);
  const listen = (...values) => void said.push(values);
  globalThis.console = { log: listen, info: listen, warn: listen, error: listen, debug: listen };
  const plain = (value, seen, depth) => {
    if (value === null || typeof value === "undefined" || typeof value === "boolean") return String(value);
    if (typeof value === "number") return Number.isInteger(value) || !Number.isFinite(value) ? String(value) : String(Number(value.toPrecision(10)));
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "bigint") return value + "n";
    if (typeof value === "function") {
      if (value.__given) return "function";
      throw new Unclear("it gives a function");
    }
    if (typeof value === "symbol") throw new Unclear("it gives a symbol");
    if (depth > 40 || seen.size > 4000) throw new Unclear("what it gives is too large");
    if (seen.has(value)) return "#" + seen.get(value);
    seen.set(value, seen.size);
    const inner = (each) => plain(each, seen, depth + 1);
    if (Array.isArray(value)) return "[" + Array.from(value, inner).join(", ") + "]";
    if (value instanceof Map) return "Map {" + [...value].map(([key, each]) => inner(key) + ": " + inner(each)).join(", ") + "}";
    if (value instanceof Set) return "Set {" + [...value].map(inner).join(", ") + "}";
    if (value instanceof RegExp) return String(value);
    if (value instanceof Error) return value.name + "(" + JSON.stringify(value.message) + ")";
    if (ArrayBuffer.isView(value)) return Object.prototype.toString.call(value) + "[" + Array.from(value).join(", ") + "]";
    if (typeof value.next === "function") {
      const drawn = [];
      for (let each = value.next(); !each.done && drawn.length < 200; each = value.next()) drawn.push(inner(each.value));
      return "iterator of [" + drawn.join(", ") + "]";
    }
    const kind = Object.getPrototypeOf(value)?.constructor?.name ?? "";
    return (kind === "Object" ? "" : kind + " ") + "{" + Object.keys(value).map((key) => key + ": " + inner(value[key])).join(", ") + "}";
  };
  globalThis.__run = (called, calls) => {
    const outcomes = calls.map(([make, limit]) => {
      steps = 0;
      most = limit;
      late = false;
      said = [];
      const given = make();
      try {
        const value = called(...given);
        const shown = plain(value, new Map(), 0);
        const seen = new Map();
        const whole = [value, given, said].map((each) => plain(each, seen, 0)).join("; ");
        if (!late) return { how: "gave", value: whole, shown, steps };
      } catch (error) {
        if (error instanceof Unclear) return { how: "unclear", value: error.message };
        if (!late && !(error instanceof RangeError && /call stack/.test(error.message))) {
          const name = error instanceof Error ? error.name : "what it threw";
          return { how: "threw", value: name + ": " + (error instanceof Error ? error.message : plain(error, new Map(), 0)), shown: name, steps };
        }
      }
      return { how: "late", value: "", shown: "no end", steps };
    });
    return JSON.stringify({ outcomes, reached: [...reached] });
  };
})();`;

/** Calls a program with arguments, each a text, and a limit of steps for each. Throws {@link Unknown} where that shows nothing. */
export function callAll({ name, text }: Program, calls: readonly { readonly given: string; readonly most: number }[]): Calls {
  const realm = createContext(constants.DONT_CONTEXTIFY, { codeGeneration: { strings: false, wasm: false } });
  runInContext(beside, realm);
  const list = calls.map(({ given, most }) => `[() => [${given}], ${most}]`).join(",\n");
  let came: { outcomes: (Outcome | { how: "unclear"; value: string })[]; reached: number[] };
  try {
    const said: unknown = runInContext(`"use strict";\n${text}\n__run(${name}, [${list}]);`, realm, { timeout: patience });
    came = JSON.parse(String(said)) as typeof came;
  } catch (error) {
    throw new Unknown(
      (error as { readonly code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? "it takes too long" : "it cannot be called by itself",
    );
  }
  const outcomes = came.outcomes.map((outcome) => {
    if (outcome.how === "unclear") throw new Unknown(outcome.value);
    return outcome;
  });
  return { outcomes, reached: new Set(came.reached) };
}
