import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { CatalogueEntry } from "#core/contracts/models";
import { clean, matchCatalogue } from "#core/models/model-file";
import type { HeaderCache, ModelLook } from "./header-cache.ts";
import type { ModelPlace, ModelSource } from "./places.ts";
import { isLaterPart, titleOf } from "./read-model.ts";

/** A model file on this machine, readable or not. */
export type FoundModel = ModelLook & {
  readonly path: string;
  readonly source: Exclude<ModelSource, "catalogue">;
  /** What the tool it belongs to calls it, else its file name. */
  readonly title: string;
  readonly bytes: number;
  readonly entry?: CatalogueEntry;
};

interface Candidate {
  readonly path: string;
  readonly source: FoundModel["source"];
  readonly title: string;
  readonly fileName: string;
}

/** Bounds of a walk, so that a folder named by mistake (a whole home) costs seconds and not minutes. */
const limits = { depth: 6, entries: 50_000, manifestBytes: 1_000_000 };

/** Looks through all places and at files the user named. Reads heads only, writes nothing, and passes over what may not be read. */
export async function discoverModels(options: {
  readonly places: readonly ModelPlace[];
  readonly chosen: readonly string[];
  readonly catalogue: readonly CatalogueEntry[];
  readonly cache: HeaderCache;
}): Promise<FoundModel[]> {
  const found: FoundModel[] = [];
  const seen = new Set<string>();
  const add = async (candidate: Candidate, named: boolean) => {
    const real = await realpath(candidate.path).catch(() => candidate.path);
    if (seen.has(real)) return;
    seen.add(real);
    const model = await lookAt(candidate, real, options);
    // Parts of other models (image projectors, adapters) are no models; they are only worth a word when the user named one.
    if (model && (named || model.problem?.code !== "UNSUPPORTED")) found.push(model);
  };
  for (const place of options.places) {
    const candidates = place.layout === "ollama" ? await ollamaModels(place.folder) : await modelFiles(place);
    for (const candidate of candidates) await add(candidate, false);
  }
  for (const path of options.chosen) await add({ path, source: "chosen", title: titleOf(path), fileName: basename(path) }, true);
  await options.cache.save();
  return found;
}

async function lookAt(
  candidate: Candidate,
  real: string,
  options: { readonly catalogue: readonly CatalogueEntry[]; readonly cache: HeaderCache },
): Promise<FoundModel | undefined> {
  const look = await options.cache.look(candidate.path, candidate.title === titleOf(candidate.path) ? undefined : candidate.title);
  if (look.problem && (look.problem.code === "NOT_FOUND" || look.problem.code === "NO_PERMISSION") && candidate.source !== "chosen") {
    return undefined;
  }
  const bytes =
    look.file?.bytes ??
    (await stat(candidate.path)
      .then((found) => found.size)
      .catch(() => 0));
  // Ollama and the Hugging Face cache name their blobs by the hash of what is in them.
  const sha256 = /^(?:sha256-)?([0-9a-f]{64})$/.exec(basename(real))?.[1];
  const entry = look.file && matchCatalogue(options.catalogue, { fileName: candidate.fileName, bytes, sha256 });
  return { ...look, path: candidate.path, source: candidate.source, title: candidate.title, bytes, entry };
}

/** GGUF files below a folder, in the order of their names. Links are followed, a folder is entered once. */
async function modelFiles({ folder, source }: ModelPlace): Promise<Candidate[]> {
  const result: Candidate[] = [];
  const entered = new Set<string>();
  let budget = limits.entries;
  const walk = async (path: string, depth: number): Promise<void> => {
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined || entered.has(real)) return;
    entered.add(real);
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      if (budget-- <= 0) return;
      const child = join(path, entry.name);
      const kind = entry.isSymbolicLink() ? await stat(child).catch(() => undefined) : entry;
      if (kind?.isDirectory()) {
        if (depth < limits.depth && entry.name !== "node_modules" && entry.name !== ".git") await walk(child, depth + 1);
      } else if (kind?.isFile() && /\.gguf$/i.test(entry.name) && !isLaterPart(entry.name)) {
        result.push({ path: child, source, title: await titleIn(source, child), fileName: entry.name });
      }
    }
  };
  await walk(folder, 0);
  return result;
}

/** Jan calls every file model.gguf and keeps its name beside it; elsewhere the file's name tells. */
async function titleIn(source: ModelSource, path: string): Promise<string> {
  if (source !== "jan" || basename(path) !== "model.gguf") return titleOf(path);
  const about = await readFile(join(dirname(path), "model.yml"), "utf8").catch(() => "");
  const name = /^name:\s*["']?([^"'\r\n]+?)["']?\s*$/m.exec(about)?.[1];
  return clean(name ?? basename(dirname(path)));
}

/** Models of Ollama: each manifest names layers, and the layer of the model is a blob that is a GGUF file. */
async function ollamaModels(folder: string): Promise<Candidate[]> {
  const result: Candidate[] = [];
  let budget = limits.entries;
  const walk = async (path: string, names: readonly string[]): Promise<void> => {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      if (budget-- <= 0) return;
      const child = join(path, entry.name);
      if (entry.isDirectory() && names.length < limits.depth) await walk(child, [...names, entry.name]);
      else if (entry.isFile()) {
        const digest = await modelDigest(child);
        const title = `${names
          .slice(1)
          .filter((name) => name !== "library")
          .join("/")}:${entry.name}`;
        if (digest) result.push({ path: join(folder, "blobs", `sha256-${digest}`), source: "ollama", title, fileName: `${title}.gguf` });
      }
    }
  };
  await walk(join(folder, "manifests"), []);
  return result;
}

async function modelDigest(manifest: string): Promise<string | undefined> {
  try {
    if ((await stat(manifest)).size > limits.manifestBytes) return undefined;
    const { layers } = JSON.parse(await readFile(manifest, "utf8")) as { layers?: { mediaType?: unknown; digest?: unknown }[] };
    const layer = Array.isArray(layers) ? layers.find((each) => each?.mediaType === "application/vnd.ollama.image.model") : undefined;
    return typeof layer?.digest === "string" ? /^sha256:([0-9a-f]{64})$/.exec(layer.digest)?.[1] : undefined;
  } catch {
    return undefined;
  }
}
