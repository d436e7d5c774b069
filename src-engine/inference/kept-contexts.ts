import { createHash, randomUUID } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LoadOptions } from "#core/contracts/inference";
import { version } from "../version.ts";
import type { Token } from "./language-model.ts";
import type { Track } from "./track.ts";

/**
 * What threads left in the context of a model, kept on the disk while the model is not in memory, so that their next question reads only
 * what is new. Each is used once: it is kept anew when the model goes again.
 */
export interface KeptContexts {
  /** Keeps what is evaluated on a track. */
  keep(track: Track): Promise<void>;
  /** Takes up the kept context that begins most like these tokens, where it saves much more than the track has already. */
  takeUp(track: Track, tokens: readonly Token[]): Promise<void>;
}

/** Tokens that are read again in less time than a file of them is worth. */
const leastTokens = 256;
const day = 86_400_000;
const wholeName = /^([0-9a-f]{32})-[0-9a-f-]{36}\.context$/;

/**
 * Opens the {@link KeptContexts} of a model. What another file, other adapters, another back end or another version of ours evaluated is
 * never taken up: it would be nonsense to this one, or end its process.
 */
export async function openKeptContexts(
  { path, adapters, keyValueType, contexts }: Pick<LoadOptions, "path" | "adapters" | "keyValueType" | "contexts">,
  backend: string,
): Promise<KeptContexts | undefined> {
  if (contexts === undefined) return undefined;
  const { folder } = contexts;
  const most = contexts.megabytes * 2 ** 20;
  const identities = await Promise.all([path, ...adapters].map(identityOf));
  const key = createHash("sha256")
    .update(JSON.stringify([identities, keyValueType, backend, version]))
    .digest("hex")
    .slice(0, 32);
  await tidy(folder, most, contexts.days * day);
  const mine = (await readdir(folder).catch(() => [])).filter((name) => wholeName.exec(name)?.[1] === key);
  const kept = new Map<string, readonly Token[]>();
  for (const name of mine) {
    const tokens = await readTokens(join(folder, `${name}.tokens`));
    if (tokens) kept.set(name, tokens);
  }

  return {
    async keep(track) {
      if (track.length < leastTokens) return;
      const name = `${key}-${randomUUID()}.context`;
      const file = join(folder, name);
      const writing = `${file}.writing`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        // llama.cpp opens what is there, and a file that is there keeps its permissions.
        await writeFile(writing, "", { mode: 0o600 });
        const tokens = await track.save(writing);
        await chmod(writing, 0o600);
        await writeFile(`${file}.tokens`, Buffer.from(Uint32Array.from(tokens).buffer), { mode: 0o600 });
        await rename(writing, file);
        kept.set(name, tokens);
        await tidy(folder, most, contexts.days * day);
      } catch {
        // Its next question reads it all again.
        await forget(folder, name);
      }
    },

    async takeUp(track, tokens) {
      const [best] = [...kept]
        .map(([name, before]) => ({ name, common: commonStart(before, tokens), length: before.length }))
        .filter(({ length }) => length < track.contextSize)
        .sort((one, other) => other.common - one.common);
      if (best === undefined || best.common < track.common(tokens) + leastTokens) return;
      kept.delete(best.name);
      // Under another name it is not taken again, should it end the process.
      const reading = join(folder, `${best.name}.reading`);
      try {
        await rename(join(folder, best.name), reading);
        await track.restore(reading);
      } catch {
        await track.clear();
      } finally {
        await forget(folder, best.name);
      }
    },
  };
}

/** Deletes what is left over of a process that died, what is too old, and the oldest beyond the limit. */
async function tidy(folder: string, most: number, oldest: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const whole = await Promise.all(
    names
      .filter((name) => wholeName.test(name))
      .map(async (name) => ({ name, found: await stat(join(folder, name)).catch(() => undefined) })),
  );
  const kept = new Set<string>();
  let bytes = 0;
  for (const { name, found } of whole.sort((one, other) => (other.found?.mtimeMs ?? 0) - (one.found?.mtimeMs ?? 0))) {
    if (found === undefined || Date.now() - found.mtimeMs > oldest || bytes + found.size > most) continue;
    bytes += found.size;
    kept.add(name);
  }
  for (const name of names) {
    const context = name.replace(/\.(tokens|writing|reading)$/, "");
    if (kept.has(context) && !/\.(writing|reading)$/.test(name)) continue;
    await rm(join(folder, name), { force: true }).catch(() => {});
  }
}

async function forget(folder: string, name: string): Promise<void> {
  for (const end of ["", ".tokens", ".writing", ".reading"]) await rm(join(folder, `${name}${end}`), { force: true }).catch(() => {});
}

async function identityOf(file: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(file);
  return `${file} ${ino} ${size} ${mtimeMs}`;
}

async function readTokens(file: string): Promise<readonly Token[] | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined || bytes.length % 4 !== 0) return undefined;
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32LE(index * 4));
}

function commonStart(one: readonly Token[], other: readonly Token[]): number {
  let length = 0;
  while (length < one.length && length < other.length && one[length] === other[length]) length += 1;
  return length;
}
