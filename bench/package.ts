// Cold and warm start of the packaged program, beside an Electron that shows one line. Run by `npm run bench -- package`; Linux, under a display.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { median, printFigures } from "./figures.ts";
import { measurePaint, measureStart, type StartCost } from "./start.ts";
import { bareElectron, executable, localcoder, root, type Subject } from "./subjects.ts";

const rounds = Number(process.env.LOCALCODER_BENCH_ROUNDS ?? 7);
const folder = join(root, "dist", "linux-unpacked");
const program = join(folder, "localcoder-desktop");
if (!existsSync(program)) {
  const made = spawnSync(process.execPath, [join(root, "tools", "package.mjs"), "--linux", "dir"], { stdio: ["ignore", 2, 2] });
  if (made.status !== 0) throw new Error("The package could not be made.");
}

/** Asks the system to forget what it holds of the files in a folder: of these alone, whatever else the machine does. */
function forget(place: string): void {
  const one = 'for file; do dd if="$file" iflag=nocache count=0 status=none; done';
  const done = spawnSync("find", [place, "-type", "f", "-exec", "sh", "-c", one, "sh", "{}", "+"], { stdio: ["ignore", "ignore", 2] });
  if (done.status !== 0) throw new Error("The system does not forget files here.");
}

type Kind = "cold" | "warm";
const kinds: readonly Kind[] = ["cold", "warm"];
const packaged = localcoder({}, program);
const bare = bareElectron();

/** Starts a subject, cold where the system was told to forget its files before. */
async function started<Cost>(subject: Subject, files: string, kind: Kind, measure: (subject: Subject) => Promise<Cost>): Promise<Cost> {
  if (kind === "cold") for (const place of [files, subject.home]) forget(place);
  return measure(subject);
}

try {
  const ours: Record<Kind, StartCost[]> = { cold: [], warm: [] };
  const theirs: Record<Kind, Omit<StartCost, "typed">[]> = { cold: [], warm: [] };
  // A first start of each makes its caches, and counts nowhere; in turns, so that whatever else the machine does meets both alike.
  for (let round = 0; round <= rounds; round++) {
    for (const kind of kinds) {
      const own = await started(packaged, folder, kind, measureStart);
      const other = await started(bare, dirname(executable), kind, measurePaint);
      if (round === 0) continue;
      ours[kind].push(own);
      theirs[kind].push(other);
    }
  }
  for (const kind of kinds) {
    const painted = median(theirs[kind].map((cost) => cost.painted));
    const peer = { peer: painted, peerName: bare.name, unit: "ms", aim: "stated" };
    const memory = { peer: median(theirs[kind].map((cost) => cost.memory)), peerName: bare.name, unit: "MB", aim: "stated" };
    printFigures(`The package, ${rounds} ${kind} starts, medians`, [
      { what: "start to first painted frame", ours: median(ours[kind].map((cost) => cost.painted)), ...peer },
      { what: "start to typed character visible, beside a painted line", ours: median(ours[kind].map((cost) => cost.typed)), ...peer },
      { what: "memory (PSS)", ours: median(ours[kind].map((cost) => cost.memory)), ...memory },
    ]);
  }
} finally {
  packaged.remove();
  bare.remove();
}
