import ts from "typescript-language-service";

/** Longer values nobody would write into a test. */
const longest = 100;

/** The value of an expression as {@link writtenValue} writes it; undefined where it is not written out. */
export function written(node: ts.Expression): string | undefined {
  try {
    return writtenValue(literalOf(node), Number.POSITIVE_INFINITY);
  } catch {
    return undefined;
  }
}

/** The value of what is written out. Throws for anything else. */
export function literalOf(node: ts.Expression): unknown {
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isStringLiteralLike(node)) return node.text;
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (node.kind === ts.SyntaxKind.NullKeyword) return null;
  if (ts.isIdentifier(node) && node.text === "undefined") return undefined;
  if (ts.isIdentifier(node) && node.text === "NaN") return Number.NaN;
  if (ts.isParenthesizedExpression(node)) return literalOf(node.expression);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) return -(literalOf(node.operand) as number);
  if (ts.isArrayLiteralExpression(node)) return node.elements.map(literalOf);
  if (ts.isObjectLiteralExpression(node))
    return Object.fromEntries(
      node.properties.map((each) => {
        if (!ts.isPropertyAssignment(each) || ts.isComputedPropertyName(each.name)) throw new TypeError("It is not written out.");
        return [each.name.text, literalOf(each.initializer)];
      }),
    );
  throw new TypeError("It is not written out.");
}

/** A value as a test would write it; undefined for one that nobody would write. */
export function writtenValue(value: unknown, most = longest): string | undefined {
  const text = textOf(value, 0);
  return text !== undefined && text.length <= most ? text : undefined;
}

function textOf(value: unknown, depth: number): string | undefined {
  if (value === null || value === undefined || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    const text = Object.is(value, -0) ? "-0" : String(value);
    return /\.\d{7}|e/.test(text) ? undefined : text;
  }
  if (typeof value !== "object" || depth > 6) return undefined;
  const inner = (each: unknown) => textOf(each, depth + 1);
  if (Array.isArray(value)) {
    const items = Array.from(value, inner);
    return items.includes(undefined) ? undefined : `[${items.join(", ")}]`;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  const members = Object.entries(value).map(([name, each]) => {
    const text = inner(each);
    return text === undefined ? undefined : `${/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : JSON.stringify(name)}: ${text}`;
  });
  if (members.includes(undefined)) return undefined;
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
