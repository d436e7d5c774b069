/** Says whether a path below the watched folder, with `/` between its parts, is excluded. */
export type PathMatcher = (relativePath: string) => boolean;

/**
 * Compiles globs in the notation of VS Code (`*`, `**`, `?`, `{a,b}`, `[a-z]`, `[!a]`) into one matcher.
 * A glob that names a folder covers everything in it; one without a leading `**` counts from the watched folder.
 * @param folder the watched folder with `/` between its parts, so that absolute globs are understood.
 * @param platform Linux tells capitals apart, the others do not.
 */
export function compileGlobs(globs: readonly string[], folder: string, platform: string): PathMatcher {
  const sources = globs.flatMap((glob) => {
    let text = glob.replaceAll("\\", "/").replace(/^\.\//, "");
    if (text.startsWith(`${folder}/`)) text = text.slice(folder.length + 1);
    else if (/^(\/|[a-z]:\/)/i.test(text)) return [];
    // `x/**` and `x/` mean all in x; matching x itself as well lets a watcher leave out the whole folder.
    text = text.replace(/(\/\*\*)+\/?$/, "").replace(/\/$/, "");
    return text === "" ? [] : [globSource(text)];
  });
  if (sources.length === 0) return () => false;
  const expression = new RegExp(`^(?:${sources.join("|")})(?:/.*)?$`, platform === "linux" ? "s" : "is");
  return (path) => expression.test(path);
}

/** The source of a regular expression for one glob, without anchors. */
export function globSource(glob: string): string {
  let source = "";
  let depth = 0;
  for (let index = 0; index < glob.length; index++) {
    const character = glob[index] ?? "";
    if (character === "*") {
      if (glob[index + 1] === "*") {
        const atStart = index === 0 || "/{,".includes(glob[index - 1] ?? "");
        while (glob[index + 1] === "*") index++;
        if (atStart && glob[index + 1] === "/") {
          index++;
          source += "(?:[^/]+/)*";
        } else {
          source += ".*";
        }
      } else {
        source += "[^/]*";
      }
    } else if (character === "?") {
      source += "[^/]";
    } else if (character === "{" && glob.indexOf("}", index) > 0) {
      depth++;
      source += "(?:";
    } else if (character === "}" && depth > 0) {
      depth--;
      source += ")";
    } else if (character === "," && depth > 0) {
      source += "|";
    } else if (character === "[" && glob.indexOf("]", index + 2) > 0) {
      const end = glob.indexOf("]", index + 2);
      const inside = glob.slice(index + 1, end).replace(/^[!^]/, "");
      const negated = /^[!^]/.test(glob[index + 1] ?? "");
      source += `[${negated ? "^/" : ""}${inside.replace(/[\\\]^]/g, "\\$&")}]`;
      index = end;
    } else {
      source += character.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    }
  }
  return source + ")".repeat(depth);
}

/** A glob that names exactly one path, whatever characters stand in it. */
export function globOf(path: string): string {
  return path.replaceAll("\\", "/").replace(/[[*?{]/g, "[$&]");
}
