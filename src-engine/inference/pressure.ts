import { freemem, totalmem } from "node:os";
import type { Disposable } from "#core/base/disposable";

/** Bytes the system can still give, and all it has. */
export interface MemoryNow {
  readonly available: number;
  readonly total: number;
}

/** Memory of this machine. */
export function readMemory(): MemoryNow {
  const { availableMemory: read } = process as { availableMemory?: () => number };
  return { available: read === undefined ? freemem() : read.call(process), total: totalmem() };
}

const intervalMilliseconds = 10_000;
const leastShare = 0.04;
const leastBytes = 400 * 2 ** 20;

/** True when programs begin to be moved to the disk, or to be ended. */
export function isShort({ available, total }: MemoryNow): boolean {
  return available < Math.min(Math.max(total * leastShare, leastBytes), total / 4);
}

/** Looks at memory again and again and calls `relieve` while it is short. */
export function watchPressure(read: () => MemoryNow, relieve: () => void): Disposable {
  const timer = setInterval(() => isShort(read()) && relieve(), intervalMilliseconds);
  timer.unref();
  return { dispose: () => clearInterval(timer) };
}
