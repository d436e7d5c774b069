import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { TestedProject } from "#core/assist/tests/plan";

/** Beyond these many files the rest of a project says nothing new of where tests lie. */
const mostFiles = 8000;
const mostManifestBytes = 200_000;

const skipped = new Set(["node_modules", "dist", "out", "build", "target", "vendor", "venv", "site-packages", "__pycache__", "coverage"]);
const manifest = /^(?:package\.json|pyproject\.toml|requirements[\w-]*\.txt|setup\.(?:cfg|py)|tox\.ini|pytest\.ini|Pipfile)$/;

/** Reads which files a project has and how it is tested, the outer folders first. */
export async function readTestedProject(workspace: string, signal?: AbortSignal): Promise<TestedProject> {
  const files: string[] = [];
  const manifests: Record<string, string> = {};
  let folders = [""];
  while (folders.length > 0 && files.length < mostFiles) {
    const deeper: string[] = [];
    for (const folder of folders) {
      signal?.throwIfAborted();
      for (const entry of await readdir(join(workspace, folder), { withFileTypes: true }).catch(() => [])) {
        const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory()) {
          if (!skipped.has(entry.name) && !entry.name.startsWith(".")) deeper.push(path);
        } else if (entry.isFile()) {
          files.push(path);
          if (manifest.test(entry.name)) manifests[path] = await readSmall(join(workspace, path));
        }
      }
    }
    folders = deeper;
  }
  return { files: files.slice(0, mostFiles), manifests };
}

async function readSmall(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.size > mostManifestBytes) return "";
  return readFile(path, "utf8").catch(() => "");
}
