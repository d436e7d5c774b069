import { expect, it } from "vitest";
import type { Inference } from "../inference/host.ts";
import { testModel } from "./test-load.ts";

it("asks for something new each time, so that what is known from before counts for nothing", async () => {
  const asked = new Set<string>();
  const inference = {
    ensure: async () => ({ backend: "cpu" }),
    infill: async (_model: unknown, { prefix }: { prefix: string }) => {
      asked.add(prefix);
      return {
        pieces: [{ text: "one + other;" }],
        tokens: { evaluated: 40, generated: 4 },
        milliseconds: { evaluating: 100, generating: 200 },
      };
    },
  } as unknown as Inference;
  const model = { id: "tiny", name: "Tiny", path: "/models/tiny.gguf" };
  for (let time = 0; time < 20; time++) {
    expect(await testModel(inference, model, "completion")).toMatchObject({ tokensPerSecond: 20, text: "one + other;" });
  }
  expect(asked.size).toBeGreaterThan(1);
});
