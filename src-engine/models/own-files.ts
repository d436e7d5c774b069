import { existsSync } from "node:fs";
import { dirname, isAbsolute, relative } from "node:path";
import { UserError } from "#core/base/errors";
import type { FoundModel } from "./discover.ts";
import { nameOf } from "./merge.ts";

/** True for a file that LocalCoder has downloaded or copied in, and may delete. */
export function isOurs({ source, path }: Pick<FoundModel, "source" | "path">, ownFolder: string): boolean {
  const inside = relative(ownFolder, path);
  return source === "localcoder" && !inside.startsWith("..") && !isAbsolute(inside);
}

/** Throws for a file that belongs to somebody else. */
export function refuseForeign(found: FoundModel, ownFolder: string): void {
  if (isOurs(found, ownFolder)) return;
  throw new UserError(
    "NO_PERMISSION",
    `${nameOf(found)} belongs to another program or place, so it is not deleted.`,
    `It lies at ${dirname(found.path)}.`,
  );
}

/** Everything a model of ours consists of on the disk, checksum files included. */
export function filesOf(found: FoundModel): string[] {
  const parts = found.file?.parts ?? [found.path];
  return [...parts, ...parts.map((part) => `${part}.sha256`).filter((path) => existsSync(path))];
}
