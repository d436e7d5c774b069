import { type Command, UsageError } from "../command.ts";
import { runAssist } from "./assist.ts";
import { proposalOptions, proposeRun } from "./rewrite.ts";

/** `localcoder test`: writes tests of lines into the file of tests where the project has its own. */
export const test: Command = {
  name: "test",
  summary: "Write tests of a function or class",
  usage: ["test FILE:FROM-TO [--instruction TEXT] [--run] [-m MODE] [--diff] [--write]"],
  options: {
    instruction: { description: "Say what is to be tested", value: "TEXT" },
    run: { description: "Run the tests before they are shown, and leave out those that fail (Python)" },
    ...proposalOptions,
  },
  examples: [
    ["localcoder test src/cart.py:10-24", "prints the file of tests as a diff, and writes nothing"],
    ["localcoder test src/cart.py:10-24 --run --write", "writes the tests that pass"],
  ],
  async run(invocation) {
    const { positionals, value, has } = invocation;
    const [place, ...rest] = positionals;
    if (place === undefined || rest.length > 0) throw new UsageError("Name the lines as FILE:FROM-TO, or one as FILE:LINE.");
    return proposeRun(invocation, await runAssist(invocation, "test", place, { instruction: value("instruction"), verify: has("run") }));
  },
};
