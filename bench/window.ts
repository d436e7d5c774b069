// Start, memory and typing in the window, beside bare Monaco in the same Electron. Run by `npm run bench`; Linux, under a display.
import { measureBesideAnswer } from "./beside-answer.ts";
import { median, printFigures } from "./figures.ts";
import { measureStart, type StartCost } from "./start.ts";
import { bareMonaco, localcoder } from "./subjects.ts";
import { measureTyping, openForTyping, plainKeys, type TypingCost, together } from "./typing.ts";

const rounds = Number(process.env.LOCALCODER_BENCH_ROUNDS ?? 7);
const keys = 40;
const turns = 3;

const ours = localcoder();
const peer = bareMonaco();
try {
  const peerName = peer.name;
  const sides = [ours, peer] as const;

  // In turns, so that whatever else the machine does meets both alike. The first round of each has no caches of its own.
  const starts: StartCost[][] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    for (const [side, subject] of sides.entries()) starts[side]?.push(await measureStart(subject));
  }
  const first = starts.map(([cost]) => cost as StartCost);
  const warm = (side: number, what: keyof StartCost) => median((starts[side] ?? []).slice(1).map((cost) => cost[what]));
  const compare = (what: keyof StartCost) => ({ ours: warm(0, what), peer: warm(1, what), peerName });
  printFigures(`Start and memory, ${rounds} warm starts, medians`, [
    { what: "start to typed character visible", unit: "ms", ...compare("typed"), aim: "2 x" },
    { what: "start to first painted frame", unit: "ms", ...compare("painted"), aim: "at once" },
    {
      what: "first start ever to typed character",
      unit: "ms",
      ours: first[0]?.typed ?? Number.NaN,
      peer: first[1]?.typed ?? Number.NaN,
      peerName,
      aim: "stated",
    },
    { what: "memory without a model (PSS)", unit: "MB", ...compare("memory"), aim: "1.5 x" },
  ]);

  const typing: TypingCost[][] = [[], []];
  for (let turn = 0; turn < turns; turn++) {
    for (const [side, { args, env }] of sides.entries()) {
      const { app, page } = await openForTyping(args, env);
      try {
        typing[side]?.push(await measureTyping(page, plainKeys(keys)));
      } finally {
        app.process().kill("SIGKILL");
      }
    }
  }
  const [own, bare] = typing.map(together) as [TypingCost, TypingCost];
  printFigures(`Typing, ${turns * keys} keys`, paintFigures(own, bare, peerName, "stated"));

  const { idle, streaming } = await measureBesideAnswer(ours, turns, keys);
  printFigures(`Typing while an answer streams, ${turns * keys} keys`, paintFigures(streaming, idle, "no answer", "1 ms more"));
} finally {
  ours.remove();
  peer.remove();
}

function paintFigures(own: TypingCost, other: TypingCost, peerName: string, aimOfWork: string) {
  const shared = { unit: "ms", peerName, compared: "difference" } as const;
  return [
    { ...shared, what: "key to paint, median", ours: own.paint, peer: other.paint, aim: "16.7 ms (one frame) more" },
    { ...shared, what: "key to paint, 95 %", ours: own.paintWorst, peer: other.paintWorst, aim: "stated" },
    { ...shared, what: "main-thread work per key", ours: own.work, peer: other.work, aim: aimOfWork },
  ];
}
