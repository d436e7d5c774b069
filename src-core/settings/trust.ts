/** True when a folder is one of those, or lies below one. Paths are real ones, with links followed. */
export function isBelowAny(folder: string, folders: readonly string[]): boolean {
  return folders.some((one) => {
    const top = one.replace(/[\\/]+$/, "");
    return folder === top || folder.startsWith(`${top}/`) || folder.startsWith(`${top}\\`);
  });
}

/**
 * True for a value that a folder may set though nobody trusts it: what switches something off, excludes files, or keeps less of the
 * history.
 */
export function onlyRestricts(name: string, value: unknown): boolean {
  return value === false || name === "localcoder.completion.exclude" || name === "localcoder.history.keep";
}
