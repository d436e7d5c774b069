import type { Node } from "web-tree-sitter";
import type { Binding, Bindings } from "./bindings.ts";
import { valueType } from "./value-type.ts";

const plain = /^(?:number|string|boolean|bigint)(?:\[\])*$/;

/** The type of a name in TypeScript as it is written, or as its value plainly says; undefined where nothing says it. */
export function typeOf({ declared, kind }: Binding, bindings: Bindings): string | undefined {
  const [name, ...more] = declared;
  const { parent } = name ?? {};
  if (name === undefined || !parent || more.length > 0) return undefined;
  if (name.type === "shorthand_property_identifier_pattern") return typeOfMember(name);
  if (name.type !== "identifier" || parent.type === "optional_parameter") return undefined;
  if (parent.type === "for_in_statement") return kind === "var" ? undefined : elementType(parent, bindings);
  if (parent.type !== "required_parameter" && parent.type !== "variable_declarator") return undefined;
  const written = parent.childForFieldName("type")?.text.replace(/^:\s*/, "");
  return written ?? valueType(parent.childForFieldName("value"), bindings);
}

/** What is taken out of an object whose type is written with all its members. */
function typeOfMember({ parent, text }: Node): string | undefined {
  const written = parent?.type === "object_pattern" ? parent.parent?.childForFieldName("type") : undefined;
  const members = written?.namedChildren[0]?.type === "object_type" ? (written.namedChildren[0]?.namedChildren ?? []) : [];
  const found = members.find((each) => each?.type === "property_signature" && each.childForFieldName("name")?.text === text);
  return found?.children.some((each) => each?.type === "?") ? undefined : found?.childForFieldName("type")?.text.replace(/^:\s*/, "");
}

/** True for types of which a condition tells nothing that the compiler has to know behind it. */
export function isPlain(type: string | undefined): boolean {
  return type !== undefined && plain.test(type.replace(/^readonly /, ""));
}

/** What a loop over a list whose type is written gives. */
function elementType(loop: Node, bindings: Bindings): string | undefined {
  const list = loop.childForFieldName("right");
  if (loop.childForFieldName("operator")?.text !== "of" || list?.type !== "identifier") return undefined;
  const binding = bindings.of(list);
  const type = binding && typeOf(binding, bindings);
  return (
    /^(?:readonly )?([A-Za-z_$][\w$.]*)\[\]$/.exec(type ?? "")?.[1] ??
    /^(?:Readonly)?(?:Array|Set)<([\w$.[\]]+)>$/.exec(type ?? "")?.[1] ??
    (type === "string" ? "string" : undefined)
  );
}
