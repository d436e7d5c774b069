// Is a question of a chat about the project that is open? Rules, one token of a model, and both, on questions written by hand about
// LocalCoder itself. Half of them were looked at while rules and prompt were made, half were not. Usage:
// node bench/project-questions.ts [MODEL.gguf] [--misses]
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { aboutProject, withoutCode } from "#core/chat/about-project";
import { asksWhetherProject, saysProject } from "#core/chat/ask-about-project";
import { createProjectIndex } from "#engine/project/project-index";
import { createParsers } from "#engine/syntax/parser";
import { printFigures } from "./figures.ts";
import { modelFile, openInference } from "./model.ts";

const { values, positionals } = parseArgs({ options: { misses: { type: "boolean" } }, allowPositionals: true });
const path = modelFile(positionals[0]);
const model = { id: "bench", name: "bench", path };

interface Case {
  readonly question: string;
  readonly project: boolean;
  /** True for those that rules and prompt were made with. */
  readonly chosenOn: boolean;
}
const cases = JSON.parse(readFileSync(new URL("cases/project-questions.json", import.meta.url), "utf8")) as Case[];

const folder = mkdtempSync(join(tmpdir(), "localcoder-bench-project-"));
const index = createProjectIndex({ folder, parsers: createParsers() });
// The questions themselves are no part of the project.
const scope = { workspace: fileURLToPath(new URL("..", import.meta.url)), exclude: ["bench/**"], repositories: [] };
await index.find(scope, { question: "warm up", tokens: 100, recent: [], wait: 600_000 });
const { inference } = openInference(2048);

const results = [];
let ruling = 0;
let asking = 0;
for (const one of cases) {
  let from = performance.now();
  const rule = aboutProject(one.question, await index.recognise(scope, withoutCode(one.question), 1000));
  ruling += performance.now() - from;
  from = performance.now();
  let chance = 0;
  let token = false;
  for await (const event of inference.generate(model, "general", asksWhetherProject(one.question)))
    if (event.type === "done") ({ token, chance } = { token: saysProject(event), chance: event.chances?.[0] ?? 0 });
  asking += performance.now() - from;
  results.push({ ...one, rule, token, chance });
}
await inference.dispose();
index.close();
rmSync(folder, { recursive: true, force: true });

type Result = (typeof results)[number];
const ways: Readonly<Record<string, (one: Result) => boolean>> = {
  "rules, else not": ({ rule }) => rule?.about ?? false,
  "the token alone": ({ token }) => token,
  "rules, else the token": ({ rule, token }) => rule?.about ?? token,
};
for (const [what, some] of [
  ["those it was made with", results.filter(({ chosenOn }) => chosenOn)],
  ["those it was not", results.filter(({ chosenOn }) => !chosenOn)],
] as const) {
  const left = some.filter(({ rule }) => rule === undefined);
  printFigures(`Is it about the project? ${some.length} questions, ${what}; ${basename(path)}`, [
    ...Object.entries(ways).map(([name, way]) => ({
      ...{ what: `${name}: right`, unit: "%", aim: "stated" },
      ours: (some.filter((one) => way(one) === one.project).length / some.length) * 100,
    })),
    { what: "left open by the rules", unit: "questions", ours: left.length, aim: "stated" },
    {
      what: "of these, the token is right",
      unit: "questions",
      ours: left.filter((one) => one.token === one.project).length,
      aim: "stated",
    },
    {
      what: "searched without need, by rules",
      unit: "questions",
      ours: some.filter((one) => one.rule?.about && !one.project).length,
      aim: "stated",
    },
  ]);
}
console.log(`  a question takes ${(ruling / cases.length).toFixed(1)} ms by rules, ${(asking / cases.length).toFixed(0)} ms by a token`);
if (values.misses)
  for (const { question, project, rule, chance, chosenOn } of results)
    if (rule?.about !== project)
      console.log(`${chosenOn ? "made" : "held"} ${project ? "P" : "G"} ${rule ? rule.reason : "open"} ${chance.toFixed(2)} ${question}`);
