/** Languages whose files define things for one another. */
export type Family = "script" | "python" | "go" | "rust" | "java" | "c" | "csharp" | "ruby" | "php" | "shell" | "powershell";

const families: Readonly<Record<string, Family>> = {
  c: "c",
  cpp: "c",
  csharp: "csharp",
  go: "go",
  java: "java",
  javascript: "script",
  javascriptreact: "script",
  php: "php",
  powershell: "powershell",
  python: "python",
  ruby: "ruby",
  rust: "rust",
  shellscript: "shell",
  typescript: "script",
  typescriptreact: "script",
};

const extensions: Readonly<Record<string, string>> = {
  bash: "shellscript",
  c: "c",
  cc: "cpp",
  cjs: "javascript",
  cpp: "cpp",
  cs: "csharp",
  cts: "typescript",
  cxx: "cpp",
  go: "go",
  h: "c",
  hh: "cpp",
  hpp: "cpp",
  hxx: "cpp",
  java: "java",
  js: "javascript",
  jsx: "javascriptreact",
  mjs: "javascript",
  mts: "typescript",
  php: "php",
  ps1: "powershell",
  psm1: "powershell",
  py: "python",
  pyi: "python",
  rb: "ruby",
  rs: "rust",
  sh: "shellscript",
  ts: "typescript",
  tsx: "typescriptreact",
};

/** The family of a language by VS Code's id; undefined where no definitions are looked for. */
export function familyOf(languageId: string): Family | undefined {
  return Object.hasOwn(families, languageId) ? families[languageId] : undefined;
}

/** What a name may mean that a document does not define: what it imports, what its folder defines as well, or anything there is. */
export type Reach = "imports" | "folder" | "project";

/** How far names reach in a language. */
export function reachOf(languageId: string): Reach {
  switch (familyOf(languageId)) {
    case "script":
    case "python":
    case "rust":
      return "imports";
    case "go":
    case "java":
      return "folder";
    default:
      return "project";
  }
}

/** VS Code's id of the language of a file by its name, as far as definitions are looked for. */
export function codeLanguageOf(path: string): string | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(extensions, extension) ? extensions[extension] : undefined;
}
