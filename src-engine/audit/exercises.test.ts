import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { allActions } from "#core/assist/index";
import { engineContract } from "#core/contracts/index";
import type { EngineClient } from "../open.ts";
import { exerciseAll } from "./exercises.ts";

/** Services that an audit does not use, and why. */
const leftOut: Readonly<Record<string, string>> = {
  audit: "is the audit itself",
  licences: "reads a file of the program",
  network: "is what the audit reads at its end",
  terminal: "runs the user's own programs",
  updates: "asks for a permission",
};

test("every service and every action is used, or it is said why not", async () => {
  const services = new Set<string>();
  const actions = new Set<string>();
  const answers = async function* () {
    yield { type: "started", id: "1" };
    yield { type: "messages", messages: [{ request_seq: 2 }] };
  };
  /** Takes note of what is called; each answer is a stream and a list of one. */
  const recorded = (service: string) =>
    new Proxy(
      {},
      {
        get: () => async (input: { action?: string } | undefined) => {
          services.add(service);
          if (input?.action !== undefined) actions.add(input.action);
          return Object.assign([{ id: "1" }], { [Symbol.asyncIterator]: answers });
        },
      },
    );
  const client = new Proxy({}, { get: (_, service) => recorded(String(service)) }) as EngineClient["client"];
  const folder = mkdtempSync(join(tmpdir(), "localcoder-exercises-"));
  const results: string[] = [];
  for await (const event of exerciseAll(client, folder, new AbortController().signal))
    if (event.type === "used") results.push(event.result);
  rmSync(folder, { recursive: true });
  expect(new Set(results)).toEqual(new Set(["done"]));
  expect([...services, ...Object.keys(leftOut)].sort()).toEqual(Object.keys(engineContract).sort());
  expect([...actions].sort()).toEqual(allActions.map(({ id }) => id).sort());
});
