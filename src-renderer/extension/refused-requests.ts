import type { Features } from "./features.ts";

/**
 * Tells the ledger what the page's own policy refused. Chromium does that before main hears of the request, so that without this
 * nobody would.
 */
export function reportRefusedRequests({ engine, own }: Pick<Features, "engine" | "own">): void {
  const listen = ({ blockedURI }: SecurityPolicyViolationEvent) => {
    const url = URL.canParse(blockedURI) ? new URL(blockedURI) : undefined;
    if (url === undefined || !/^(https?|wss?):$/.test(url.protocol)) return;
    const attempt = {
      time: Date.now(),
      process: "window",
      host: url.hostname,
      ...(url.port !== "" && { port: Number(url.port) }),
      purpose: "unknown",
      allowed: false,
      reason: "Windows may not use the network.",
    } as const;
    engine.network.report(attempt).catch(() => {});
  };
  document.addEventListener("securitypolicyviolation", listen);
  own({ dispose: () => document.removeEventListener("securitypolicyviolation", listen) });
}
