import { type Command, UsageError } from "../command.ts";
import { answeredByOptions } from "./answered-by.ts";
import { answerJson, noteAnswer, runAssist } from "./assist.ts";

/** `localcoder explain`: explains lines of a file in Markdown. */
export const explain: Command = {
  name: "explain",
  summary: "Explain lines of a file",
  usage: ["explain FILE:FROM-TO [-m MODE]", "explain FILE:LINE [-m MODE]"],
  options: answeredByOptions,
  examples: [["localcoder explain src/cart.ts:10-24", "explains lines 10 to 24 as Markdown, as it is written"]],
  async run(invocation) {
    const { positionals, terminal } = invocation;
    const [place, ...rest] = positionals;
    if (place === undefined || rest.length > 0) throw new UsageError("Name the lines as FILE:FROM-TO, or one as FILE:LINE.");
    // A person reads along; a program gets the answer in one piece, because a second try may replace the first.
    let seen = "";
    const { answer } = await runAssist(invocation, "explain", place, {
      ...(terminal.interactive && {
        onText: (text) => {
          seen += text;
          terminal.write(text);
        },
      }),
    });
    if (terminal.json) {
      terminal.printJson(answerJson(answer));
      return;
    }
    if (seen !== "") terminal.write("\n");
    if (seen.trim() !== answer.text.trim()) {
      if (seen !== "") terminal.note("A second try answers:");
      terminal.print(answer.text);
    }
    noteAnswer(invocation, answer);
    return undefined;
  },
};
