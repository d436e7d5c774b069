import dgram from "node:dgram";
import dns from "node:dns";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { countedPackets } from "#core/network/counting-network";
import { closedRules } from "#core/network/decide";
import { installNetworkGate } from "./gate.ts";

// Tries every way Node has of reaching another machine, with or without the gate, and tells how many packets left.
let refused = 0;
if (process.argv[2] === "gated") {
  const record = () => {
    refused += 1;
    return undefined;
  };
  installNetworkGate({ process: "test", rules: () => closedRules, record });
}

/** Packets sent by the one interface that leads out of the namespace. */
function sent(): number {
  return countedPackets(readFileSync("/proc/net/dev", "utf8")) ?? Number.NaN;
}

const before = sent();
const away = "10.77.0.9";
const socket = dgram.createSocket("udp4");
const ended = (emitter: net.Socket | http.ClientRequest) =>
  new Promise((resolve) => {
    emitter.once("error", resolve);
    setTimeout(() => emitter.destroy(new Error("silence")), 300);
  });
await Promise.allSettled([
  fetch(`http://${away}/`, { signal: AbortSignal.timeout(300) }),
  fetch("https://models.test/", { signal: AbortSignal.timeout(300) }),
  ended(net.connect(80, away)),
  ended(http.get(`http://${away}/`)),
  ended(https.get(`https://${away}/`)),
  new Promise((resolve) => socket.send("x", 53, away, resolve)),
  Promise.race([dns.promises.resolve4("models.test"), new Promise((resolve) => setTimeout(resolve, 300))]),
]);
process.stdout.write(JSON.stringify({ packets: sent() - before, refused }), () => process.exit());
