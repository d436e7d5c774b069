import ts from "typescript-language-service";
import { closedRules } from "#core/network/decide";
import type { LocalWire } from "#core/transport/wire";
import { installNetworkGate } from "../network/gate.ts";
import { connectToParent } from "../process/parent.ts";
import { findLibrary } from "./library.ts";

/** The entry of the process that runs TypeScript's language server, which knows of no other channel than Node's to its parent. */

// Electron gives it another one, which is made to look like Node's.
const wire = process.send === undefined ? await new Promise<LocalWire>((connected) => connectToParent(connected)) : undefined;
if (wire !== undefined)
  process.send = (message: unknown) => {
    void wire.send(message);
    return true;
  };

// It has no business on a network: types are never fetched. What is refused goes to the ledger beside what the server says.
installNetworkGate({
  process: "typescript",
  rules: () => closedRules,
  record(attempt) {
    process.send?.({ networkAttempt: attempt });
    return undefined;
  },
});

const library = findLibrary();
const { sys } = ts;
const { readFile, fileExists, getModifiedTime } = sys;
// The bundle lies elsewhere than the declarations do, and these have another ending there.
sys.getExecutingFilePath = () => `${library.folder}/typescript.js`;
sys.readFile = (path, encoding) => readFile(library.fileOf(path), encoding);
sys.fileExists = (path) => fileExists(library.fileOf(path));
sys.getModifiedTime = (path) => getModifiedTime?.(library.fileOf(path));

// @ts-expect-error: it exports nothing, and has no declaration.
await import("typescript-language-service/lib/_tsserver.js");
// It switches Electron's archives off, in which the declarations lie.
(process as { noAsar?: boolean }).noAsar = false;
// Now it listens.
wire?.onMessage((message) => process.emit("message", message, undefined));
wire?.onClose(() => process.emit("disconnect"));
