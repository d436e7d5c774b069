import { resolve4 } from "node:dns/promises";
import { parentPort } from "node:worker_threads";
import { gateThread } from "./threads.ts";

// A thread that asks for what it must not have.
gateThread("a thread");
const failures = await Promise.allSettled([fetch("http://192.0.2.1/"), resolve4("name.example")]);
parentPort?.postMessage(failures.map(({ status }) => status));
