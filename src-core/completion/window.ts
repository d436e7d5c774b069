/** Characters of a document that are worth sending; the model reads some thousand of them. */
const most = 32_000;
const step = 16_000;

/**
 * The end of a long text, from a line start that stays the same while some thousand characters are typed: a start that
 * moved with every key would look like another document.
 */
export function stableEnd(text: string): string {
  if (text.length <= most + step) return text;
  const from = Math.floor((text.length - most) / step) * step;
  const line = text.indexOf("\n", from);
  // Minified code has no line to start at.
  return text.slice(line < 0 || line - from > step ? from : line + 1);
}

/** The beginning of a long text. */
export function stableStart(text: string): string {
  return text.slice(0, most);
}

/** How a document is called in a prompt: its path in the workspace, else its name alone; never a path of the machine. */
export function promptPath(path: string, workspace: string | undefined): string {
  const plain = path.replaceAll("\\", "/");
  const root = workspace?.replaceAll("\\", "/").replace(/\/+$/, "");
  if (root !== undefined && plain.startsWith(`${root}/`)) return plain.slice(root.length + 1);
  return plain.slice(plain.lastIndexOf("/") + 1);
}

/** The name of a workspace in a prompt. */
export function repositoryName(workspace: string | undefined): string | undefined {
  const name = workspace?.replaceAll("\\", "/").replace(/\/+$/, "").split("/").at(-1);
  return name === "" ? undefined : name;
}
