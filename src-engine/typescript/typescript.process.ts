import ts from "typescript-language-service";
import { closedRules } from "#core/network/decide";
import { openLibraries } from "../completion/check/typescript/libraries.ts";
import { installNetworkGate } from "../network/gate.ts";

/** The entry of the process that runs TypeScript's language server; it speaks with its parent over Node's channel. */

// It has no business on a network: types are never fetched.
installNetworkGate({ process: "typescript", rules: () => closedRules, record: () => undefined });

const libraries = openLibraries();
const { sys } = ts;
const { readFile, fileExists, getModifiedTime } = sys;
// The bundle lies elsewhere than the declarations do, and these have another ending there.
sys.getExecutingFilePath = () => `${libraries.folder}/typescript.js`;
sys.readFile = (path, encoding) => readFile(libraries.fileOf(path), encoding);
sys.fileExists = (path) => fileExists(libraries.fileOf(path));
sys.getModifiedTime = (path) => getModifiedTime?.(libraries.fileOf(path));

// @ts-expect-error: it exports nothing, and has no declaration.
await import("typescript-language-service/lib/_tsserver.js");
// It switches Electron's archives off, in which the declarations lie.
(process as { noAsar?: boolean }).noAsar = false;
