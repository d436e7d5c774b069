import { createHealedPsm } from "./healed-psm.ts";
import { multiLinePlaces, singleLinePlaces } from "./human-eval.ts";
import type { Options } from "./options.ts";
import { createOurs, openOurs } from "./ours.ts";
import { ownFiles } from "./own-places.ts";
import { createPeer, peerTime, startPeerServer } from "./peer.ts";
import type { Place } from "./place.ts";
import { askAll, groupsWithout, type OpenSubjects, qualityFigures, type SubjectName } from "./quality.ts";
import { report } from "./report.ts";
import { holesOf, writeRepositories } from "./repositories.ts";
import { openStore } from "./store.ts";

type QualityPart = "own" | "single" | "multi" | "holes";

const aims = {
  own: {},
  single: { passed: "90, 20 points above llama.vim, not below healed PSM" },
  multi: { passed: "10 points above llama.vim" },
  holes: { exact: "1.5 x llama.vim at 0.5B, not below either at 1.5B" },
} as const;

/** Right or wrong, at places whose text is known. */
export async function runQuality(part: QualityPart, model: string, threads: number, options: Options): Promise<void> {
  const { places, remove } = placesOf(part, options);
  const groups = groupsWithout(options.without);
  const store = openStore(model, part, options.again);
  try {
    await askAll(places, groups, (names) => openSubjects(names, model, threads), store, {
      deadline: Date.now() + options.minutes * 60_000,
      texts: options.texts,
    });
  } finally {
    remove();
  }
  report(model, part, `${threads} threads, ${places.length} places`, qualityFigures(part, places, groups, store, aims[part]));
}

function placesOf(part: QualityPart, { quick, cases }: Options): { readonly places: readonly Place[]; remove(): void } {
  const kept = { remove() {} };
  if (part === "own")
    return {
      places: some(
        ownFiles().flatMap((file) => file.places),
        quick ? 12 : Number.POSITIVE_INFINITY,
      ),
      ...kept,
    };
  if (cases === undefined) throw new Error(`The part ${part} needs --cases FOLDER; bench/ghost-text/README.md says what lies there.`);
  if (part === "single") return { places: singleLinePlaces(cases, quick ? 20 : 210), ...kept };
  if (part === "multi") return { places: multiLinePlaces(cases, quick ? 10 : 110), ...kept };
  const { written, remove } = writeRepositories(cases);
  return { places: some(written.flatMap(holesOf), quick ? 16 : Number.POSITIVE_INFINITY), remove };
}

/** As many places, spread evenly. */
function some(places: readonly Place[], count: number): readonly Place[] {
  if (places.length <= count) return places;
  return Array.from({ length: count }, (_, index) => places[Math.floor((index * places.length) / count)]).filter(
    (place) => place !== undefined,
  );
}

async function openSubjects(names: readonly SubjectName[], model: string, threads: number): ReturnType<OpenSubjects> {
  if (names.includes("healed PSM")) {
    const psm = await createHealedPsm(model, threads);
    return { "healed PSM": psm, dispose: psm.dispose };
  }
  if (names.includes("llama.vim")) {
    const server = await startPeerServer(model, threads);
    const milliseconds = ({ judged }: Place) => (judged === "all" ? peerTime.whole : peerTime.typing);
    return { "llama.vim": createPeer(server, milliseconds), dispose: server.dispose };
  }
  const ours = await openOurs(model, threads);
  return { shown: createOurs(ours, true), program: createOurs(ours, false), dispose: ours.dispose };
}
