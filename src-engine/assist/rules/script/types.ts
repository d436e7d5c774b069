import type { Binding, Bindings } from "./bindings.ts";

const plain = /^(?:number|string|boolean|bigint)(?:\[\])*$/;

/** The type of a name in TypeScript as it is written, or as its value plainly says; undefined where nothing says it. */
export function typeOf({ declared, kind }: Binding, bindings: Bindings): string | undefined {
  const [name, ...more] = declared;
  const { parent } = name ?? {};
  if (name?.type !== "identifier" || !parent || more.length > 0) return undefined;
  if (parent.type === "optional_parameter") return undefined;
  if (parent.type === "for_in_statement") return kind === "var" ? undefined : elementType(parent, bindings);
  if (parent.type !== "required_parameter" && parent.type !== "variable_declarator") return undefined;
  const written = parent.childForFieldName("type")?.text.replace(/^:\s*/, "");
  return written ?? typeOfValue(parent.childForFieldName("value"));
}

/** True for types of which a condition tells nothing that the compiler has to know behind it. */
export function isPlain(type: string | undefined): boolean {
  return type !== undefined && plain.test(type.replace(/^readonly /, ""));
}

function typeOfValue(value: ReturnType<Binding["scope"]["childForFieldName"]>): string | undefined {
  switch (value?.type) {
    case "number":
      return /n$/.test(value.text) ? undefined : "number";
    case "string":
    case "template_string":
      return "string";
    case "true":
    case "false":
      return "boolean";
    case "member_expression":
      return value.childForFieldName("property")?.text === "length" ? "number" : undefined;
    case "new_expression": {
      const [of, made] = [value.childForFieldName("type_arguments")?.text, value.childForFieldName("constructor")?.text];
      return of !== undefined && /^(?:Map|Set|Array)$/.test(made ?? "") ? `${made}${of}` : undefined;
    }
    default:
      return undefined;
  }
}

/** What a loop over a list whose type is written gives. */
function elementType(loop: Binding["scope"], bindings: Bindings): string | undefined {
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
