import type { Node } from "web-tree-sitter";
import type { Edit, Rule } from "../edits.ts";
import { below, spansLines } from "../nodes.ts";
import { negated } from "./negation.ts";
import { asked, branchesOf, indentOf, isInBlock, leaves, partsOf, statementsIn, unwrapped } from "./nodes.ts";

/** Guards in the place of nested conditions, in JavaScript and TypeScript. `exactly`: conditions are turned around only where that is the same for all values. */
export const earlyReturns =
  (exactly: boolean): Rule =>
  (root, text) => {
    for (const node of below(root, "if_statement")) {
      if (!isInBlock(node)) continue;
      const edit =
        shortestFirst(node, text, exactly) ?? withoutElse(node, text) ?? conditionsAsOne(node, text) ?? guarded(node, text, exactly);
      if (edit !== undefined) return [edit];
    }
    return undefined;
  };

/** Of two ways the short one that leaves stands first. */
function shortestFirst(node: Node, text: string, exactly: boolean): Edit | undefined {
  const found = branchesOf(node);
  if (found?.no === undefined || found.no.type === "if_statement" || spansLines(found.condition) || hasLooseComment(node)) return undefined;
  const only = statementsIn(found.no);
  if (only.length !== 1 || !leaves(found.no) || only.some(spansLines) || statementsIn(found.yes).length < 2) return undefined;
  const lines = unwrapped(found.yes, node, text);
  if (lines === undefined) return undefined;
  return {
    start: node.startIndex,
    end: node.endIndex,
    text: `if (${negated(found.condition, exactly)}) ${found.no.text}\n${indentOf(node, text)}${lines}`,
  };
}

/** What stands in an `else` after a way out stands behind it as well. */
function withoutElse(node: Node, text: string): Edit | undefined {
  const found = branchesOf(node);
  if (found?.no === undefined || !leaves(found.yes) || hasLooseComment(node)) return undefined;
  const lines = found.no.type === "if_statement" ? found.no.text : unwrapped(found.no, node, text);
  return lines === undefined ? undefined : { start: found.yes.endIndex, end: node.endIndex, text: `\n${indentOf(node, text)}${lines}` };
}

/** `if (a) { if (b) { … } }`: `if (a && b) { … }`. */
function conditionsAsOne(node: Node, text: string): Edit | undefined {
  const outer = branchesOf(node);
  const [only, ...more] = statementsIn(outer?.yes);
  const inner = only?.type === "if_statement" ? branchesOf(only) : undefined;
  if (
    outer === undefined ||
    inner === undefined ||
    more.length > 0 ||
    outer.no !== undefined ||
    inner.no !== undefined ||
    hasLooseComment(node)
  )
    return undefined;
  if ([outer, inner].some(({ condition }) => spansLines(condition)) || inner.yes.type !== "statement_block" || only === undefined)
    return undefined;
  if (below(inner.yes, "template_string").some(spansLines)) return undefined;
  const joined = [outer, inner].map(({ condition }) => {
    const part = asked(condition);
    return /^(?:\|\||\?\?)$/.test(part.childForFieldName("operator")?.text ?? "") ||
      /^(?:ternary|assignment|sequence|arrow)/.test(part.type)
      ? `(${part.text})`
      : part.text;
  });
  const deeper = indentOf(only, text).length - indentOf(node, text).length;
  const block = inner.yes.text
    .split("\n")
    .map((line, index) => (index === 0 ? line : line.slice(Math.min(deeper, /^[ \t]*/.exec(line)?.[0].length ?? 0))));
  return { start: node.startIndex, end: node.endIndex, text: `if (${joined.join(" && ")}) ${block.join("\n")}` };
}

/** A condition around all that is left of a function or a loop, as a way out before it. */
function guarded(node: Node, text: string, exactly: boolean): Edit | undefined {
  const found = branchesOf(node);
  const block = node.parent;
  if (found === undefined || found.no !== undefined || block === null || spansLines(found.condition) || hasLooseComment(node))
    return undefined;
  if (partsOf(block).at(-1)?.id !== node.id || statementsIn(found.yes).length < 2) return undefined;
  const around = block.parent?.type ?? "";
  const way = /^(?:for|while|for_in)_statement$/.test(around)
    ? "continue"
    : /function|method_definition/.test(around)
      ? "return"
      : undefined;
  const lines = way === undefined ? undefined : unwrapped(found.yes, node, text);
  if (lines === undefined) return undefined;
  return {
    start: node.startIndex,
    end: node.endIndex,
    text: `if (${negated(found.condition, exactly)}) ${way};\n${indentOf(node, text)}${lines}`,
  };
}

/** True where a comment stands between the parts of a condition: it would lose its place. */
function hasLooseComment(node: Node): boolean {
  return node.children.some(
    (child) => child?.type === "comment" || (child?.type === "else_clause" && child.children.some((each) => each?.type === "comment")),
  );
}
