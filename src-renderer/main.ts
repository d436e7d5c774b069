import product from "../product.json";
import { connect } from "./connection.ts";
import { showFailure } from "./failure.ts";
import { receivePorts } from "./ports.ts";
import { paintSkeleton } from "./skeleton.ts";

performance.mark("localcoder:page");
receivePorts();
paintSkeleton();

// The workbench reads its product description while its modules are loaded, so this stands before the import.
Object.assign(globalThis, { _VSCODE_PRODUCT_JSON: product });

// The engine and the owner of the window answer while the large part of the page is still being read.
const connecting = connect();
void import("./boot.ts").then(({ boot }) => boot(connecting)).catch(showFailure);
