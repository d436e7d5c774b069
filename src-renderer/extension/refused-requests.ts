import type { NetworkAttempt } from "#core/contracts/network";
import type { Features } from "./features.ts";

/**
 * Tells the ledger what the page's own policy refused. Chromium does that before main hears of the request, so that without this
 * nobody would.
 */
export function reportRefusedRequests({ engine, own, onReconnected }: Pick<Features, "engine" | "own" | "onReconnected">): void {
  let waiting: NetworkAttempt[] = [];
  // What is refused while the engine is being started again waits for it.
  const report = (attempt: NetworkAttempt) => void engine.network.report(attempt).catch(() => waiting.push(attempt));
  own(
    onReconnected(() => {
      const attempts = waiting;
      waiting = [];
      for (const attempt of attempts) report(attempt);
    }),
  );
  const listen = ({ blockedURI }: SecurityPolicyViolationEvent) => {
    const url = URL.canParse(blockedURI) ? new URL(blockedURI) : undefined;
    if (url === undefined || !/^(https?|wss?):$/.test(url.protocol)) return;
    report({
      time: Date.now(),
      process: "window",
      host: url.hostname,
      ...(url.port !== "" && { port: Number(url.port) }),
      purpose: "unknown",
      allowed: false,
      reason: "Windows may not use the network.",
    });
  };
  document.addEventListener("securitypolicyviolation", listen);
  own({ dispose: () => document.removeEventListener("securitypolicyviolation", listen) });
}
