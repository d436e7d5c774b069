import product from "../product.json";
import { receivePorts } from "./ports.ts";
import { paintSkeleton } from "./skeleton.ts";

performance.mark("localcoder:page");
receivePorts();
paintSkeleton();

// The workbench reads its product description while its modules are loaded, so this stands before the import.
Object.assign(globalThis, { _VSCODE_PRODUCT_JSON: product });

void import("./boot.ts").then(({ boot }) => boot());
