import type { Node } from "web-tree-sitter";
import type { Bindings } from "./bindings.ts";
import { typeOf } from "./types.ts";

const compares = /^(?:[=!]==?|[<>]=?|in|instanceof)$/;
const calculates = /^(?:[-*/%&|^]|\*\*|<<|>>>?)$/;

/** What functions give that are everywhere. */
const everywhere: Readonly<Record<string, RegExp>> = {
  number: /^(?:Math\.\w+|Number|parseInt|parseFloat|Number\.parse(?:Int|Float)|Date\.now|performance\.now)$/,
  string: /^(?:String|String\.from\w+)$/,
  boolean: /^(?:Boolean|Array\.isArray|Number\.is\w+|Object\.is)$/,
  "string[]": /^Object\.keys$/,
};
/** What methods of a text give. */
const ofText: Readonly<Record<string, RegExp>> = {
  string: /^(?:trim\w*|to(?:Lower|Upper)Case|slice|substring|pad(?:Start|End)|replace|replaceAll|charAt|repeat|concat|normalize)$/,
  number: /^(?:indexOf|lastIndexOf|search|charCodeAt|localeCompare)$/,
  boolean: /^(?:includes|startsWith|endsWith)$/,
  "string[]": /^split$/,
};
/** What methods of a list give, whatever it has. */
const ofList: Readonly<Record<string, RegExp>> = {
  string: /^join$/,
  number: /^(?:indexOf|lastIndexOf|findIndex|findLastIndex)$/,
  boolean: /^(?:includes|some|every)$/,
};
const list = /\[\]$|^(?:Readonly)?Array</;

/** The type of a value in TypeScript, where it plainly says it; undefined where more would have to be known. */
export function valueType(value: Node | null, bindings: Bindings): string | undefined {
  const of = (field: string) => valueType(value?.childForFieldName(field) ?? null, bindings);
  switch (value?.type) {
    case "number":
      return /n$/.test(value.text) ? undefined : "number";
    case "string":
    case "template_string":
      return "string";
    case "true":
    case "false":
      return "boolean";
    case "identifier": {
      const binding = bindings.of(value);
      return binding && typeOf(binding, bindings);
    }
    case "parenthesized_expression":
      return valueType(value.namedChildren[0] ?? null, bindings);
    case "unary_expression":
      return typeOfUnary(value.childForFieldName("operator")?.text, of("argument"));
    case "binary_expression":
      return typeOfBinary(value.childForFieldName("operator")?.text ?? "", of("left"), of("right"));
    case "ternary_expression": {
      const [yes, no] = [of("consequence"), of("alternative")];
      return yes === no ? yes : undefined;
    }
    case "member_expression":
      return value.childForFieldName("property")?.text === "length" ? "number" : undefined;
    case "new_expression": {
      const [types, made] = [value.childForFieldName("type_arguments")?.text, value.childForFieldName("constructor")?.text];
      return types !== undefined && /^(?:Map|Set|Array)$/.test(made ?? "") ? `${made}${types}` : undefined;
    }
    case "call_expression":
      return typeOfCall(value.childForFieldName("function"), bindings);
    default:
      return undefined;
  }
}

function typeOfUnary(operator: string | undefined, argument: string | undefined): string | undefined {
  if (operator === "!") return "boolean";
  if (operator === "typeof") return "string";
  return argument === "number" && /^[-+~]$/.test(operator ?? "") ? "number" : undefined;
}

function typeOfBinary(operator: string, left: string | undefined, right: string | undefined): string | undefined {
  if (compares.test(operator)) return "boolean";
  // Nothing can be calculated of a number and what is none.
  if (calculates.test(operator)) return left === "number" || right === "number" ? "number" : undefined;
  if (operator === "+" && (left === "string" || right === "string")) return "string";
  return left === right && /^(?:\+|&&|\|\|)$/.test(operator) && /^(?:number|boolean)$/.test(left ?? "") ? left : undefined;
}

function typeOfCall(called: Node | null, bindings: Bindings): string | undefined {
  const object = called?.type === "member_expression" ? called.childForFieldName("object") : called;
  if (!called || !object) return undefined;
  const isOwn = object.type === "identifier" && bindings.of(object) !== undefined;
  const known = isOwn ? undefined : named(everywhere, called.text);
  if (known !== undefined || called === object) return known;
  const method = called.childForFieldName("property")?.text ?? "";
  if (object.type === "regex") return method === "test" ? "boolean" : undefined;
  const type = valueType(object, bindings)?.replace(/^readonly /, "");
  if (type === "string") return named(ofText, method);
  if (type === "number") return /^to(?:Fixed|String|Precision)$/.test(method) ? "string" : undefined;
  return list.test(type ?? "") ? named(ofList, method) : undefined;
}

function named(table: Readonly<Record<string, RegExp>>, name: string): string | undefined {
  return Object.keys(table).find((type) => table[type]?.test(name));
}
