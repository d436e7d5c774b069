import { tmpdir } from "node:os";
import { join } from "node:path";
import { documentTargets } from "./document-targets.ts";
import { type TestedFunction, testedFunctions } from "./functions.ts";
import type { Options, PartName } from "./options.ts";
import { quixBugs } from "./quix-bugs.ts";
import { differs, onePress, outcome, plainOutcome, replaced, type Target } from "./targets.ts";
import { testTarget } from "./test-targets.ts";

/** What is asked of Refactor, each of a quarter of the functions. */
const instructions = [
  "use clearer names for the local variables",
  "use early returns in place of nested conditions",
  "extract a helper function where it makes this easier to read",
  "write it more concisely",
] as const;

/** The instruction of a function by its number. Neighbours share one, so that each half is asked all of them. */
const instructionAt = (index: number) => instructions[Math.floor(index / 2) % instructions.length];

/** The targets of a part. */
export function targetsOf(part: PartName, { cases }: Options): readonly Target[] {
  switch (part) {
    case "fix":
      return quixBugs(cases).map(fixTarget);
    case "improve":
      return testedFunctions(cases).map((one) => rewriteTarget("improve", one));
    case "refactor":
      return testedFunctions(cases).map((one, index) => rewriteTarget("refactor", one, instructionAt(index)));
    case "document":
      return documentTargets(cases);
    case "test":
      return testedFunctions(cases).map(testTarget);
  }
}

function fixTarget({ name, wrong, passes }: ReturnType<typeof quixBugs>[number]): Target {
  return {
    id: name,
    async ours(ours) {
      const selection = await onePress(ours, wrong, name);
      const place = { path: join(tmpdir(), `${name}.py`), languageId: "python", workspace: tmpdir() };
      const answer = await ours.run({ action: "fix", ...place, text: wrong, selection, verify: ours.verify });
      const text = replaced(wrong, selection, answer.text);
      return outcome(answer, differs(wrong, text), await passes(text));
    },
    async plain(plain) {
      const answer = await plain.ask("fix", wrong, "python");
      const text = withImports(answer.code, wrong);
      return plainOutcome(answer, differs(wrong, text), await passes(text));
    },
  };
}

function rewriteTarget(part: "improve" | "refactor", { id, name, path, text, passes }: TestedFunction, instruction?: string): Target {
  return {
    id,
    async ours(ours) {
      const selection = await onePress(ours, text, name);
      const place = { path: join(tmpdir(), path), languageId: "python", workspace: tmpdir() };
      const answer = await ours.run({ action: part, ...place, text, selection, instruction, verify: ours.verify });
      const after = replaced(text, selection, answer.text);
      return outcome(answer, differs(text, after), await passes(after));
    },
    async plain(plain) {
      const selection = onlyCode(text);
      const answer = await plain.ask(part, selection, "python", instruction);
      const after = withImports(answer.code, text);
      return plainOutcome(answer, differs(selection, answer.code), await passes(after));
    },
  };
}

/** Whoever pastes an answer keeps the imports of the file. */
function withImports(code: string, file: string): string {
  const missing = file.split("\n").filter((line) => /^(?:import|from)\b/.test(line) && !code.includes(line));
  return [...missing, code].join("\n");
}

/** A file of QuixBugs without the text behind its code, which nobody would paste. */
function onlyCode(text: string): string {
  return text.replace(/\n\n+"""[\s\S]*$/, "\n");
}
