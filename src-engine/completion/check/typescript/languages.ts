import ts from "typescript-language-service";

const extensions: Readonly<Record<string, string>> = {
  typescript: ".ts",
  typescriptreact: ".tsx",
  javascript: ".js",
  javascriptreact: ".jsx",
};

/** The path under which TypeScript knows a document: with slashes, and with an ending that tells its language. */
export function scriptPath(path: string, languageId: string): string {
  const plain = path.replaceAll("\\", "/");
  const absolute = /^(\/|[A-Za-z]:\/)/.test(plain) ? plain : `/untitled/${plain.replaceAll("/", "-")}`;
  return /\.[cm]?[jt]sx?$/i.test(absolute) ? absolute : `${absolute}${extensions[languageId] ?? ".ts"}`;
}

/** How a document is parsed. JSX is allowed in JavaScript whatever the ending, as everybody does. */
export function scriptKindOf(path: string, languageId: string): ts.ScriptKind {
  if (languageId === "typescriptreact" || /\.tsx$/i.test(path)) return ts.ScriptKind.TSX;
  return languageId.startsWith("javascript") ? ts.ScriptKind.JSX : ts.ScriptKind.TS;
}
