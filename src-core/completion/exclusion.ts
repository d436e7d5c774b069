import { compileGlobs } from "../base/globs.ts";

/**
 * True when patterns exclude a document from ghost text. They count from the workspace folder; for a document outside of any
 * folder from the root of its disk, so that absolute ones hold there as well.
 */
export function isExcluded(
  patterns: readonly string[],
  { path, workspace }: { readonly path: string; readonly workspace?: string | undefined },
  platform: string,
): boolean {
  if (patterns.length === 0) return false;
  const place = path.replaceAll("\\", "/");
  const folder = workspace?.replaceAll("\\", "/").replace(/\/$/, "");
  const from = folder !== undefined && place.startsWith(`${folder}/`) ? folder : (/^[a-z]:(?=\/)/i.exec(place)?.[0] ?? "");
  return compileGlobs(patterns, from, platform)(place.slice(from.length).replace(/^\//, ""));
}
