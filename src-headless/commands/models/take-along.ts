import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UserError } from "#core/base/errors";
import { formatBytes } from "#core/models/format";
import type { Invocation } from "../../command.ts";
import { bar } from "../../terminal.ts";

/** Copies the files of a model into a folder, each with a checksum file beside it: for a machine without a network. */
export async function takeAlong({ terminal, signal }: Invocation, parts: readonly string[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const part of parts) {
    const to = join(folder, basename(part));
    if (existsSync(to)) throw new UserError("ALREADY_EXISTS", `${to} is there already.`, "Delete it, or name another folder.");
    const { size } = await stat(part);
    const hash = createHash("sha256");
    let copied = 0;
    const watch = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        copied += chunk.length;
        terminal.progress(`${bar(copied / size)} · ${formatBytes(copied)} of ${formatBytes(size)} · ${basename(part)}`);
        done(null, chunk);
      },
    });
    try {
      await pipeline(createReadStream(part, { highWaterMark: 2 ** 20 }), watch, createWriteStream(`${to}.part`), { signal });
      await rename(`${to}.part`, to);
    } finally {
      terminal.progress("");
      await rm(`${to}.part`, { force: true });
    }
    await writeFile(`${to}.sha256`, `${hash.digest("hex")}  ${basename(part)}\n`);
    terminal.note(`${to}, ${formatBytes(size)}, with its checksum beside it.`);
  }
}
