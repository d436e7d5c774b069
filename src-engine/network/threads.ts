import { BroadcastChannel } from "node:worker_threads";
import { type Disposable, toDisposable } from "#core/base/disposable";
import type { NetworkAttempt } from "#core/contracts/network";
import { closedRules } from "#core/network/decide";
import { installNetworkGate } from "./gate.ts";

const channelName = "localcoder network attempts";

/** Closes the thread that calls it: Node's network is each thread's own, so the gate of the process does not stand before it. */
export function gateThread(thread: string): void {
  const channel = new BroadcastChannel(channelName);
  channel.unref();
  installNetworkGate({
    process: thread,
    rules: () => closedRules,
    record(attempt) {
      channel.postMessage(attempt);
      return undefined;
    },
  });
}

/** Hears what the threads of this process were refused. */
export function watchThreads(report: (attempt: NetworkAttempt) => void): Disposable {
  const channel = new BroadcastChannel(channelName);
  channel.unref();
  channel.onmessage = ({ data }: { readonly data: unknown }) => report(data as NetworkAttempt);
  return toDisposable(() => channel.close());
}
