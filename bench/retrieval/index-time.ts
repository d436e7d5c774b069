import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileKindOf } from "#core/project/files";
import { createProjectIndex } from "#engine/project/project-index";
import type { Parsers } from "#engine/syntax/parser";
import { type Figure, median } from "../figures.ts";
import { writeFilesOf } from "../ghost-text/git.ts";
import { readCases } from "./questions.ts";

const wanted = 5000;
const question = { question: "where are retries counted", tokens: 3000, recent: [], wait: 600_000 };

/** How long a new index of 5,000 files takes, and one more file: copies of the public repositories beside each other. */
export async function measureIndex(casesFolder: string, parsers: Parsers): Promise<Figure[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "localcoder-bench-index-")));
  try {
    const workspace = join(folder, "workspace");
    const pattern = join(folder, "pattern");
    for (const { name, commit } of readCases()) writeFilesOf(join(casesFolder, name), commit, join(pattern, name));
    const files = readdirSync(pattern, { recursive: true, encoding: "utf8" }).filter(
      (path) => fileKindOf(path) !== undefined && statSync(join(pattern, path)).isFile(),
    );
    let written = 0;
    for (let copy = 0; written < wanted; copy += 1) {
      for (const path of files.slice(0, wanted - written)) {
        mkdirSync(join(workspace, `copy${copy}`, path, ".."), { recursive: true });
        cpSync(join(pattern, path), join(workspace, `copy${copy}`, path));
        written += 1;
      }
    }
    const scope = { workspace, exclude: [], repositories: [] };
    const index = createProjectIndex({ folder: join(folder, "index"), parsers });
    const before = process.cpuUsage();
    const began = performance.now();
    await index.find(scope, question);
    const cold = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(before);
    const status = await index.status(scope);
    const changed: number[] = [];
    const walked: number[] = [];
    const asked: number[] = [];
    const file = join(workspace, "copy0", files.find((path) => /click\/src\/click\/types\.py$/.test(path)) ?? "");
    const text = readFileSync(file, "utf8");
    for (let round = 0; round < 7; round += 1) {
      writeFileSync(file, `${text}\n# round ${round}\n`);
      let from = performance.now();
      await index.changed(scope, file);
      changed.push(performance.now() - from);
      await new Promise((resolve) => setTimeout(resolve, 1100));
      writeFileSync(file, `${text}\n# again ${round}\n`);
      from = performance.now();
      await index.find(scope, question);
      walked.push(performance.now() - from);
      from = performance.now();
      await index.find(scope, question);
      asked.push(performance.now() - from);
    }
    index.close();
    return [
      { what: `${status.files + status.skipped} files, ${status.places} places, cold`, unit: "s", ours: cold, aim: "20 s on one core" },
      { what: "of it on processors", unit: "s", ours: (user + system) / 1e6, aim: "as above" },
      { what: "one file changed (34 kB), told", unit: "ms", ours: median(changed), aim: "200 ms" },
      { what: "one file changed, found by looking, question included", unit: "ms", ours: median(walked), aim: "stated" },
      { what: "a question, nothing changed", unit: "ms", ours: median(asked), aim: "stated" },
      { what: "size on the disk", unit: "MB", ours: status.bytes / 1e6, aim: "stated" },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
