import type { Node } from "web-tree-sitter";

/** What a part of a function is about. */
export interface About {
  /** The variable it gives a value to, and whether that had one before. */
  readonly sets?: { readonly name: string; readonly again: boolean };
  /** What it needs of the function around it. */
  readonly inputs: readonly string[];
}

/** Names of fewer letters say nothing. */
const leastLetters = 3;

/** How a function is called that was taken out, where the model has no name for it: a verb and what it is about, `like_this`. */
export function nameOfPart({ sets, inputs }: About): string {
  if (sets !== undefined) return `${sets.again ? "update" : "compute"}_${snakeCase(sets.name)}`;
  return withSubject("handle", inputs) ?? "do_part";
}

/** The same for a condition: what follows from it says what it tells. */
export function nameOfCondition(condition: Node, { inputs }: Pick<About, "inputs">): string {
  const what = followsFrom(condition);
  return withSubject(what ?? "applies_to", inputs) ?? what ?? "is_so";
}

function followsFrom(condition: Node): string | undefined {
  let at = condition.parent;
  while (at !== null && /^parenthesized_expression$/.test(at.type)) at = at.parent;
  if (at?.type === "if_clause") return "is_wanted";
  if (at === null || !/^(?:if_statement|elif_clause)$/.test(at.type)) return undefined;
  const branch = at.childForFieldName("consequence");
  const first = /_statement$/.test(branch?.type ?? "") && branch?.type !== "statement_block" ? branch : branch?.namedChildren[0];
  switch (first?.type) {
    case "raise_statement":
    case "throw_statement":
      return "is_invalid";
    case "continue_statement":
      return "is_skipped";
    case "break_statement":
      return "is_last";
    default:
      return undefined;
  }
}

function withSubject(verb: string, inputs: readonly string[]): string | undefined {
  const subject = inputs.map(snakeCase).find((each) => each.length >= leastLetters);
  return subject === undefined ? undefined : `${verb}_${subject}`;
}

function snakeCase(name: string): string {
  return name
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_")
    .replace(/^[_$]+/, "")
    .toLowerCase();
}
