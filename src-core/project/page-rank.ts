/** An edge of a graph of files: who uses whom, and how much that says. */
export interface Edge<Id> {
  readonly from: Id;
  readonly to: Id;
  readonly weight: number;
}

const damping = 0.85;
const rounds = 40;

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
  const known: { from: number; to: number; weight: number }[] = [];
  for (const { from, to, weight } of edges) {
    const [source, target] = [index.get(from), index.get(to)];
    if (source === undefined || target === undefined || weight <= 0) continue;
    known.push({ from: source, to: target, weight });
    outgoing[source] = (outgoing[source] ?? 0) + weight;
  }
  const home = homes(nodes, start);
  let rank = Float64Array.from(home);
  for (let round = 0; round < rounds; round += 1) {
    const next = new Float64Array(nodes.length);
    for (const { from, to, weight } of known) next[to] = (next[to] ?? 0) + ((rank[from] ?? 0) * weight) / (outgoing[from] ?? 1);
    // What ends nowhere starts again, as the rest does now and then.
    let lost = 0;
    for (let at = 0; at < nodes.length; at += 1) if (outgoing[at] === 0) lost += rank[at] ?? 0;
    for (let at = 0; at < nodes.length; at += 1)
      next[at] = damping * ((next[at] ?? 0) + lost * (home[at] ?? 0)) + (1 - damping) * (home[at] ?? 0);
    rank = next;
  }
  return new Map(nodes.map((node, at) => [node, rank[at] ?? 0]));
}

function homes<Id>(nodes: readonly Id[], start: ReadonlyMap<Id, number>): Float64Array {
  const values = nodes.map((node) => Math.max(0, start.get(node) ?? 0));
  const sum = values.reduce((all, value) => all + value, 0);
  return Float64Array.from(values, (value) => (sum > 0 ? value / sum : 1 / nodes.length));
}
