import type { ModelRole } from "../contracts/common.ts";
import type { CatalogueEntry, Neighbour } from "../contracts/models.ts";
import { contextsFor, contextUse } from "./context-use.ts";
import { fitsOnGpu, type MemoryOf, memoryBudget } from "./fit.ts";
import { formatMemory } from "./format.ts";
import { type KeyValueType, memoryWith } from "./memory-with.ts";
import { expectedWriting, leastWriting } from "./speed.ts";

/** The roles a recommendation is made for. */
export type RecommendedRole = Extract<ModelRole, "completion" | "code" | "general">;

/** How much context models are opened with, and how it is kept. */
interface Context {
  readonly size: number;
  readonly keyValueType: KeyValueType;
}

/** What is recommended for a role on this machine. */
export interface Recommendation {
  readonly role: RecommendedRole;
  readonly entry: CatalogueEntry;
  /** Bytes of memory it is expected to take, of so many that there are. */
  readonly need: number;
  readonly memory: MemoryOf;
  /** How much context it was counted with, and how that is kept. */
  readonly context: Context;
  /** The next ones of the same kind, where there are such: smaller and faster, bigger and better. */
  readonly smaller?: Neighbour;
  readonly bigger?: Neighbour;
}

interface Tier {
  /** The tier is for machines with at least this many GB of memory. */
  readonly from: number;
  readonly completion: readonly string[];
  readonly code: readonly string[];
  readonly general: readonly string[];
}

/** Catalogue ids by memory, the best first; the first that fits is taken. */
const tiers: readonly Tier[] = [
  {
    from: 64,
    completion: ["qwen2.5-coder-7b-base", "qwen2.5-coder-1.5b-base", "qwen2.5-coder-0.5b-base"],
    code: ["qwen2.5-coder-32b-instruct", "qwen2.5-coder-14b-instruct", "qwen2.5-coder-7b-instruct", "qwen2.5-coder-1.5b-instruct"],
    general: ["qwen2.5-coder-14b-instruct", "llama-3.1-8b-instruct", "phi-3.5-mini-instruct"],
  },
  {
    from: 32,
    completion: ["qwen2.5-coder-7b-base", "qwen2.5-coder-1.5b-base", "qwen2.5-coder-0.5b-base"],
    code: ["qwen2.5-coder-14b-instruct", "qwen2.5-coder-7b-instruct", "qwen2.5-coder-1.5b-instruct"],
    general: ["llama-3.1-8b-instruct", "phi-3.5-mini-instruct"],
  },
  {
    from: 16,
    completion: ["qwen2.5-coder-1.5b-base", "qwen2.5-coder-0.5b-base"],
    code: ["qwen2.5-coder-7b-instruct", "qwen2.5-coder-1.5b-instruct"],
    general: ["llama-3.1-8b-instruct", "phi-3.5-mini-instruct"],
  },
  {
    from: 8,
    completion: ["qwen2.5-coder-1.5b-base", "qwen2.5-coder-0.5b-base"],
    code: ["qwen2.5-coder-7b-instruct", "qwen2.5-coder-1.5b-instruct", "qwen2.5-coder-0.5b-instruct"],
    general: ["phi-3.5-mini-instruct", "qwen2.5-coder-1.5b-instruct"],
  },
  {
    from: 0,
    completion: ["qwen2.5-coder-0.5b-base"],
    code: ["qwen2.5-coder-1.5b-instruct", "qwen2.5-coder-0.5b-instruct"],
    general: ["qwen2.5-coder-1.5b-instruct", "qwen2.5-coder-0.5b-instruct"],
  },
];

/** Models of one kind by size, for what is smaller and what is bigger than the recommended one. */
const ladders: Readonly<Record<RecommendedRole, readonly string[]>> = {
  completion: ["0.5b", "1.5b", "7b", "14b", "32b"].map((size) => `qwen2.5-coder-${size}-base`),
  code: ["0.5b", "1.5b", "7b", "14b", "32b"].map((size) => `qwen2.5-coder-${size}-instruct`),
  general: [
    "qwen2.5-coder-0.5b-instruct",
    "qwen2.5-coder-1.5b-instruct",
    "phi-3.5-mini-instruct",
    "llama-3.1-8b-instruct",
    "qwen2.5-coder-14b-instruct",
    "qwen2.5-coder-32b-instruct",
  ],
};

/** Ghost text from models above this many billions is too slow without a graphics processor. */
const largestOnCpu = 3;

const roleNames: Readonly<Record<RecommendedRole, string>> = {
  completion: "ghost text",
  code: "actions on code",
  general: "explanations and chat",
};

/** What models take of a machine when nobody says how much. */
const limitShare = 0.7;

/** Memory in the GB a machine is sold with: the system reports some percent less, because firmware and graphics keep a part. */
function soldGigabytes({ total, limit }: MemoryOf): number {
  // Who gives models less makes the machine a smaller one.
  return (Math.min(total, limit ? limit / limitShare : total) / 2 ** 30) * 1.07;
}

/**
 * Recommends a model for each role: the best of the machine's tier that fits beside the system, with ghost text and the
 * code model in memory together, and that its processor is expected to write quickly enough with where no graphics card does it. The last
 * of a tier is taken even where that is none.
 */
export function recommend(
  catalogue: readonly CatalogueEntry[],
  memory: MemoryOf,
  contextSize: number,
  keyValueType: KeyValueType = "f16",
): Recommendation[] {
  const tier = tiers.find((each) => soldGigabytes(memory) >= each.from) ?? tiers[tiers.length - 1]!;
  const budget = memoryBudget(memory);
  const listed = (id: string) => catalogue.find((entry) => entry.id === id && !entry.listedOnly);
  const result: Recommendation[] = [];
  let taken = 0;
  for (const role of ["completion", "code", "general"] as const) {
    const needOf = (entry: CatalogueEntry) => memoryWith(entry, [contextUse(role, contextSize, memory.gpu.length > 0)], keyValueType);
    // On the smallest machines one model makes room for the other.
    const room = tier.from === 0 ? budget : budget - taken;
    const candidates = tier[role].flatMap((id) => listed(id) ?? []);
    const entry = candidates.find((each) => !obstacleTo(each, role, needOf(each), memory, room)) ?? candidates[candidates.length - 1];
    if (!entry) continue;
    const need = needOf(entry);
    if (role === "completion") taken = need;
    const neighbour = (steps: 1 | -1): Neighbour | undefined => {
      const ladder = ladders[role].flatMap((id) => listed(id) ?? []);
      const found = ladder.includes(entry) ? ladder[ladder.indexOf(entry) + steps] : undefined;
      if (!found) return undefined;
      const { id, name, bytes } = found;
      const obstacle = obstacleTo(found, role, needOf(found), memory, room);
      const writing = obstacle === "processor" && memory.cores ? expectedWriting(bytes, memory.cores) : undefined;
      return { id, name, bytes, memory: needOf(found), obstacle, ...(writing !== undefined && { writing }) };
    };
    result.push({ role, entry, need, memory, context: { size: contextSize, keyValueType }, smaller: neighbour(-1), bigger: neighbour(1) });
  }
  return result;
}

/** Share of a model's parameters at which another one is smaller: a little smaller would be a little faster only. */
export const clearlySmaller = 0.7;

/** The next smaller model of the kind that suits a role: for one of the catalogue by its id, else by its billions of parameters. */
export function nextSmaller(
  catalogue: readonly CatalogueEntry[],
  role: RecommendedRole,
  model: { readonly id: string; readonly parameters: number | undefined },
): CatalogueEntry | undefined {
  const parameters = catalogue.find(({ id }) => id === model.id)?.parameters ?? model.parameters;
  if (parameters === undefined) return undefined;
  const ladder = ladders[role].flatMap((id) => catalogue.find((entry) => entry.id === id && !entry.listedOnly) ?? []);
  return ladder.filter((entry) => entry.parameters <= parameters * clearlySmaller).at(-1);
}

/**
 * Why a model is recommended, in one sentence; all recommendations are of one model. Empty for none. @param used roles it is used for
 * already: then it takes what those take.
 */
export function explain(recommendations: readonly Recommendation[], used: readonly ModelRole[] = []): string | undefined {
  const [first] = recommendations;
  if (first === undefined) return undefined;
  const roles = recommendations.map(({ role }) => roleNames[role]).join(", and for ");
  const counted = used.length > 0 ? used : recommendations.map(({ role }) => role);
  const contexts = contextsFor(counted, first.context.size, first.memory.gpu.length > 0);
  const need = memoryWith(first.entry, contexts, first.context.keyValueType);
  const { total, limit } = first.memory;
  const there = limit ? `the ${formatMemory(limit)} that models may take` : `this machine's ${formatMemory(total)} of memory`;
  return `Recommended for ${roles}: it takes about ${formatMemory(need)} of ${there}.`;
}

function obstacleTo(entry: CatalogueEntry, role: RecommendedRole, need: number, memory: MemoryOf, budget: number): Neighbour["obstacle"] {
  if (need > budget) return "memory";
  if (fitsOnGpu(memory, need)) return undefined;
  if (role === "completion") return entry.parameters > largestOnCpu ? "graphics" : undefined;
  return memory.cores && expectedWriting(entry.bytes, memory.cores) < leastWriting ? "processor" : undefined;
}
