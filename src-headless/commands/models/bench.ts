import type { ModelBench, ModelBenchEvent } from "#core/contracts/models";
import type { Invocation } from "../../command.ts";
import { table } from "../../terminal.ts";
import { modelNamed } from "./named.ts";

const steps: Readonly<Record<Extract<ModelBenchEvent, { type: "step" }>["step"], string>> = {
  loading: "Loading the model",
  reading: "Reading a prompt it does not know, and answering",
  writing: "Asking the same once more",
};

/** `models bench`: how quick a model is on this machine. */
export async function bench({ terminal, client, signal }: Invocation, named: string | undefined): Promise<undefined> {
  const { models } = await client();
  for await (const event of await models.bench(named === undefined ? {} : { model: modelNamed(named) }, { signal })) {
    if (event.type === "step") terminal.progress(steps[event.step]);
    else if (terminal.json) terminal.printJson([event.bench]);
    else for (const line of table(rowsOf(event.bench))) terminal.print(line);
  }
}

function rowsOf(bench: ModelBench): string[][] {
  const { firstTokenMilliseconds: first } = bench;
  return [
    ["Model", bench.model],
    ["Runs on", `${bench.backend}, ${bench.threads} threads`],
    ["Load", `${(bench.loadMilliseconds / 1000).toFixed(1)} s`],
    [
      "First token",
      `${Math.round(first.cold)} ms for a new prompt of ${bench.promptTokens} tokens, ${Math.round(first.warm)} ms for a known one`,
    ],
    ["Reading", `${bench.promptTokensPerSecond.toFixed(1)} tokens/s`],
    ["Writing", `${bench.tokensPerSecond.toFixed(1)} tokens/s`],
  ];
}
