import type * as vscodeApi from "vscode";
import type { GitVersion } from "#core/contracts/git";

/** The scheme of a version of a file, as VS Code and themes know it. */
export const versionScheme = "git";

/** Which version of which file an address names. */
export interface NamedVersion {
  readonly root: string;
  /** From the root, with slashes. */
  readonly path: string;
  readonly version: GitVersion;
}

/** The address of a version of a file; its path is that of the file, so that its name and language are the same. */
export function versionAddress(vscode: typeof vscodeApi, named: NamedVersion): vscodeApi.Uri {
  return fileAddress(vscode, named.root, named.path).with({ scheme: versionScheme, query: JSON.stringify(named) });
}

/** What an address names; throws for one that was not made by {@link versionAddress}. */
export function namedVersion(uri: vscodeApi.Uri): NamedVersion {
  return JSON.parse(uri.query) as NamedVersion;
}

/** A file of a repository as it lies on the disk. */
export function fileAddress(vscode: typeof vscodeApi, root: string, path: string): vscodeApi.Uri {
  return vscode.Uri.joinPath(vscode.Uri.file(root), ...path.split("/"));
}

/** The path of a file from the root of a repository, empty for the root itself; undefined for one outside. */
export function pathIn(root: vscodeApi.Uri, uri: vscodeApi.Uri): string | undefined {
  if (uri.path === root.path) return "";
  const below = root.path.endsWith("/") ? root.path : `${root.path}/`;
  return uri.path.startsWith(below) ? uri.path.slice(below.length) : undefined;
}
