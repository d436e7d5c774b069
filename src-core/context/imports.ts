import { type Family, familyOf } from "./languages.ts";

/** An import of a document: what is named, and where it may come from. */
export interface Import {
  /** As it stands in the source. */
  readonly module: string;
  /** The names that are imported, as the other file calls them; none means all. */
  readonly names: readonly string[];
}

/** What is known of a workspace's files. Paths are relative to the workspace, with `/` between parts. */
export interface KnownFiles {
  has(path: string): boolean;
  /** The files right in a folder. */
  in(folder: string): readonly string[];
}

// A document has its imports at the top; no more than this is read.
const most = 20_000;
const mostImports = 64;

const patterns: Readonly<Partial<Record<Family, (text: string) => Iterable<Import>>>> = {
  *script(text) {
    for (const [, clause = "", module = ""] of text.matchAll(/\b(?:import|export)\s+([^'"`;()=]*?)\bfrom\s*["']([^"'\n]+)["']/g))
      yield { module, names: /\*/.test(clause) ? [] : namesIn(clause.replace(/\btype\b/g, "")) };
    for (const [, clause = "", module = ""] of text.matchAll(/\b(?:const|let|var)\s+([^=;]*?)=\s*require\(\s*["']([^"'\n]+)["']\s*\)/g))
      yield { module, names: clause.includes("{") ? namesIn(clause) : [] };
  },
  *python(text) {
    for (const [, module = "", many, few = ""] of text.matchAll(/^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(?:\(([^)]*)\)|([^\n#(]+))/gm))
      yield { module, names: namesIn(many ?? few) };
    for (const [, modules = ""] of text.matchAll(/^[ \t]*import[ \t]+([\w., \t]+)/gm))
      for (const module of modules.split(",")) yield { module: module.trim().split(/\s/)[0] ?? "", names: [] };
  },
  *go(text) {
    for (const [, block = ""] of text.matchAll(/^import\s*(\([^)]*\)|[^\n]*)/gm))
      for (const [, module = ""] of block.matchAll(/"([^"\n]+)"/g)) yield { module, names: [] };
  },
  *rust(text) {
    for (const [, path = "", many, one] of text.matchAll(/^\s*(?:pub\s+)?use\s+((?:\w+::)+)(?:\{([^}]*)\}|(\w+|\*))/gm))
      yield { module: path.slice(0, -2), names: one === "*" ? [] : namesIn(many ?? one ?? "") };
  },
  *java(text) {
    for (const [, path = ""] of text.matchAll(/^\s*import\s+(?:static\s+)?([\w.]+)\s*;/gm)) yield { module: path, names: [] };
  },
  *c(text) {
    for (const [, module = ""] of text.matchAll(/^[ \t]*#[ \t]*include[ \t]+"([^"\n]+)"/gm)) yield { module, names: [] };
  },
  *ruby(text) {
    for (const [, module = ""] of text.matchAll(/^\s*require_relative\s+["']([^"'\n]+)["']/gm)) yield { module, names: [] };
  },
  *php(text) {
    for (const [, module = ""] of text.matchAll(/^\s*use\s+([\w\\]+)\s*[;{]/gm)) yield { module, names: [] };
  },
};

/** The imports of a document, as far as its language has them in a form that is easy to read. */
export function importsOf(languageId: string, text: string): readonly Import[] {
  const family = familyOf(languageId);
  const read = family === undefined ? undefined : patterns[family];
  return read === undefined ? [] : [...read(text.slice(0, most))].slice(0, mostImports);
}

/** The names of an import clause, as the other file calls them: `{ a, b as c }` and `a, b as c` name a and b. */
function namesIn(clause: string): string[] {
  return clause
    .replace(/[{}()\s]+/g, " ")
    .split(",")
    .map((part) => part.trim().split(/[\s:]/)[0] ?? "")
    .filter((name) => /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name));
}

/** The files of the workspace that an import of a document means; none where it means a package of others. */
export function resolveImport(languageId: string, path: string, module: string, files: KnownFiles): readonly string[] {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const first = (paths: readonly string[]) => paths.filter((candidate) => files.has(candidate)).slice(0, 1);
  switch (familyOf(languageId)) {
    case "script": {
      if (!module.startsWith(".")) return [];
      const target = join(folder, module);
      const bare = target.replace(/\.[cm]?[jt]sx?$/, "");
      const endings = ["ts", "tsx", "mts", "cts", "d.ts", "js", "jsx", "mjs", "cjs"];
      return first([target, ...endings.map((ending) => `${bare}.${ending}`), ...endings.map((ending) => join(target, `index.${ending}`))]);
    }
    case "python": {
      const dots = /^\.*/.exec(module)?.[0].length ?? 0;
      const parts = module.slice(dots).split(".").filter(Boolean).join("/");
      const inside = (base: string) => {
        const target = join(base, parts);
        return [`${target}.py`, `${target}.pyi`, join(target, "__init__.py")];
      };
      if (dots > 0) return first(inside(join(folder, "../".repeat(dots - 1))));
      return first(ancestors(folder).flatMap((base) => [...inside(base), ...inside(join(base, "src"))]));
    }
    case "go": {
      // The module's own name stands in go.mod; the end of the path is the folder.
      const parts = module.split("/");
      for (let from = 1; from < parts.length; from += 1) {
        const found = files.in(parts.slice(from).join("/")).filter((file) => file.endsWith(".go") && !file.endsWith("_test.go"));
        if (found.length > 0) return found;
      }
      return [];
    }
    case "rust": {
      const [crate, ...rest] = module.split("::");
      const bases = crate === "crate" ? ancestors(folder).filter((base) => base.endsWith("src")) : crate === "super" ? [folder] : [];
      return first(
        bases.flatMap((base) =>
          [rest, rest.slice(0, -1)].flatMap((parts) => [`${join(base, parts.join("/"))}.rs`, join(base, ...parts, "mod.rs")]),
        ),
      );
    }
    case "java": {
      const target = `${module.replaceAll(".", "/")}.java`;
      return first(ancestors(folder).flatMap((base) => [join(base, target), join(base, "src/main/java", target)]));
    }
    case "c":
      return first([join(folder, module), ...ancestors(folder).flatMap((base) => [join(base, module), join(base, "include", module)])]);
    case "ruby":
      return first([join(folder, module), `${join(folder, module)}.rb`]);
    case "php": {
      const parts = module.split("\\").filter(Boolean);
      const targets = parts.map((_, from) => `${parts.slice(from).join("/")}.php`);
      return first(ancestors(folder).flatMap((base) => targets.flatMap((target) => [join(base, target), join(base, "src", target)])));
    }
    default:
      return [];
  }
}

/** A folder and those above it, the nearest first, up to the workspace itself. */
function ancestors(folder: string): string[] {
  const parts = folder.split("/").filter(Boolean);
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join("/")), ""];
}

function join(...parts: readonly string[]): string {
  const joined: string[] = [];
  for (const part of parts.join("/").split("/")) {
    if (part === "..") {
      // Out of the workspace: nothing is found there.
      if (joined.length === 0) return "\0";
      joined.pop();
    } else if (part !== "" && part !== ".") joined.push(part);
  }
  return joined.join("/");
}
