import ts from "typescript-language-service";
import { functionIn, printed, type Source } from "./source.ts";

const { SyntaxKind } = ts;
const exchanged = new Map<ts.SyntaxKind, ts.BinaryOperator>([
  [SyntaxKind.LessThanToken, SyntaxKind.LessThanEqualsToken],
  [SyntaxKind.LessThanEqualsToken, SyntaxKind.LessThanToken],
  [SyntaxKind.GreaterThanToken, SyntaxKind.GreaterThanEqualsToken],
  [SyntaxKind.GreaterThanEqualsToken, SyntaxKind.GreaterThanToken],
  [SyntaxKind.EqualsEqualsEqualsToken, SyntaxKind.ExclamationEqualsEqualsToken],
  [SyntaxKind.ExclamationEqualsEqualsToken, SyntaxKind.EqualsEqualsEqualsToken],
  [SyntaxKind.EqualsEqualsToken, SyntaxKind.ExclamationEqualsToken],
  [SyntaxKind.ExclamationEqualsToken, SyntaxKind.EqualsEqualsToken],
  [SyntaxKind.PlusToken, SyntaxKind.MinusToken],
  [SyntaxKind.MinusToken, SyntaxKind.PlusToken],
  [SyntaxKind.AsteriskToken, SyntaxKind.PlusToken],
  [SyntaxKind.SlashToken, SyntaxKind.AsteriskToken],
  [SyntaxKind.PercentToken, SyntaxKind.AsteriskToken],
  [SyntaxKind.PlusEqualsToken, SyntaxKind.MinusEqualsToken],
  [SyntaxKind.MinusEqualsToken, SyntaxKind.PlusEqualsToken],
  [SyntaxKind.AsteriskEqualsToken, SyntaxKind.PlusEqualsToken],
  [SyntaxKind.AmpersandAmpersandToken, SyntaxKind.BarBarToken],
  [SyntaxKind.BarBarToken, SyntaxKind.AmpersandAmpersandToken],
]);

/** Documents with one small mistake each in a function: another sign, another number, arguments in another order. */
export function mistakenTexts({ plain }: Source, name: string, most: number): readonly string[] {
  const all: string[] = [];
  for (let number = 0; number < 80; number += 1) {
    const text = mistaken(plain, name, number);
    if (text === undefined) break;
    all.push(text);
  }
  const step = Math.max(1, Math.floor(all.length / most));
  return all.filter((_, index) => index % step === 0).slice(0, most);
}

/** The document with a mistake at the place with a number; undefined where there are fewer places. */
function mistaken(file: ts.SourceFile, name: string, number: number): string | undefined {
  let left = number;
  let made = false;
  const here = () => {
    left -= 1;
    made ||= left === -1;
    return left === -1;
  };
  const { factory } = ts;
  const transformer: ts.TransformerFactory<ts.Statement> = (context) => {
    const visit = (node: ts.Node): ts.Node => {
      const other = ts.isBinaryExpression(node) ? exchanged.get(node.operatorToken.kind) : undefined;
      if (ts.isBinaryExpression(node) && other !== undefined && here())
        // Another sign may bind otherwise than the one before.
        return factory.createParenthesizedExpression(factory.createBinaryExpression(node.left, other, node.right));
      if (ts.isNumericLiteral(node) && /^\d+$/.test(node.text) && here()) return factory.createNumericLiteral(Number(node.text) + 1);
      if (ts.isCallExpression(node) && node.arguments.length > 1 && here()) {
        const extreme = /^Math\.(max|min)$/.exec(node.expression.getText())?.[1];
        // The order says nothing to these two.
        if (extreme !== undefined)
          return factory.updateCallExpression(
            node,
            factory.createPropertyAccessExpression(factory.createIdentifier("Math"), extreme === "max" ? "min" : "max"),
            undefined,
            node.arguments,
          );
        const [first, ...rest] = node.arguments;
        return factory.updateCallExpression(node, node.expression, undefined, first === undefined ? rest : [...rest, first]);
      }
      return ts.visitEachChild(node, visit, context);
    };
    return (root) => ts.visitNode(root, visit) as ts.Statement;
  };
  const texts = file.statements.map((statement) =>
    functionIn(statement)?.name === name
      ? printed(ts.transform(statement, [transformer]).transformed[0] as ts.Statement, file)
      : statement.getText(),
  );
  return made ? texts.join("\n") : undefined;
}
