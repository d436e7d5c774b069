import { closedRules } from "#core/network/decide";
import type { LocalWire } from "#core/transport/wire";
import { installNetworkGate } from "../network/gate.ts";
import { connectToParent } from "../process/parent.ts";

/** The entry of the process in which node-llama-cpp loads a back end to see whether the machine can run it. */

installNetworkGate({ process: "back end", rules: () => closedRules, record: () => undefined });

const wire = await new Promise<LocalWire>((connected) => connectToParent(connected));
// Its script speaks to whom Electron says its parent is; that is main here, and whoever asked listens at the other end of this wire.
const { parentPort } = process as unknown as { readonly parentPort: object };
Object.assign(parentPort, {
  postMessage: (message: unknown) => void wire.send(message),
  on: (_event: "message", listener: (event: { readonly data: unknown }) => void) => wire.onMessage((data) => listener({ data })),
});
wire.onClose(() => process.exit(1));
process.env.TEST_BINDING_CP = "true";
await import(new URL("./bindings/utils/testBindingBinary.js", import.meta.resolve("node-llama-cpp")).href);
