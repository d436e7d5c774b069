/** Reads a property list of macOS in its XML form: what a package check needs of it, and nothing more. */
export function parsePlist(text) {
  const tokens = [
    ...text.replace(/<!--[\s\S]*?-->/g, "").matchAll(/<(\/?)(dict|array|key|string|integer|real|date|data|true|false)\s*(\/?)>([^<]*)/g),
  ];
  let at = 0;
  const value = () => {
    const [, , kind, empty, content] = tokens[at++] ?? [];
    if (kind === undefined) throw new Error("The property list breaks off.");
    if (kind === "true" || kind === "false") return kind === "true";
    if (kind === "dict") return empty ? {} : dictionary();
    if (kind === "array") return empty ? [] : list();
    if (empty) return "";
    // The closing tag.
    at += 1;
    return kind === "integer" || kind === "real" ? Number(content) : plain(content);
  };
  const ends = () => tokens[at]?.[1] === "/" && at++ >= 0;
  const dictionary = () => {
    const entries = {};
    while (!ends()) {
      const key = value();
      entries[key] = value();
    }
    return entries;
  };
  const list = () => {
    const items = [];
    while (!ends()) items.push(value());
    return items;
  };
  return value();
}

function plain(text) {
  const named = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => named[name]);
}
