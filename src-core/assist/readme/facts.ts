/** What a project says of itself in its files, found by code: nothing here was written by a model. */
export interface ProjectFacts {
  readonly name: string;
  /** What it says of itself in one sentence; empty where it says nothing. */
  readonly description: string;
  /** "TypeScript", "Python", most files first. */
  readonly languages: readonly string[];
  /** Commands that get what it needs, in order. */
  readonly install: readonly string[];
  /** Commands that it defines, each with what it runs. */
  readonly commands: readonly { readonly command: string; readonly runs: string }[];
  /** Files where it begins, and programs that it installs. */
  readonly entryPoints: readonly string[];
  /** Folders at the top, with how many files are in each. */
  readonly folders: readonly { readonly name: string; readonly files: number }[];
  /** "MIT"; empty where it is not said. */
  readonly licence: string;
  /** The file with the licence's text; empty where there is none. */
  readonly licenceFile: string;
  /** Some words of the code itself, so that the model sees what it is about: its longest declared names. */
  readonly words: readonly string[];
}

/** What is read of a project to find its facts: its files, and the texts of some of them, by path with forward slashes. */
export interface ProjectFiles {
  /** The name of the folder. */
  readonly folder: string;
  readonly files: readonly string[];
  readonly texts: Readonly<Record<string, string>>;
  /** The README there is. */
  readonly readme?: string;
}

const languageNames: Readonly<Record<string, string>> = {
  c: "C",
  cpp: "C++",
  cs: "C#",
  go: "Go",
  java: "Java",
  js: "JavaScript",
  jsx: "JavaScript",
  kt: "Kotlin",
  lua: "Lua",
  mjs: "JavaScript",
  php: "PHP",
  py: "Python",
  rb: "Ruby",
  rs: "Rust",
  sh: "Shell",
  swift: "Swift",
  ts: "TypeScript",
  tsx: "TypeScript",
};

/** The files whose texts say what a project is. */
export function isTelling(path: string): boolean {
  return (
    /^(?:package\.json|pyproject\.toml|setup\.py|Cargo\.toml|go\.mod|composer\.json|Makefile|pom\.xml|requirements\.txt)$/.test(path) ||
    isLicence(path)
  );
}

/** Finds the facts of a project. */
export function factsOf({ folder, files, texts, readme = "" }: ProjectFiles): ProjectFacts {
  const manifest = parseJson(texts["package.json"]);
  const toml = texts["pyproject.toml"] ?? texts["Cargo.toml"] ?? "";
  const licenceFile = files.find(isLicence) ?? "";
  return {
    name: textOf(manifest.name) || tomlValue(toml, "name") || moduleOf(texts["go.mod"]) || titleIn(readme) || folder,
    description: textOf(manifest.description) || tomlValue(toml, "description") || sentenceIn(readme),
    languages: languagesOf(files),
    install: installOf(files),
    commands: commandsOf(manifest, files, texts),
    entryPoints: entryPointsOf(manifest, toml, files),
    folders: foldersOf(files),
    licence: textOf(manifest.license) || tomlValue(toml, "license") || licenceIn(texts[licenceFile] ?? ""),
    licenceFile,
    words: wordsOf(files),
  };
}

/** What a README is titled. */
function titleIn(readme: string): string {
  // Plain words alone: a picture or a link is no name.
  return /^#[ \t]+([\p{L}\p{N}][^\r\n![\]<>`]*?)[ \t#]*$/mu.exec(withoutFences(readme))?.[1] ?? "";
}

/** What a README says first: its first line of plain words, which is not a badge, a list, a table or code. */
function sentenceIn(readme: string): string {
  const line = withoutFences(readme)
    .split(/\r?\n/)
    .find((each) => /^[\p{L}\p{N}]/u.test(each) && !/^\d+[.)] /.test(each));
  return /^.*?[.!?](?=\s|$)/.exec(line ?? "")?.[0] ?? line?.trim() ?? "";
}

function withoutFences(markdown: string): string {
  return markdown.replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, "");
}

function isLicence(path: string): boolean {
  return /^(?:licen[cs]e|copying)(?:\.\w+)?$/i.test(path);
}

function languagesOf(files: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const file of files) {
    const name = languageNames[/\.(\w+)$/.exec(file)?.[1] ?? ""];
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts.entries()]
    .sort((one, other) => other[1] - one[1])
    .slice(0, 3)
    .map(([name]) => name);
}

function installOf(files: readonly string[]): string[] {
  const has = (path: string) => files.includes(path);
  const commands: string[] = [];
  if (has("package.json")) commands.push(has("pnpm-lock.yaml") ? "pnpm install" : has("yarn.lock") ? "yarn install" : "npm install");
  if (has("pyproject.toml") || has("setup.py")) commands.push("pip install .");
  else if (has("requirements.txt")) commands.push("pip install -r requirements.txt");
  if (has("Cargo.toml")) commands.push("cargo build");
  if (has("go.mod")) commands.push("go build ./...");
  if (has("pom.xml")) commands.push("mvn package");
  if (has("composer.json")) commands.push("composer install");
  return commands;
}

function commandsOf(manifest: Json, files: readonly string[], texts: Readonly<Record<string, string>>): ProjectFacts["commands"] {
  const runner = files.includes("pnpm-lock.yaml") ? "pnpm" : files.includes("yarn.lock") ? "yarn" : "npm run";
  const scripts = Object.entries(objectOf(manifest.scripts)).flatMap(([name, runs]) =>
    typeof runs === "string" && !/^(?:pre|post)(?:install|pack|publish)|^prepare$/.test(name)
      ? [{ command: `${runner} ${name}`, runs }]
      : [],
  );
  const targets = Array.from((texts.Makefile ?? "").matchAll(/^([a-z][\w-]*):(?!=)[^\n]*\n\t@?([^\n]+)/gm), ([, name = "", runs = ""]) => ({
    command: `make ${name}`,
    runs,
  }));
  return [...scripts, ...targets].slice(0, 12);
}

function entryPointsOf(manifest: Json, toml: string, files: readonly string[]): string[] {
  const bins = typeof manifest.bin === "string" ? [manifest.bin] : Object.keys(objectOf(manifest.bin));
  const section = /^\[project\.scripts\]\n([\s\S]*?)(?=^\[|$(?![\s\S]))/m.exec(toml)?.[1] ?? "";
  const programs = Array.from(section.matchAll(/^([\w-]+)\s*=/gm), ([, name = ""]) => name);
  const usual = files.filter((file) =>
    /^(?:src\/)?(?:main|index|app|cli|__main__|server)\.\w+$|^cmd\/[^/]+\/main\.go$|^src\/(?:lib|main)\.rs$/.test(file),
  );
  return [...new Set([...bins, ...programs, textOf(manifest.main), ...usual])].filter((entry) => entry !== "").slice(0, 8);
}

function foldersOf(files: readonly string[]): ProjectFacts["folders"] {
  const counts = new Map<string, number>();
  for (const file of files) {
    const at = file.indexOf("/");
    if (at > 0) counts.set(file.slice(0, at), (counts.get(file.slice(0, at)) ?? 0) + 1);
  }
  return [...counts.entries()].slice(0, 20).map(([name, number]) => ({ name, files: number }));
}

/** Names of files tell what a program is about better than any of its lines. */
function wordsOf(files: readonly string[]): string[] {
  const stems = files
    .filter((file) => languageNames[/\.(\w+)$/.exec(file)?.[1] ?? ""] !== undefined)
    .map((file) => file.slice(file.lastIndexOf("/") + 1).replace(/\.\w+$/, ""))
    .filter(
      (stem) => stem.length > 3 && !/^(?:index|main|test|types?|utils?|__init__|conftest|setup)$|[._]test$|^test_|\.spec$/i.test(stem),
    );
  return [...new Set(stems)].slice(0, 40);
}

function licenceIn(text: string): string {
  const known: readonly (readonly [RegExp, string])[] = [
    [/MIT License|Permission is hereby granted, free of charge/i, "MIT"],
    [/Apache License[\s\S]{0,40}Version 2\.0/i, "Apache-2.0"],
    [/GNU AFFERO GENERAL PUBLIC LICENSE/i, "AGPL-3.0"],
    [/GNU LESSER GENERAL PUBLIC LICENSE/i, "LGPL"],
    [/GNU GENERAL PUBLIC LICENSE\s+Version 3/i, "GPL-3.0"],
    [/GNU GENERAL PUBLIC LICENSE\s+Version 2/i, "GPL-2.0"],
    [/Mozilla Public License Version 2\.0/i, "MPL-2.0"],
    [/Neither the name of[\s\S]*contributors/i, "BSD-3-Clause"],
    [/Redistribution and use in source and binary forms/i, "BSD-2-Clause"],
    [/ISC License/i, "ISC"],
    [/This is free and unencumbered software/i, "Unlicense"],
  ];
  return known.find(([pattern]) => pattern.test(text))?.[1] ?? "";
}

type Json = Readonly<Record<string, unknown>>;

function parseJson(text: string | undefined): Json {
  try {
    return objectOf(JSON.parse(text ?? "{}"));
  } catch {
    return {};
  }
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function tomlValue(text: string, key: string): string {
  return new RegExp(`^${key}\\s*=\\s*"([^"\\n]*)"`, "m").exec(text)?.[1] ?? "";
}

function moduleOf(text: string | undefined): string {
  const path = /^module\s+(\S+)/m.exec(text ?? "")?.[1] ?? "";
  return path.slice(path.lastIndexOf("/") + 1);
}
