import type { Node } from "web-tree-sitter";
import { familyOf } from "#core/context/languages";

/** What a file lets others use; undefined where it says nothing of that, so that everything may be meant. */
export type PublicNames = ReadonlySet<string> | undefined;

const exportedNames = /(?:\bexport\s*(?:type\s*)?|\bmodule\.exports\s*=\s*)\{([^}]*)\}/g;
const exportedName = /\b(?:module\.)?exports\.([\p{L}_$][\p{L}\p{N}_$]*)\s*=|\bexport\s+default\s+([\p{L}_$][\p{L}\p{N}_$]*)\s*;/gu;

/** The names that a file in JavaScript or TypeScript exports apart from where it defines them. */
export function publicNames(root: Node, text: string, languageId: string): PublicNames {
  if (familyOf(languageId) !== "script") return undefined;
  const listed = [...text.matchAll(exportedNames)].flatMap(([, list = ""]) => list.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []);
  const single = [...text.matchAll(exportedName)].map(([, assigned, named]) => assigned ?? named ?? "");
  const exportsHere = root.namedChildren.some((node) => node?.type === "export_statement");
  return exportsHere || listed.length > 0 || single.length > 0 ? new Set([...listed, ...single]) : undefined;
}

/** A definition whose name may be nobody else's. */
interface Named {
  /** The definition with all that belongs to it. */
  readonly node: Node;
  readonly name: string;
  readonly isMember: boolean;
  readonly languageId: string;
  readonly text: string;
}

/** True where others can use what is defined, as far as its own lines tell: what it stands in is not looked at. */
export function isPublic({ node, name, isMember, languageId, text }: Named, names: PublicNames): boolean {
  const head = text.slice(node.startIndex, node.startIndex + 400).replace(/^(?:\s*@[^\n]*\n)+/, "");
  switch (familyOf(languageId)) {
    case "script":
      // What a constructor does, its class says.
      if (isMember) return !/^\s*(?:private|protected)\b/.test(head) && !/^\s*(?:\w+\s+)*#/.test(head) && name !== "constructor";
      return names === undefined || node.type === "export_statement" || names.has(name);
    case "python":
      return !name.startsWith("_");
    case "go":
      return /^\p{Lu}/u.test(name);
    case "rust":
      return /^\s*pub\b/.test(head) || node.parent?.parent?.type === "trait_item";
    default:
      return !/^[^({;]*\bprivate\b/.test(head);
  }
}
