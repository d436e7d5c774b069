import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFilesOf } from "./git.ts";
import type { Place } from "./place.ts";

/** A public repository at one commit, with places in it. Holds no code. */
interface Repository {
  readonly name: string;
  readonly commit: string;
  readonly licence: string;
  readonly languageId: string;
  /** `path:line:column`, from 1: the cursor stands there, and the rest of its line is the hole. */
  readonly holes: readonly string[];
}

/** A repository on the disk for the time of a measurement. */
export interface WrittenRepository {
  readonly repository: Repository;
  readonly workspace: string;
}

/** The repositories whose clones lie in the folder, written out at their commits. */
export function writeRepositories(folder: string): { readonly written: readonly WrittenRepository[]; remove(): void } {
  const all: readonly Repository[] = JSON.parse(readFileSync(new URL("../cases/repositories.json", import.meta.url), "utf8"));
  const parent = mkdtempSync(join(tmpdir(), "localcoder-bench-holes-"));
  const written = all.map((repository) => {
    const name = repository.name.split("/")[1] ?? repository.name;
    const clone = join(folder, name);
    if (!existsSync(clone)) throw new Error(`${clone} is not there: a clone of ${repository.name}.`);
    const workspace = join(parent, name);
    writeFilesOf(clone, repository.commit, workspace);
    return { repository, workspace };
  });
  return { written, remove: () => rmSync(parent, { recursive: true, force: true }) };
}

/** The holes: rests of lines. */
export function holesOf({ repository, workspace }: WrittenRepository): readonly Place[] {
  return repository.holes.map((hole) => {
    const [path = "", line = "", column = ""] = hole.split(":");
    const text = readFileSync(join(workspace, path), "utf8").replaceAll("\r\n", "\n");
    const lines = text.split("\n");
    const index = Number(line) - 1;
    const before = lines.slice(0, index).map((one) => `${one}\n`);
    const whole = lines[index] ?? "";
    const prefix = before.join("") + whole.slice(0, Number(column) - 1);
    const wanted = whole.slice(Number(column) - 1);
    return {
      id: `${repository.name}/${hole}`,
      path,
      languageId: repository.languageId,
      workspace,
      prefix,
      suffix: text.slice(prefix.length + wanted.length),
      wanted,
      judged: "line",
    };
  });
}
