import ts from "typescript-language-service";
import { isErrorType } from "./internals.ts";
import type { Resident } from "./project.ts";

/** A part of a document. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What the checker is asked about a range. */
export interface NameRules {
  /** Also names that nobody declared; elsewhere only members. */
  readonly undeclared: boolean;
  /** Only members of types that are described somewhere: in JavaScript without types most are guesses. */
  readonly describedOnly: boolean;
}

/** Answers the first name in a range that does not exist, if there is one. */
export function missingName(
  file: ts.SourceFile,
  { checker }: Pick<Resident, "checker">,
  range: Range,
  rules: NameRules,
): string | undefined {
  return visit(file);

  function visit(node: ts.Node): string | undefined {
    if (node.end <= range.start || node.pos >= range.end) return undefined;
    const own = missingHere(node);
    return own ?? ts.forEachChild(node, visit);
  }

  function missingHere(node: ts.Node): string | undefined {
    if (ts.isPropertyAccessExpression(node) && isWithin(node.name)) return isMissingMember(node) ? node.name.text : undefined;
    if (rules.undeclared && ts.isIdentifier(node) && isWithin(node) && isUndeclared(node)) return node.text;
    return undefined;
  }

  function isWithin(name: ts.Node): boolean {
    return name.end > range.start && name.end <= range.end && name.end > name.getStart(file);
  }

  function isMissingMember(access: ts.PropertyAccessExpression): boolean {
    if (ts.isPrivateIdentifier(access.name)) return false;
    const owner = checker.getTypeAtLocation(access.expression);
    if ((owner.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Never)) !== 0) return false;
    if (rules.describedOnly && !isDescribed(owner)) return false;
    return checker.getSymbolAtLocation(access.name) === undefined && isErrorType(checker.getTypeAtLocation(access));
  }

  function isDescribed(type: ts.Type): boolean {
    const apparent = checker.getApparentType(type);
    if (apparent.isUnionOrIntersection()) return apparent.types.every(isDescribed);
    const places = apparent.getSymbol()?.declarations ?? [];
    return places.length > 0 && places.every((place) => place.getSourceFile().isDeclarationFile);
  }

  function isUndeclared(name: ts.Identifier): boolean {
    return isValue(name) && !isMentionedElsewhere(name) && checker.getSymbolAtLocation(name) === undefined;
  }

  /** A name the user has written already will be declared, or is a mistake of the user's own. */
  function isMentionedElsewhere({ text }: ts.Identifier): boolean {
    for (let at = file.text.indexOf(text); at >= 0; at = file.text.indexOf(text, at + 1)) {
      if ((at < range.start || at >= range.end) && isWholeWord(file.text, at, text.length)) return true;
    }
    return false;
  }
}

const wordCharacter = /[\p{L}\p{N}_$]/u;

function isWholeWord(text: string, at: number, length: number): boolean {
  return !wordCharacter.test(text.charAt(at - 1)) && !wordCharacter.test(text.charAt(at + length));
}

/** True for a name that stands for a value: not one that declares, labels, names a member or a type. */
function isValue(name: ts.Identifier): boolean {
  const { parent } = name;
  if (name.text === "" || name.text === "undefined" || name.text === "arguments") return false;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === name;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return true;
  if (ts.isBinaryExpression(parent) || ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) return true;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent))
    return parent.initializer === name;
  if (ts.isElementAccessExpression(parent) || ts.isConditionalExpression(parent) || ts.isParenthesizedExpression(parent)) return true;
  if (ts.isReturnStatement(parent) || ts.isArrayLiteralExpression(parent) || ts.isTemplateSpan(parent) || ts.isSpreadElement(parent))
    return true;
  if (ts.isAwaitExpression(parent) || ts.isIfStatement(parent) || ts.isExpressionStatement(parent) || ts.isNonNullExpression(parent))
    return true;
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.expression === name;
  if (ts.isArrowFunction(parent)) return parent.body === name;
  return ts.isJsxExpression(parent) || ts.isShorthandPropertyAssignment(parent) || ts.isThrowStatement(parent);
}
