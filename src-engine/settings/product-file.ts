import { findNodeAtLocation, getNodeValue, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { UserError } from "#core/base/errors";
import { productSchema } from "#core/settings/product";

/** Checks the text of product.json when the window is built; throws BAD_INPUT with the line of the first value that is not allowed. */
export function checkProduct(text: string, file: string): void {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors);
  const [error] = errors;
  if (error !== undefined) throw refused(text, file, error.offset, `this is not valid JSON (${printParseErrorCode(error.error)})`);
  const issue = productSchema.safeParse(root && getNodeValue(root)).error?.issues[0];
  if (issue === undefined) return;
  const path = [...issue.path.map((part) => (typeof part === "number" ? part : String(part)))];
  if (issue.code === "unrecognized_keys") path.push(issue.keys[0] ?? "");
  // What is missing has no place of its own, so it is looked for in what should hold it.
  const place = root && (findNodeAtLocation(root, path) ?? findNodeAtLocation(root, path.slice(0, -1)));
  throw refused(text, file, place?.offset ?? 0, `${path.join(".")}: ${issue.message}`);
}

function refused(text: string, file: string, offset: number, reason: string): UserError {
  const line = text.slice(0, offset).split("\n").length;
  return new UserError("BAD_INPUT", `${file}, line ${line}: ${reason}.`, "Correct that line and build again.");
}
