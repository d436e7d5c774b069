import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { extensionHostPolicy } from "./src-core/security/csp.ts";
import { checkProduct } from "./src-engine/settings/product-file.ts";
import { overEngine } from "./tools/typescript-extension.mjs";

const root = import.meta.dirname;

/**
 * The workbench carries its vendor's product description, and merges ours over it at run time.
 * Emptied here, so that no name or address of somebody else is left even where ours has no such key.
 */
const ownProduct: Plugin = {
  name: "own-product",
  enforce: "pre",
  buildStart() {
    checkProduct(readFileSync(join(root, "product.json"), "utf8"), "product.json");
  },
  load(id) {
    return id.replaceAll("\\", "/").endsWith("monaco-vscode-api/vscode/product.json.js") ? "export default {};" : undefined;
  },
};

/**
 * The extension host lives in a page whose policy stands in a meta element and allows any https address.
 * Rewritten at build time, so that extension code has no network wherever the page is served from.
 */
const extensionHostWithoutNetwork: Plugin = {
  name: "extension-host-without-network",
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== "asset" || !/webWorkerExtensionHostIframe.*\.html$/.test(file.fileName)) continue;
      const html = typeof file.source === "string" ? file.source : new TextDecoder().decode(file.source);
      const scriptHash = /'sha256-[^']+'/.exec(html)?.[0];
      if (!scriptHash) throw new Error("The extension host page no longer states the hash of its script.");
      file.source = html.replace(/content="[^"]*"/, `content="${extensionHostPolicy(scriptHash)}"`);
    }
  },
};

/** TypeScript's language server is one of the engine, so the one for pages and its declarations are left out. */
const typescriptOverEngine: Plugin = {
  name: "typescript-over-engine",
  generateBundle(_options, bundle) {
    let changed = 0;
    for (const [name, file] of Object.entries(bundle)) {
      if (file.type !== "asset" || !file.originalFileNames.some((path) => path.includes("typescript-language-features"))) continue;
      if (/tsserver\.web|\.d\.ts|diagnosticMessages/.test(name)) delete bundle[name];
      else if (/extension[^/]*\.js$/.test(name)) {
        file.source = overEngine(typeof file.source === "string" ? file.source : new TextDecoder().decode(file.source));
        changed += 1;
      }
    }
    if (changed !== 1) throw new Error("The TypeScript extension was not found in the bundle.");
  },
};

/**
 * The list of completions waits for ghost text by an observer that, where the wait is over at once, nobody ends: one more for
 * almost every key, each of which runs again at every later key. Ended here.
 */
const suggestionsWithoutLeak: Plugin = {
  name: "suggestions-without-leak",
  transform(code, id) {
    if (!id.replaceAll("\\", "/").endsWith("/contrib/suggest/browser/suggestModel.js")) return undefined;
    const observed = /store\.add\((autorun\(reader => \{\n(?:(?!\n {8}\}\)).)*?triggerAndCleanUp\(!currentState\);\n {8}\}\))\);/s;
    if (!observed.test(code)) throw new Error("The list of completions no longer waits for ghost text as it did.");
    return code.replace(
      observed,
      "const waiting = $1;\n        if (store.isDisposed) waiting.dispose();\n        else store.add(waiting);",
    );
  },
};

/** Source maps of bundled extensions: half of the output, and nobody's but their authors'. */
const withoutForeignMaps: Plugin = {
  name: "without-foreign-maps",
  generateBundle(_options, bundle) {
    for (const name of Object.keys(bundle)) if (/\.js(-[\w-]+)?\.map$/.test(name)) delete bundle[name];
  },
};

/** The large part of the page starts to load with the small one, instead of after it. */
const loadAtOnce: Plugin = {
  name: "load-at-once",
  transformIndexHtml: {
    order: "post",
    handler(_html, { bundle }) {
      const boot = Object.values(bundle ?? {}).find((file) => file.type === "chunk" && file.name === "boot");
      if (!boot) throw new Error("The large part of the page is not named boot any more.");
      return [{ tag: "link", attrs: { rel: "modulepreload", crossorigin: true, href: `./${boot.fileName}` }, injectTo: "head" }];
    },
  },
};

/** One sign beyond ASCII makes a browser keep a whole script in two bytes a sign: 16 MB more for the largest one. */
const inOneByte = { output: { charset: "ascii" } } as const;

export default defineConfig({
  root: join(root, "src-renderer"),
  base: "./",
  plugins: [ownProduct, extensionHostWithoutNetwork, typescriptOverEngine, suggestionsWithoutLeak, withoutForeignMaps, loadAtOnce],
  // The public folder of Vite is not used: everything is imported where it is needed.
  publicDir: false,
  build: {
    outDir: join(root, "out/renderer"),
    emptyOutDir: true,
    target: "chrome130",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 30_000,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    sourcemap: false,
    rolldownOptions: inOneByte,
  },
  worker: { format: "es", plugins: () => [ownProduct], rolldownOptions: inOneByte },
  resolve: {
    dedupe: ["vscode", "monaco-editor"],
    alias: [{ find: /^#core\/(.*)$/, replacement: join(root, "src-core/$1.ts") }],
  },
});
