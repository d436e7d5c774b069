import type { Node } from "web-tree-sitter";
import { asked, partsOf } from "./nodes.ts";

const exact: Readonly<Record<string, string>> = { "===": "!==", "!==": "===", "==": "!=", "!=": "==" };
/** The same as long as what is compared is a number, and not `NaN`. */
const ordered: Readonly<Record<string, string>> = { "<": ">=", ">=": "<", ">": "<=", "<=": ">" };

/** The opposite of a condition, as somebody would write it. `exactly`: also where values have no order. */
export function negated(condition: Node, exactly: boolean): string {
  const node = asked(condition);
  if (node.type === "unary_expression" && node.childForFieldName("operator")?.text === "!") return asked(partsOf(node)[0] ?? node).text;
  if (node.type === "binary_expression") {
    const sign = node.childForFieldName("operator")?.text ?? "";
    const [left, right] = [node.childForFieldName("left"), node.childForFieldName("right")];
    const other = exact[sign] ?? (exactly && !/\.length$/.test(left?.text ?? "") ? undefined : ordered[sign]);
    if (left && right && other !== undefined) return `${left.text} ${other} ${right.text}`;
    if (left && right && (sign === "&&" || sign === "||")) {
      const sides = [left, right].map((side) => negated(side, exactly));
      const isMixed = [left, right].some((side) => /^(?:&&|\|\||\?\?)$/.test(asked(side).childForFieldName("operator")?.text ?? ""));
      if (!isMixed && sides.every((side) => !side.startsWith("!("))) return sides.join(sign === "&&" ? " || " : " && ");
    }
  }
  return /^(?:identifier|call_expression|member_expression|subscript_expression|true|false|this)$/.test(node.type)
    ? `!${node.text}`
    : `!(${node.text})`;
}
