import type { WindowTarget } from "../contracts/desktop.ts";

/** The query of a tab's address for what it shows: `?workspace=/shop&file=/shop/cart.ts:12:5`. Empty for an empty window. */
export function targetToQuery({ workspace, files }: WindowTarget): string {
  const parts = workspace === undefined ? [] : [`workspace=${encode(workspace)}`];
  for (const { path, line, column } of files) {
    const place = line === undefined ? "" : `:${line}:${column ?? 1}`;
    parts.push(`file=${encode(path)}${place}`);
  }
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

/** What a tab shows by the query of its address; parameters that are not ours are left alone. */
export function targetFromQuery(query: string): WindowTarget {
  const parameters = query
    .replace(/^\?/, "")
    .split("&")
    .map((part) => /^([^=]*)=(.*)$/s.exec(part))
    .filter((part) => part !== null)
    .map(([, name, value]) => ({ name, value: value ?? "" }));
  const workspaces = parameters.filter(({ name }) => name === "workspace").map(({ value }) => decode(value));
  const files = parameters.filter(({ name }) => name === "file").map(({ value }) => placeOf(value));
  return { workspace: workspaces.find((path) => path !== ""), files: files.filter(({ path }) => path !== "") };
}

/** Colons of the path itself are encoded where we made the address; in one that was typed, only the last ones count. */
function placeOf(text: string): WindowTarget["files"][number] {
  const parts = /^(.+?):(\d{1,9})(?::(\d{1,9}))?$/s.exec(text);
  if (parts === null) return { path: decode(text) };
  return { path: decode(parts[1] as string), line: Number(parts[2]), column: parts[3] === undefined ? undefined : Number(parts[3]) };
}

function encode(text: string): string {
  // A path stays legible in the address bar.
  return encodeURIComponent(text).replaceAll("%2F", "/");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return "";
  }
}
