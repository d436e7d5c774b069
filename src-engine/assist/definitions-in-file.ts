import type { Node } from "web-tree-sitter";
import { hasMembers, nameOf, runs } from "../completion/context/definitions.ts";
import { innermostDefinition, linesOfDefinition, outermostDefinition } from "./definition-around.ts";
import { isPublic, type PublicNames, publicNames } from "./public-names.ts";

/** A definition that stands in a file, outside of functions. */
export interface FileDefinition {
  /** Its whole lines, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly kind: "function" | "members" | "other";
  /** False where nobody outside of the file, or of its class, can use it. */
  readonly isPublic: boolean;
}

/** Nodes in which names are nobody else's. */
const local = /^(?:arrow_function|function_expression|function|lambda|lambda_expression|arguments|argument_list|object)$/;
/** Definitions whose members are described by what they belong to. */
const undescribed = /^(?:method_signature|impl_item)$/;

/** The definitions of a file and the members of its classes, in their order; what is defined in a function belongs to it. */
export function definitionsOf(root: Node, text: string, languageId: string): readonly FileDefinition[] {
  const names = publicNames(root, text, languageId);
  const found: FileDefinition[] = [];
  visit(root, { isPublic: true, isMember: false }, { text, languageId, names, found });
  return found;
}

interface Around {
  readonly isPublic: boolean;
  readonly isMember: boolean;
}

interface Looking {
  readonly text: string;
  readonly languageId: string;
  readonly names: PublicNames;
  readonly found: FileDefinition[];
}

function visit(parent: Node, around: Around, looking: Looking): void {
  let overloaded: string | undefined;
  for (const node of parent.namedChildren) {
    if (node === null) continue;
    if (!outermostDefinition(node)) {
      visit(node, local.test(node.type) ? { ...around, isPublic: false } : around, looking);
      continue;
    }
    const { text, languageId, names, found } = looking;
    const inner = innermostDefinition(node);
    const isSignature = /signature/.test(inner.type);
    const kind = hasMembers(inner) ? "members" : runs(inner) && !isSignature ? "function" : "other";
    const lines = linesOfDefinition(text, node);
    const name = nameOf(inner) ?? text.slice(lines.start, lines.end).trim().split("\n", 1)[0]?.trim().slice(0, 60) ?? "";
    const isUsable = around.isPublic && isPublic({ node, name, isMember: around.isMember, languageId, text }, names);
    // What is said of a function stands at the first of its signatures.
    const isFurther = overloaded === name;
    overloaded = isSignature ? name : undefined;
    // Several in one line are one place.
    if (lines.start > (found.at(-1)?.start ?? -1))
      found.push({ ...lines, name, kind, isPublic: isUsable && !isFurther && !undescribed.test(inner.type) });
    if (kind === "members") visit(inner, { isPublic: isUsable || inner.type === "impl_item", isMember: true }, looking);
  }
}
