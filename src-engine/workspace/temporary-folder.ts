import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A real folder for one test. */
export interface TemporaryFolder {
  readonly path: string;
  /** Writes files, with their folders; returns the path of the first. */
  write(files: Readonly<Record<string, string | Uint8Array>>): string;
  at(...parts: string[]): string;
  [Symbol.dispose](): void;
}

/** Makes a folder with these files in it, for tests. */
export function temporaryFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): TemporaryFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "localcoder-test-")));
  const at = (...parts: string[]) => join(path, ...parts);
  const write: TemporaryFolder["write"] = (entries) => {
    for (const [name, content] of Object.entries(entries)) {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
    }
    return at(Object.keys(entries)[0] ?? "");
  };
  write(files);
  return { path, write, at, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
