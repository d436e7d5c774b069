import type { Framework, Subject } from "./framework.ts";

/** What is known of a project without reading its code: its files, and the texts of those that say how it is tested. */
export interface TestedProject {
  /** Paths in the workspace, with forward slashes. */
  readonly files: readonly string[];
  /** Texts of package.json, pyproject.toml and their like, by path. */
  readonly manifests: Readonly<Record<string, string>>;
}

/** Where tests of a file belong and how they are written there. */
export interface TestPlan {
  /** The test file's path in the workspace; it may exist. */
  readonly path: string;
  readonly framework: Framework;
  /** How the test file names the module of the code. */
  readonly module: Subject["module"];
  readonly commonJs: boolean;
}

/** The code that is to be tested. */
interface Source {
  readonly path: string;
  readonly languageId: string;
  readonly text: string;
}

const scripts = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/** Where tests of a file go: as the project's own tests lie, else as its language does it. Undefined for a language that we know no way for. */
export function planTests(source: Source, project: TestedProject): TestPlan | undefined {
  switch (source.languageId) {
    case "python":
      return planPython(source, project);
    case "typescript":
    case "typescriptreact":
    case "javascript":
    case "javascriptreact":
      return planScript(source, project);
    case "go":
      return {
        path: source.path.replace(/\.go$/, "_test.go"),
        framework: "go",
        module: /^package\s+(\w+)/m.exec(source.text)?.[1] ?? "main",
        commonJs: false,
      };
    case "java":
      return {
        path: source.path.replace(/(^|\/)src\/main\//, "$1src/test/").replace(/\.java$/, "Test.java"),
        framework: "junit",
        module: /^package\s+([\w.]+)\s*;/m.exec(source.text)?.[1] ?? "",
        commonJs: false,
      };
    default:
      return undefined;
  }
}

function planPython({ path, text }: Source, { files, manifests }: TestedProject): TestPlan {
  const stem = stemOf(path);
  const tests = files.filter((file) => /(?:^|\/)(?:test_\w+|\w+_test)\.py$/.test(file));
  const style = tests.filter((file) => file.endsWith("_test.py")).length > tests.length / 2 ? `${stem}_test.py` : `test_${stem}.py`;
  const beside = tests.find((file) => folderOf(file) === folderOf(path));
  const apart = nearest(
    tests.filter((file) => file !== beside),
    path,
  );
  const root = apart && folderOf(apart);
  const bare = files.some((file) => /^tests?\//.test(file))
    ? (files.find((file) => /^tests?\//.test(file)) ?? "").split("/")[0]
    : undefined;
  const folder = beside !== undefined ? folderOf(path) : (root ?? bare ?? folderOf(path));
  const said = Object.entries(manifests).some(
    ([file, content]) =>
      /(?:pyproject\.toml|requirements[\w-]*\.txt|setup\.(?:cfg|py)|tox\.ini|pytest\.ini|Pipfile)$/.test(file) &&
      /\bpytest\b/.test(content),
  );
  const framework = said || files.some((file) => /(?:^|\/)(?:conftest\.py|pytest\.ini)$/.test(file)) ? "pytest" : "unittest";
  return { path: joined(folder, style), framework, module: pythonModule(path, text, folder, files), commonJs: false };
}

/** "src/app/cart.py" is imported as app.cart; a file beside its test by its bare name, unless it is part of a package. */
function pythonModule(path: string, _text: string, testFolder: string, files: readonly string[]): string {
  const inPackage = files.includes(joined(folderOf(path), "__init__.py"));
  if (!inPackage && folderOf(path) === testFolder) return stemOf(path);
  const parts = path
    .replace(/^(?:src|lib)\//, "")
    .replace(/\.py$/, "")
    .split("/");
  return parts.filter((part, index) => !(part === "__init__" && index === parts.length - 1)).join(".");
}

function planScript({ path, text }: Source, { files, manifests }: TestedProject): TestPlan {
  const extension = /\.[^.]+$/.exec(path)?.[0] ?? ".js";
  const manifestPath = nearest(
    Object.keys(manifests).filter((file) => /(?:^|\/)package\.json$/.test(file) && isBelow(path, folderOf(file))),
    path,
  );
  const manifest = manifestPath === undefined ? "" : (manifests[manifestPath] ?? "");
  const framework: Framework = /"vitest"/.test(manifest)
    ? "vitest"
    : /"(?:jest|ts-jest|@jest\/\w+)"/.test(manifest)
      ? "jest"
      : /"mocha"/.test(manifest)
        ? "mocha"
        : "node";
  const tests = files.filter(
    (file) => /\.(?:test|spec)\.[cm]?[jt]sx?$/.test(file) || (/(?:^|\/)(?:__tests__|tests?)\//.test(file) && scripts.test(file)),
  );
  const word =
    tests.filter((file) => /\.spec\./.test(file)).length > tests.filter((file) => /\.test\./.test(file)).length ? "spec" : "test";
  const model = nearest(tests, path);
  const named =
    model === undefined || /\.(?:test|spec)\./.test(model) ? `${stemOf(path)}.${word}${extension}` : `${stemOf(path)}${extension}`;
  const folder = model === undefined ? folderOf(path) : folderFor(path, model, files);
  const commonJs =
    extension === ".cjs" || (extension === ".js" && !/"type"\s*:\s*"module"/.test(manifest) && !/^\s*(?:import|export)\b/m.test(text));
  return { path: joined(folder, named), framework, module: relativeModule(folder, path, text, framework, commonJs), commonJs };
}

/** The folder of a new test, as another one lies: beside its code, in `__tests__` there, or in a folder of tests. */
function folderFor(path: string, model: string, files: readonly string[]): string {
  const folder = folderOf(model);
  if (/(?:^|\/)__tests__$/.test(folder)) return joined(folderOf(path), "__tests__");
  const code = stemOf(model).replace(/\.(?:test|spec)$/, "");
  const isBeside = files.some((file) => file !== model && folderOf(file) === folder && stemOf(file) === code);
  return isBeside ? folderOf(path) : folder;
}

function relativeModule(folder: string, path: string, text: string, framework: Framework, commonJs: boolean): string {
  const up = folder === "" ? [] : folder.split("/");
  const to = path.split("/");
  while (up.length > 0 && up[0] === to[0]) {
    up.shift();
    to.shift();
  }
  const relative = `${up.length === 0 ? "./" : "../".repeat(up.length)}${to.join("/")}`;
  const written = /from\s+["']\.{1,2}\/[^"']*?(\.[cm]?[jt]sx?)?["']/.exec(text);
  if (written?.[1] !== undefined) return relative.replace(/\.[cm]?[jt]sx?$/, written[1]);
  // Node itself wants the whole name; what bundles wants none.
  return framework === "node" && !commonJs ? relative : relative.replace(/\.[cm]?[jt]sx?$/, "");
}

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]+$/, "");
}

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

function joined(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

function isBelow(path: string, folder: string): boolean {
  return folder === "" || path.startsWith(`${folder}/`);
}

/** The path that shares most folders with another one. */
function nearest(paths: readonly string[], path: string): string | undefined {
  const folders = path.split("/").slice(0, -1);
  const shared = (other: string) => {
    const parts = other.split("/");
    const different = folders.findIndex((folder, index) => parts[index] !== folder);
    return different < 0 ? folders.length : different;
  };
  let best: string | undefined;
  for (const one of paths) if (best === undefined || shared(one) > shared(best)) best = one;
  return best;
}
