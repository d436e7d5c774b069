// Which file answers a question: ours, ripgrep-and-rank and a plain BM25 side by side, and how long an index takes. Run by
// `npm run bench -- retrieval --cases FOLDER`; bench/retrieval/README.md says what is measured.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fileKindOf } from "#core/project/files";
import { createProjectIndex } from "#engine/project/project-index";
import { createParsers } from "#engine/syntax/parser";
import { printFigures } from "./figures.ts";
import { writeFilesOf } from "./ghost-text/git.ts";
import { measureIndex } from "./retrieval/index-time.ts";
import { plainBm25, ripgrepAndRank } from "./retrieval/peers.ts";
import { type QuestionSet, questionSets, readCases } from "./retrieval/questions.ts";
import { openVectors } from "./retrieval/vectors.ts";

const { values } = parseArgs({
  options: {
    cases: { type: "string" },
    only: { type: "string" },
    kind: { type: "string" },
    misses: { type: "boolean" },
    "no-index": { type: "boolean" },
    embed: { type: "string" },
  },
});
/** Repositories the weights were chosen on; the others were only measured. */
const chosenOn = ["click", "ky", "cobra", "cJSON"];
/** Room for all pieces together, for us and for BM25. */
const tokens = 3000;
const subjects = ["ours", "vectors", "ripgrep", "bm25", "ripgrep-code", "bm25-code"] as const;
type Subject = (typeof subjects)[number];

interface Result {
  readonly id: string;
  readonly kind: "documented" | "commit";
  readonly repository: string;
  /** Where the first right file stands, from 1; 0 where it does not. */
  readonly ranks: Readonly<Record<Subject, number>>;
  readonly milliseconds: number;
}

const parsers = createParsers();
const vectors = values.embed === undefined ? undefined : openVectors(values.embed);

async function ask(set: QuestionSet): Promise<Result[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "localcoder-bench-retrieval-")));
  const workspace = join(folder, "workspace");
  writeFilesOf(set.clone, set.commit, workspace);
  for (const [path, spans] of set.without) {
    const lines = readFileSync(join(workspace, path), "utf8").split("\n");
    for (const { from, to } of spans) lines.fill("", from, to + 1);
    writeFileSync(join(workspace, path), lines.join("\n"));
  }
  const index = createProjectIndex({ folder: join(folder, "index"), parsers });
  const scope = { workspace, exclude: [], repositories: [] };
  const plain = await plainBm25(workspace, () => true);
  const plainCode = await plainBm25(workspace, isCode);
  const results: Result[] = [];
  try {
    await index.find(scope, { question: "warm up", tokens, recent: [], wait: 600_000 });
    await vectors?.fill(index, scope);
    for (const { id, text, right } of set.questions) {
      const began = performance.now();
      const { pieces } = await index.find(scope, { question: text, tokens, recent: [], wait: 600_000 });
      const milliseconds = performance.now() - began;
      const ripgrep = await ripgrepAndRank(workspace, text);
      const meaning = await vectors?.of(text);
      const near = meaning && (await index.find(scope, { question: text, tokens, recent: [], wait: 600_000, meaning }));
      const found: Record<Subject, readonly string[]> = {
        ours: [...new Set(pieces.map(({ path }) => path))],
        vectors: [...new Set((near ?? { pieces }).pieces.map(({ path }) => path))],
        ripgrep,
        bm25: plain.find(text, tokens),
        "ripgrep-code": ripgrep.filter(isCode),
        "bm25-code": plainCode.find(text, tokens),
      };
      const rankOf = (subject: Subject) => found[subject].findIndex((path) => right.includes(path)) + 1;
      const ranks = Object.fromEntries(subjects.map((subject) => [subject, rankOf(subject)])) as Record<Subject, number>;
      results.push({ id, kind: set.without.size > 0 ? "documented" : "commit", repository: set.repository, ranks, milliseconds });
      if (values.misses && !isHit(ranks.ours))
        console.log(
          `MISS ${id} "${text}"\n  right ${right.join(" ")}\n  ours ${ranks.ours}: ${found.ours.slice(0, 6).join(" ")}\n  rg ${ranks.ripgrep} bm25 ${ranks.bm25}`,
        );
    }
  } finally {
    index.close();
    plain.close();
    plainCode.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

/** Code that is no test: what a peer would look at that knows what is right here. */
const isCode = (path: string) => fileKindOf(path) === "code";
const isHit = (rank: number) => rank >= 1 && rank <= 5;

function figuresOf(results: readonly Result[], what: string) {
  const share = (subject: Subject) => (results.filter(({ ranks }) => isHit(ranks[subject])).length / results.length) * 100;
  const reciprocal = (subject: Subject) =>
    results.reduce((sum, { ranks }) => sum + (ranks[subject] > 0 ? 1 / ranks[subject] : 0), 0) / results.length;
  const number = `${what}, ${results.length} questions`;
  const names = {
    vectors: "ours with vectors",
    ripgrep: "ripgrep",
    bm25: "plain BM25",
    "ripgrep-code": "ripgrep, code alone",
    "bm25-code": "plain BM25, code alone",
  };
  const peers = [...(vectors ? (["vectors"] as const) : []), "ripgrep", "bm25", "ripgrep-code", "bm25-code"] as const;
  const aim = (peer: Subject) =>
    peer === "vectors" ? "stated" : peer === "ripgrep" ? `above ${(100 - (100 - share(peer)) / 2).toFixed(1)} %` : "above the peer";
  return [
    ...peers.map((peer) => ({
      ...{ what: `${number}: in the first five`, unit: "%", ours: share("ours"), peer: share(peer), peerName: names[peer] },
      ...{ compared: "difference" as const, aim: aim(peer) },
    })),
    ...peers.map((peer) => ({
      ...{ what: `${number}: mean of 1/rank`, unit: "", ours: reciprocal("ours"), peer: reciprocal(peer), peerName: names[peer] },
      aim: "above the peer",
    })),
  ];
}

if (values.cases === undefined) {
  console.log("\nRetrieval was not measured: name the folder with the clones, --cases FOLDER.");
  process.exit();
}
const results: Result[] = [];
for (const cases of readCases()) {
  if (values.only !== undefined && !values.only.split(",").includes(cases.name)) continue;
  for (const set of questionSets(join(values.cases, cases.name), cases))
    if (values.kind === undefined || (values.kind === "documented") === set.without.size > 0) results.push(...(await ask(set)));
}
const figures = [
  ...figuresOf(results, "all"),
  ...figuresOf(
    results.filter(({ kind }) => kind === "documented"),
    "what was written about code",
  ),
  ...figuresOf(
    results.filter(({ kind }) => kind === "commit"),
    "subjects of commits",
  ),
  ...figuresOf(
    results.filter(({ repository }) => chosenOn.includes(repository)),
    "repositories the weights were chosen on",
  ),
  ...figuresOf(
    results.filter(({ repository }) => !chosenOn.includes(repository)),
    "repositories they were not",
  ),
];
printFigures(`The right file, within ${tokens} tokens`, figures);
for (const name of new Set(results.map(({ repository }) => repository))) {
  const own = results.filter(({ repository }) => repository === name);
  const hits = (subject: Subject) => own.filter(({ ranks }) => isHit(ranks[subject])).length;
  console.log(`  ${name}: ${own.length} questions, ours ${hits("ours")}, ripgrep ${hits("ripgrep")}, plain BM25 ${hits("bm25")}`);
}
const index = values["no-index"] ? [] : await measureIndex(values.cases, parsers);
if (index.length > 0) printFigures("The index", index);
const out = new URL("../out/bench/retrieval/", import.meta.url);
mkdirSync(out, { recursive: true });
writeFileSync(new URL("results.json", out), JSON.stringify({ at: new Date().toISOString(), tokens, figures, index, results }, null, 1));
await vectors?.dispose();
