import { cpus } from "node:os";

/** What one look at the machine says: time all processors spent computing and in total, and the time of this process, in milliseconds. */
export interface ProcessorTimes {
  readonly processors: number;
  readonly busy: number;
  readonly total: number;
  readonly own: number;
}

/** Reads the times of this machine. */
export function processorTimes(): ProcessorTimes {
  const all = cpus();
  let busy = 0;
  let total = 0;
  for (const { times } of all) {
    const sum = times.user + times.nice + times.sys + times.irq;
    busy += sum;
    total += sum + times.idle;
  }
  const { user, system } = process.cpuUsage();
  return { processors: all.length, busy, total, own: (user + system) / 1000 };
}

/** Milliseconds between two looks, and to the first one after a rest. */
const interval = 1000;
const firstInterval = 200;
/** After a rest this long, what was counted is about another time. */
const rest = 2000;

/**
 * Says how many threads to compute with now. The threads of a model wait for each other after every layer, spinning: on a
 * machine that others keep busy, as many threads as cores are many times slower than the few that really run (measured on
 * two busy cores: 0.4 tokens a second with two threads, 4 with one). So those of others are left out.
 */
export function createThreadCount(
  most: number,
  read: () => ProcessorTimes = processorTimes,
  now: () => number = () => performance.now(),
): () => number {
  let threads = most;
  let before = read();
  let looked = now();
  let wait = firstInterval;
  return () => {
    const since = now() - looked;
    if (most === 1 || since < wait) return threads;
    looked = now();
    const times = read();
    if (since > rest) {
      before = times;
      wait = firstInterval;
      return threads;
    }
    wait = interval;
    const total = times.total - before.total;
    const others = times.busy - before.busy - (times.own - before.own);
    before = times;
    // Some systems tell no times.
    if (total <= 0) return threads;
    const free = 1 - Math.max(0, others) / total;
    threads = Math.max(1, Math.min(most, Math.round(most * free)));
    return threads;
  };
}
