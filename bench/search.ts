// Our search against the bare ripgrep command on the same tree: node bench/search.ts [folder]
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import { fileQuery, textQuery } from "../src-core/contracts/search.ts";
import { ripgrepPath } from "../src-engine/search/ripgrep.ts";
import { createSearch } from "../src-engine/search/search.ts";
import { createWorkspace } from "../src-engine/workspace/workspace.ts";
import { type Figure, median, printFigures } from "./figures.ts";

const rounds = 9;

/** 20,000 files of about 3 KB in 400 folders, made the same way every time. */
function makeTree(): string {
  const folder = mkdtempSync(join(tmpdir(), "localcoder-bench-"));
  const words = ["const", "value", "return", "index", "function", "result", "import", "export", "string", "number"];
  let seed = 1;
  const random = () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return seed >>> 0;
  };
  for (let directory = 0; directory < 400; directory++) {
    const path = join(folder, `package-${directory % 20}`, `folder-${directory}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < 50; file++) {
      const lines = Array.from({ length: 60 }, () => Array.from({ length: 8 }, () => words[random() % words.length]).join(" "));
      if (file === 7 && directory % 40 === 0) lines[30] = "needle in this line";
      writeFileSync(join(path, `file-${file}.ts`), lines.join("\n"));
    }
  }
  return folder;
}

async function measure(run: () => Promise<number>): Promise<{ milliseconds: number; count: number }> {
  const start = performance.now();
  const count = await run();
  return { milliseconds: performance.now() - start, count };
}

/** Runs ripgrep as a person would in a terminal and reads all that it prints; counts lines. */
function bare(program: string, folder: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    let lines = 0;
    const child = spawn(program, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.on("data", (chunk: Buffer) => {
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
    });
    child.on("error", reject);
    child.on("close", () => resolve(lines));
  });
}

async function compare(what: string, ours: () => Promise<number>, peer: () => Promise<number>): Promise<Figure> {
  const samples: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
  let counts = "";
  // In turns, so that whatever else the machine does meets both alike; the first round only warms the disk.
  for (let round = 0; round <= rounds; round++) {
    const [a, b] = [await measure(ours), await measure(peer)];
    if (round === 0) continue;
    samples.ours.push(a.milliseconds);
    samples.peer.push(b.milliseconds);
    counts = a.count === b.count ? `${a.count}` : `${a.count} and ${b.count}`;
  }
  return {
    what: `${what} (${counts} found)`,
    unit: "ms",
    ours: median(samples.ours),
    peer: median(samples.peer),
    peerName: "ripgrep",
    aim: "1.3 x",
  };
}

const given = process.argv[2];
const folder = given ?? makeTree();
try {
  const program = await ripgrepPath();
  const search = createSearch({ workspace: createWorkspace({ roots: [folder] }) });
  const text = async (query: Partial<z.input<typeof textQuery>> & { pattern: string }) => {
    let count = 0;
    for await (const result of search.text(textQuery.parse({ folder, limit: 1_000_000, ...query }))) {
      if (result.type === "matches") for (const file of result.files) count += file.matches.length;
    }
    return count;
  };
  const files = async () => {
    let count = 0;
    for await (const batch of search.files(fileQuery.parse({ folder, limit: 1_000_000 }))) count += batch.length;
    return count;
  };
  const shared = ["--hidden", "--no-require-git", "--no-ignore-parent", "--no-ignore-global", "--no-config"];
  const plain = [...shared, "--no-heading", "--line-number", "--column", "--ignore-case"];
  printFigures(`Search in ${given ?? "20,000 files"}, median of ${rounds}`, [
    await compare(
      "few hits",
      () => text({ pattern: "needle" }),
      () => bare(program, folder, [...plain, "-F", "needle", "."]),
    ),
    await compare(
      "an expression",
      () => text({ pattern: "needle\\s+in \\w+", regularExpression: true }),
      () => bare(program, folder, [...plain, "needle\\s+in \\w+", "."]),
    ),
    await compare(
      "many hits",
      () => text({ pattern: "export string number" }),
      () => bare(program, folder, [...plain, "-F", "export string number", "."]),
    ),
    await compare("all files, for quick open", files, () => bare(program, folder, [...shared, "--files"])),
  ]);
} finally {
  if (given === undefined) rmSync(folder, { recursive: true, force: true });
}
