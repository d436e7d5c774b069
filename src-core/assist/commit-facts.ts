import type { ChangedFile } from "../git/changed-files.ts";

/** Git shows subjects of this many characters whole. */
export const widest = 72;

const mostNames = 4;
const mostFiles = 20;

/**
 * What a change does to each file, a line each: "- src/cart.ts: add total, change lineTotal".
 * @param counts says how many lines come and go where nothing better is known
 */
export function fileLines(files: readonly ChangedFile[], counts: boolean): readonly string[] {
  const lines = files.slice(0, mostFiles).map((file) => `- ${file.path}: ${whatOf(file) ?? (counts ? linesOf(file) : "changed")}`);
  return files.length > mostFiles ? [...lines, `- and ${files.length - mostFiles} more files`] : lines;
}

function whatOf({ kind, from, declares }: ChangedFile): string | undefined {
  if (kind === "removed") return "removed";
  const parts = kind === "renamed" ? [`renamed from ${from}`] : kind === "added" ? ["new"] : [];
  if (kind === "added" && declares.added.length > 0) return `new, with ${several(declares.added)}`;
  for (const verb of ["add", "change", "remove"] as const) {
    const names = verb === "add" ? declares.added : verb === "change" ? declares.changed : declares.removed;
    if (names.length > 0) parts.push(`${verb} ${several(names)}`);
  }
  return parts.length > 0 ? parts.join(", ") : undefined;
}

function linesOf({ added, removed }: ChangedFile): string {
  const count = (lines: number, what: string) => (lines === 0 ? [] : [`${lines === 1 ? "1 line" : `${lines} lines`} ${what}`]);
  return [...count(added.length, "added"), ...count(removed.length, "removed")].join(", ") || "changed";
}

/** A subject that is true of all files: by what each declares, else by their names, else by how many there are and where. */
export function subjectOf(files: readonly ChangedFile[]): string {
  const declared = files.map(declaredIn);
  const byName = clause(declared.flat());
  if (declared.every((deeds) => deeds.length > 0) && byName.length <= widest) return capital(byName);
  const byFile = clauseOf(files);
  if (byFile.length <= widest) return capital(byFile);
  const folder = commonFolder(files.map(({ path }) => path));
  return `Change ${files.length} files${folder === "" ? "" : ` in ${folder}`}`;
}

/** What is done to files, in words that may follow a subject: "change format.ts and remove orders.ts". */
export function clauseOf(files: readonly ChangedFile[]): string {
  return clause(files.map(({ kind, path }) => ({ verb: verbOf(kind), thing: lastPart(path) })));
}

interface Deed {
  readonly verb: "add" | "change" | "rename" | "remove";
  readonly thing: string;
}

function declaredIn({ kind, path, declares }: ChangedFile): readonly Deed[] {
  const deeds = [
    ...declares.added.map((thing) => ({ verb: "add" as const, thing })),
    ...declares.changed.map((thing) => ({ verb: "change" as const, thing })),
    ...declares.removed.map((thing) => ({ verb: "remove" as const, thing })),
  ];
  return kind === "changed" ? deeds : [{ verb: verbOf(kind), thing: lastPart(path) }];
}

function clause(deeds: readonly Deed[]): string {
  const groups = (["add", "change", "rename", "remove"] as const).flatMap((verb) => {
    const things = [...new Set(deeds.filter((deed) => deed.verb === verb).map(({ thing }) => thing))];
    return things.length === 0 ? [] : [`${verb} ${listed(things)}`];
  });
  return groups.length === 2 && !groups.some((group) => group.includes(" and ")) ? groups.join(" and ") : groups.join(", ");
}

function verbOf(kind: ChangedFile["kind"]): Deed["verb"] {
  return ({ added: "add", changed: "change", renamed: "rename", removed: "remove" } as const)[kind];
}

function listed(things: readonly string[]): string {
  return things.length < 2 ? (things[0] ?? "") : `${things.slice(0, -1).join(", ")} and ${things.at(-1)}`;
}

function several(names: readonly string[]): string {
  if (names.length <= mostNames) return listed(names);
  return `${names.slice(0, mostNames).join(", ")} and ${names.length - mostNames} more`;
}

function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split("/").slice(0, -1));
  const differs = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return first.slice(0, differs < 0 ? undefined : differs).join("/");
}

/** The name of a file without its folder. */
export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
