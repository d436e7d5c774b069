import type { Node } from "web-tree-sitter";
import { lineStart } from "../../definition-around.ts";
import type { Edit, Rule } from "../edits.ts";
import { below, spansLines } from "../nodes.ts";
import { negated } from "./negation.ts";
import {
  alternativesOf,
  blanksBefore,
  bodyOf,
  childrenOf,
  dedented,
  leaves,
  mentionsName,
  plainAssignment,
  scopeOf,
  statementsOf,
  wayOut,
} from "./nodes.ts";

/**
 * Guards in the place of nested conditions. `exactly`: conditions are turned around only where that is the same for all values. `shorter`:
 * a choice in one line stays one.
 */
export const earlyReturns =
  (exactly: boolean, shorter: boolean): Rule =>
  (root, text) => {
    for (const node of below(root, "if_statement")) {
      const edits = shortestFirst(node, text, exactly) ?? guarded(node, text, exactly) ?? returnedAtOnce(node, text);
      if (edits !== undefined) return edits;
    }
    for (const node of shorter ? [] : below(root, "return_statement")) {
      const edit = branches(node, text);
      if (edit !== undefined) return [edit];
    }
    return undefined;
  };

/** Of two ways the short one that leaves stands first: `if a: long` and `else: return b` is `if not a: return b` and what was long. */
function shortestFirst(node: Node, text: string, exactly: boolean): readonly Edit[] | undefined {
  const [alternative, ...more] = alternativesOf(node);
  const [body, other] = [bodyOf(node), alternative && bodyOf(alternative)];
  const condition = node.childForFieldName("condition");
  if (alternative?.type !== "else_clause" || more.length > 0 || !body || !other || condition === null || spansLines(condition))
    return undefined;
  const only = statementsOf(other);
  if (only.length !== 1 || !leaves(other) || spansLines(other) || other.startPosition.row === alternative.startPosition.row)
    return undefined;
  if (linesOf(body) < 2) return undefined;
  // Comments beside the parts would lose their place.
  if (hasComment(node, [body])) return undefined;
  const blanks = blanksBefore(node, text);
  const lines = dedented(body, text, blanks.length, afterHeader(node, text));
  if (lines === undefined) return undefined;
  const inner = blanksBefore(other, text);
  return [{ start: node.startIndex, end: node.endIndex, text: `if ${negated(condition, exactly)}:\n${inner}${other.text}\n${lines}` }];
}

/** A condition around all that is left of a function or a loop, as a way out before it. */
function guarded(node: Node, text: string, exactly: boolean): readonly Edit[] | undefined {
  const body = bodyOf(node);
  const condition = node.childForFieldName("condition");
  const block = node.parent;
  if (!body || condition === null || block?.type !== "block" || alternativesOf(node).length > 0 || spansLines(condition)) return undefined;
  if (linesOf(body) < 2 || hasComment(node, [body])) return undefined;
  const behind = statementsOf(block).filter(({ startIndex }) => startIndex > node.startIndex);
  const [last] = behind;
  const around = block.parent;
  const isLoop = around?.type === "for_statement" || around?.type === "while_statement";
  let way: string | undefined;
  if (isLoop && behind.length === 0) way = "continue";
  else if (around?.type === "function_definition" && behind.length === 0) way = "return";
  else if (last !== undefined && behind.length === 1 && isShortWayOut(last)) way = last.text;
  // What returns by itself in one line needs no guard.
  if (way === undefined || (statementsOf(body).length === 1 && !/^(?:if|for|while|with|try)_/.test(statementsOf(body)[0]?.type ?? "")))
    return undefined;
  const blanks = blanksBefore(node, text);
  const lines = dedented(body, text, blanks.length, afterHeader(node, text));
  if (lines === undefined) return undefined;
  const guard = `if ${negated(condition, exactly)}:\n${blanksBefore(body, text)}${way}\n${lines}`;
  // Where what was in it leaves in any case, nothing comes to what stood behind.
  const gone = last !== undefined && leaves(body) ? [{ start: node.endIndex, end: last.endIndex, text: "" }] : [];
  return [{ start: node.startIndex, end: node.endIndex, text: guard }, ...gone];
}

/** A value kept in a name only to be returned at the end is returned where it is known. */
function returnedAtOnce(node: Node, _text: string): readonly Edit[] | undefined {
  const next = node.nextNamedSibling;
  const [value] = next?.type === "return_statement" ? childrenOf(next) : [];
  if (next === null || value?.type !== "identifier" || node.parent?.parent?.type !== "function_definition") return undefined;
  const name = value.text;
  const own = scopeOf(node);
  if (own === undefined || below(own, ["global_statement", "nonlocal_statement"]).some((each) => mentionsName(each, name)))
    return undefined;
  // Whoever else may see the name, would see that it is not set.
  if (below(own, ["function_definition", "lambda"]).some((each) => each.id !== own.id && mentionsName(each, name))) return undefined;
  const ends = endsOf(node, name);
  const set = ends.filter(({ value: found }) => found !== undefined);
  if (set.length < 2) return undefined;
  const edits = set.map(({ statement, value: found }) => ({
    start: statement.startIndex,
    end: statement.endIndex,
    text: `return ${found?.text}`,
  }));
  const isWhole = set.length === ends.length;
  return isWhole ? [...edits, { start: node.endIndex, end: next.endIndex, text: "" }] : edits;
}

interface BranchEnd {
  readonly statement: Node;
  /** What the name is set to; undefined where the branch ends otherwise. */
  readonly value: Node | undefined;
}

/** How the branches of a condition end, those of conditions at their ends too. */
function endsOf(node: Node, name: string): readonly BranchEnd[] {
  const alternatives = alternativesOf(node);
  const bodies = [node, ...alternatives].map(bodyOf);
  const ends = bodies.flatMap((body): readonly BranchEnd[] => {
    const last = statementsOf(body).at(-1);
    if (last === undefined) return [];
    if (last.type === "if_statement") return endsOf(last, name);
    const assigned = plainAssignment(last);
    return [{ statement: last, value: assigned?.name === name && !spansLines(assigned.value) ? assigned.value : undefined }];
  });
  return alternatives.at(-1)?.type === "else_clause" ? ends : [...ends, { statement: node, value: undefined }];
}

/** `return a if b else c`: two ways out. */
function branches(node: Node, text: string): Edit | undefined {
  const [value] = childrenOf(node);
  if (value?.type !== "conditional_expression" || spansLines(node)) return undefined;
  const [yes, condition, no] = childrenOf(value);
  if (!yes || !condition || !no || text.slice(lineStart(text, node.startIndex), node.startIndex).trim() !== "") return undefined;
  const blanks = blanksBefore(node, text);
  const step = blanks.includes("\t") ? "\t" : "    ";
  return {
    start: node.startIndex,
    end: node.endIndex,
    text: `if ${condition.text}:\n${blanks}${step}return ${yes.text}\n${blanks}return ${no.text}`,
  };
}

function isShortWayOut(statement: Node): boolean {
  if (!wayOut.test(statement.type) || spansLines(statement)) return false;
  const [value] = childrenOf(statement);
  // What is computed there, is computed once more.
  return statement.type !== "raise_statement" && statement.text.length <= 40 && (value === undefined || !/\(/.test(value.text));
}

function linesOf(body: Node): number {
  return body.endPosition.row - body.startPosition.row + 1;
}

/** True where a comment stands in a node, but not in some parts of it. */
function hasComment(node: Node, parts: readonly Node[]): boolean {
  return below(node, "comment").some(
    ({ startIndex }) => !parts.some((part) => startIndex >= part.startIndex && startIndex < part.endIndex),
  );
}

/** Where the line behind `if …:` begins. */
function afterHeader(node: Node, text: string): number {
  const body = bodyOf(node);
  return lineStart(text, body?.startIndex ?? node.startIndex);
}
