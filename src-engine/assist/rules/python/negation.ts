import type { Node } from "web-tree-sitter";
import { bare, childrenOf } from "./nodes.ts";

const exact: Readonly<Record<string, string>> = { "==": "!=", "!=": "==", is: "is not", "is not": "is", in: "not in", "not in": "in" };
/** The same as long as what is compared has an order: not for `nan`, nor for sets. */
const ordered: Readonly<Record<string, string>> = { "<": ">=", ">=": "<", ">": "<=", "<=": ">" };

/** The opposite of a condition, as somebody would write it. `exactly`: also where values have no order. */
export function negated(condition: Node, exactly: boolean): string {
  const node = bare(condition);
  if (node.type === "not_operator") return bare(childrenOf(node)[0] ?? node).text;
  if (node.type === "comparison_operator" && node.namedChildCount === 2) {
    const [left, right] = childrenOf(node);
    const sign = node.children
      .slice(1, -1)
      .map((child) => child?.text)
      .join(" ");
    const isCounted = [left, right].some((side) => /^len\(/.test(side?.text ?? ""));
    const other = exact[sign] ?? (exactly && !isCounted ? undefined : ordered[sign]);
    if (other !== undefined) return `${left?.text} ${other} ${right?.text}`;
  }
  if (node.type === "boolean_operator") {
    const operator = node.childForFieldName("operator")?.type;
    const sides = childrenOf(node);
    const parts = sides.map((side) => negated(side, exactly));
    // What becomes longer by that is easier to read as it was.
    if (parts.every((part) => !part.startsWith("not (")) && !sides.some((side) => bare(side).type === "boolean_operator"))
      return operator === "and" ? parts.join(" or ") : parts.map((part) => (/ or /.test(part) ? `(${part})` : part)).join(" and ");
    return `not (${node.text})`;
  }
  return /^(?:identifier|call|attribute|subscript|true|false|none)$/.test(node.type) ? `not ${node.text}` : `not (${node.text})`;
}
