/** An edge of a graph of files: who uses whom, and how much that says. */
export interface Edge<Id> {
  readonly from: Id;
  readonly to: Id;
  readonly weight: number;
}

const damping = 0.85;
const mostRounds = 40;
/** Change of all ranks together below which another round brings nothing. */
const settled = 1e-5;

/**
 * PageRank of the nodes of a weighted graph; the sum is 1. A walk starts, and starts again, at the nodes of `start` in proportion
 * to their values; where none is given, anywhere.
 */
export function pageRank<Id>(
  nodes: readonly Id[],
  edges: Iterable<Edge<Id>>,
  start: ReadonlyMap<Id, number> = new Map(),
): ReadonlyMap<Id, number> {
  const index = new Map(nodes.map((node, at) => [node, at]));
  const outgoing = new Float64Array(nodes.length);
  // Two files often share many names: one edge for all of them.
  const merged = new Map<number, number>();
  for (const { from, to, weight } of edges) {
    const [source, target] = [index.get(from), index.get(to)];
    if (source === undefined || target === undefined || weight <= 0) continue;
    const key = source * nodes.length + target;
    merged.set(key, (merged.get(key) ?? 0) + weight);
    outgoing[source] = (outgoing[source] ?? 0) + weight;
  }
  const sources = Int32Array.from(merged.keys(), (key) => Math.floor(key / nodes.length));
  const targets = Int32Array.from(merged.keys(), (key) => key % nodes.length);
  const weights = Float64Array.from(merged.values());
  const home = homes(nodes, start);
  let rank = Float64Array.from(home);
  for (let round = 0; round < mostRounds; round += 1) {
    const next = new Float64Array(nodes.length);
    for (let edge = 0; edge < weights.length; edge += 1) {
      const [from, to] = [sources[edge] as number, targets[edge] as number];
      next[to] = (next[to] as number) + ((rank[from] as number) * (weights[edge] as number)) / (outgoing[from] as number);
    }
    // What ends nowhere starts again, as the rest does now and then.
    let lost = 0;
    for (let at = 0; at < nodes.length; at += 1) if (outgoing[at] === 0) lost += rank[at] as number;
    let change = 0;
    for (let at = 0; at < nodes.length; at += 1) {
      next[at] = damping * ((next[at] as number) + lost * (home[at] as number)) + (1 - damping) * (home[at] as number);
      change += Math.abs((next[at] as number) - (rank[at] as number));
    }
    rank = next;
    if (change < settled) break;
  }
  return new Map(nodes.map((node, at) => [node, rank[at] ?? 0]));
}

function homes<Id>(nodes: readonly Id[], start: ReadonlyMap<Id, number>): Float64Array {
  const values = nodes.map((node) => Math.max(0, start.get(node) ?? 0));
  const sum = values.reduce((all, value) => all + value, 0);
  return Float64Array.from(values, (value) => (sum > 0 ? value / sum : 1 / nodes.length));
}
