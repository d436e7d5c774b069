import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire, type LoadHookSync, type ResolveHookSync, registerHooks } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript-language-service";
import { type Aliases, filesFor } from "../../compare/alias-files.ts";

/** How the files of a project are found and read. */
export interface ProjectFiles {
  /** Texts in the place of files, by path; there need not be such a file. */
  readonly texts: ReadonlyMap<string, string>;
  readonly aliases: Aliases;
  /** Names that whoever imports something to test with may want. */
  readonly testing: readonly string[];
}

/** Where the process keeps what {@link testingPackages} give. */
export const testingKey = "localcoder.testing";

const testingPackages = new Set(["vitest", "@jest/globals", "jest", "mocha", "node:test", "test"]);
const endings = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"];
const compiled = /\.(?:[cm]?ts|tsx|jsx|js|mjs|cjs)$/;
/** What is made into something else by those who bundle. */
const noCode = /\.(?:css|scss|less|svg|png|jpg|gif|woff2?)$/;

/** Lets this process load the files of a project as its tests would: TypeScript, texts that are not saved, names of its configuration. */
export function openProject({ texts, aliases, testing }: ProjectFiles): void {
  const isFile = (path: string) => texts.has(path) || (existsSync(path) && statSync(path).isFile());
  /** In TypeScript a `.js` may mean what it is made from. */
  const found = (path: string) => {
    const bare = path.replace(/\.([mc]?)js(x?)$/, "");
    const made = bare === path ? [] : endings.map((ending) => bare + ending);
    return [path, ...made, ...endings.flatMap((ending) => [path + ending, join(path, `index${ending}`)])].find(isFile);
  };
  const at = (path: string) => ({ url: pathToFileURL(path).href, shortCircuit: true });

  const resolve: ResolveHookSync = (specifier, context, next) => {
    const wanted = context.conditions.includes("require") ? "cjs" : "mjs";
    if (testingPackages.has(specifier)) return at(join(import.meta.dirname, `${testingKey}.${wanted}`));
    const from = context.parentURL?.startsWith("file:") ? dirname(fileURLToPath(context.parentURL)) : undefined;
    const named = specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier;
    const isPath = /^\.{0,2}\//.test(named) || named.startsWith("file:") || /^[A-Za-z]:[\\/]/.test(named);
    const path = isPath && from !== undefined && named.startsWith(".") ? join(from, named) : named;
    const file = isPath ? found(path) : undefined;
    if (file !== undefined && !/[\\/]node_modules[\\/]/.test(file)) return at(file);
    try {
      return next(specifier, context);
    } catch (error) {
      const other = isPath ? undefined : filesFor(specifier, aliases).flatMap((each) => found(each) ?? [])[0];
      if (other === undefined) throw error;
      return at(other);
    }
  };

  const load: LoadHookSync = (url, context, next) => {
    const path = url.startsWith("file:") ? fileURLToPath(url) : "";
    if (path.startsWith(join(import.meta.dirname, testingKey))) return testingSource(path, testing);
    if (path === "" || (/[\\/]node_modules[\\/]/.test(path) && !texts.has(path))) return next(url, context);
    if (noCode.test(path)) return { format: "module", source: "export default {};", shortCircuit: true };
    if (!compiled.test(path) && !path.endsWith(".json")) return next(url, context);
    const text = texts.get(path) ?? readFileSync(path, "utf8");
    if (path.endsWith(".json")) return { format: "module", source: `export default ${text.trim() || "{}"};`, shortCircuit: true };
    const isRequired = context.conditions.includes("require");
    if (!isRequired && isCommonJs(path, text)) return importedSource(path);
    // What is required cannot wait for what is imported, so all of it is made into the same.
    const { outputText } = ts.transpileModule(text, {
      fileName: path,
      compilerOptions: {
        module: isRequired ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        jsx: ts.JsxEmit.ReactJSX,
        allowJs: true,
        esModuleInterop: true,
        experimentalDecorators: true,
      },
    });
    return { format: isRequired ? "commonjs" : "module", source: outputText, shortCircuit: true };
  };

  registerHooks({ resolve, load });
}

/** By what a file says of itself: those who test do not ask what its package does. */
function isCommonJs(path: string, text: string): boolean {
  if (/^\.c/.test(extname(path))) return true;
  return !/^\s*(?:import|export)\b/m.test(text) && /\b(?:require\(|module\.exports\b|exports\.)/.test(text);
}

/** A module that gives what a file of the older kind does: loaded as one, because what that requires is not found otherwise. */
function importedSource(path: string) {
  const names = Object.keys(Object(createRequire(path)(path))).filter((name) => /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name));
  // A name may be a word of the language.
  const exported = names.map((name, index) => `const given${index} = required.${name};\nexport { given${index} as ${name} };`);
  const source = `import { createRequire } from "node:module";
const required = createRequire(import.meta.url)(${JSON.stringify(path)});
${exported.filter((line) => !line.endsWith("as default };")).join("\n")}
export default required;`;
  return { format: "module" as const, source, shortCircuit: true };
}

function testingSource(path: string, names: readonly string[]) {
  const all = `globalThis[Symbol.for(${JSON.stringify(testingKey)})]`;
  const isCommon = path.endsWith(".cjs");
  const given = `const testing = ${all};\n`;
  const source = isCommon
    ? `${given}module.exports = Object.assign((...all) => testing.test(...all), testing.test, testing);`
    : `${given}export const { ${names.join(", ")} } = testing;\nexport default testing.test;`;
  return { format: isCommon ? ("commonjs" as const) : ("module" as const), source, shortCircuit: true };
}
