import ts from "typescript-language-service";
import type { Kind, Values } from "./values.ts";

/** A type that leads to itself is not followed further. */
const deepest = 4;

/** The kind of values that a type names; undefined where it is not known. Types that the files declare are looked up there, the first first. */
export function kindOfType(node: ts.TypeNode | undefined, values: Values, files: readonly ts.SourceFile[]): Kind | undefined {
  const [own] = files;
  const named = new Map(
    files.toReversed().flatMap((file) =>
      file.statements.flatMap((each) =>
        // An enumeration of another file is not there when the function is called.
        ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each) || (ts.isEnumDeclaration(each) && file === own)
          ? [[each.name.text, each] as const]
          : [],
      ),
    ),
  );

  function members(list: readonly ts.TypeElement[], depth: number): Kind | undefined {
    const made: { readonly name: string; readonly kind: Kind; readonly optional: boolean }[] = [];
    for (const member of list) {
      if (ts.isIndexSignatureDeclaration(member)) {
        const kind = of(member.type, depth + 1);
        if (kind === undefined) return undefined;
        const key = member.parameters[0]?.type?.kind === ts.SyntaxKind.NumberKeyword ? values.small : values.word;
        return () => `{ ${Array.from({ length: values.size() }, () => `${key()}: ${kind()}`).join(", ")} }`;
      }
      const name = member.name && (ts.isIdentifier(member.name) || ts.isStringLiteral(member.name)) ? member.name.text : undefined;
      const kind = ts.isPropertySignature(member)
        ? of(member.type, depth + 1)
        : ts.isMethodSignature(member)
          ? callback(member.type, depth)
          : undefined;
      const optional = member.questionToken !== undefined;
      if (name === undefined || (kind === undefined && !optional)) return undefined;
      if (kind !== undefined) made.push({ name, kind, optional });
    }
    return () => {
      const parts = made.flatMap(({ name, kind, optional }) =>
        optional && values.truth() === "true" ? [] : [`${JSON.stringify(name)}: ${kind()}`],
      );
      return `{ ${parts.join(", ")} }`;
    };
  }

  function callback(result: ts.TypeNode | undefined, depth: number): Kind {
    const kind = result?.kind;
    if (kind === ts.SyntaxKind.VoidKeyword) return values.function("nothing");
    if (kind === ts.SyntaxKind.BooleanKeyword || (result && ts.isTypePredicateNode(result))) return values.function("truth");
    if (kind === ts.SyntaxKind.NumberKeyword) return values.function("number");
    if (kind === ts.SyntaxKind.StringKeyword) return values.function("word");
    const known = depth < deepest && result && !ts.isTypeReferenceNode(result) ? of(result, depth + 1) : undefined;
    return known ? () => `Object.assign(() => (${known()}), { __given: true })` : values.function("same");
  }

  function reference(node: ts.TypeReferenceNode, depth: number): Kind | undefined {
    const name = node.typeName.getText();
    const [first, second] = (node.typeArguments ?? []).map((each) => of(each, depth + 1));
    switch (name) {
      case "Array":
      case "ReadonlyArray":
      case "Iterable":
      case "ArrayLike":
        return first && listOf(first);
      case "Set":
      case "ReadonlySet":
        return first && (() => `new Set(${values.list(first)()})`);
      case "Map":
      case "ReadonlyMap":
        return (
          first && second && (() => `new Map([${Array.from({ length: values.size() }, () => `[${first()}, ${second()}]`).join(", ")}])`)
        );
      case "Record":
        return first && second && (() => `{ ${Array.from({ length: values.size() }, () => `[${first()}]: ${second()}`).join(", ")} }`);
      case "Partial":
      case "Readonly":
      case "Required":
      case "NonNullable":
        return first;
      case "RegExp":
        return values.either([() => "/a/", () => "/[a-c]+/g", () => "/\\d/"]);
      case "Object":
        return values.table;
    }
    const declaration = named.get(name);
    if (depth >= deepest) return undefined;
    if (declaration === undefined) return isTypeParameter(node, name) ? values.number : undefined;
    if (ts.isTypeAliasDeclaration(declaration)) return of(declaration.type, depth + 1);
    if (ts.isEnumDeclaration(declaration)) {
      const all = declaration.members.flatMap((member) =>
        ts.isIdentifier(member.name) ? [() => `${name}.${(member.name as ts.Identifier).text}`] : [],
      );
      return all.length > 0 ? values.either(all) : undefined;
    }
    // What it extends would be missing.
    return declaration.heritageClauses ? undefined : members(declaration.members, depth);
  }

  /** Of numbers, lists that are sorted and the like are worth more. */
  const listOf = (kind: Kind): Kind => (kind === values.number ? values.either([values.numbers, values.counts]) : values.list(kind));

  function of(type: ts.TypeNode | undefined, depth: number): Kind | undefined {
    if (type === undefined) return undefined;
    switch (type.kind) {
      case ts.SyntaxKind.NumberKeyword:
        return values.number;
      case ts.SyntaxKind.StringKeyword:
        return values.word;
      case ts.SyntaxKind.BooleanKeyword:
        return values.truth;
      case ts.SyntaxKind.BigIntKeyword:
        return () => `${values.small()}n`;
      case ts.SyntaxKind.AnyKeyword:
      case ts.SyntaxKind.UnknownKeyword:
      case ts.SyntaxKind.JSDocAllType:
        return values.anything;
      case ts.SyntaxKind.ObjectKeyword:
        return values.table;
      case ts.SyntaxKind.UndefinedKeyword:
      case ts.SyntaxKind.VoidKeyword:
        return () => "undefined";
    }
    if (ts.isLiteralTypeNode(type)) return () => type.getText();
    if (ts.isParenthesizedTypeNode(type)) return of(type.type, depth);
    if (ts.isTypeOperatorNode(type)) return type.operator === ts.SyntaxKind.ReadonlyKeyword ? of(type.type, depth) : undefined;
    if (ts.isArrayTypeNode(type)) {
      const kind = of(type.elementType, depth + 1);
      return kind && listOf(kind);
    }
    if (ts.isTupleTypeNode(type)) {
      const kinds = type.elements.map((each) => of(ts.isNamedTupleMember(each) ? each.type : each, depth + 1));
      return kinds.includes(undefined) ? undefined : () => `[${kinds.map((kind) => kind?.()).join(", ")}]`;
    }
    if (ts.isUnionTypeNode(type)) {
      // A way that leads too deep is left out where there is another.
      const kinds = type.types.flatMap((each) => of(each, depth + 1) ?? []);
      return kinds.length === type.types.length || (depth > 0 && kinds.length > 0) ? values.either(kinds) : undefined;
    }
    if (ts.isFunctionTypeNode(type)) return callback(type.type, depth);
    if (ts.isTypeLiteralNode(type)) return members(type.members, depth);
    if (ts.isTypeReferenceNode(type)) return reference(type, depth);
    if (ts.isJSDocNullableType(type)) {
      const kind = of(type.type, depth);
      return kind && values.either([kind, kind, () => "null"]);
    }
    if (ts.isJSDocOptionalType(type) || ts.isJSDocNonNullableType(type)) return of(type.type, depth);
    return undefined;
  }

  return of(node, 0);
}

/** True for the name of a type that whoever calls chooses. */
function isTypeParameter(node: ts.Node, name: string): boolean {
  return (
    ts.findAncestor(
      node,
      (each) => ts.isFunctionLike(each) && each.typeParameters?.some((parameter) => parameter.name.text === name) === true,
    ) !== undefined
  );
}
