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

/** A file that looks like a model and was not read yet. */
export interface UnreadModel extends Pick<FoundModel, "path" | "source" | "title" | "bytes" | "entry"> {
  readonly file?: undefined;
}

/** What can be said at once: what is known from before, and names and sizes of the rest. */
export interface Glance {
  readonly found: readonly FoundModel[];
  readonly unread: readonly UnreadModel[];
}

interface Candidate {
  readonly path: string;
  readonly source: FoundModel["source"];
  readonly title: string;
  readonly fileName: string;
  readonly real: string;
  /** The user named this very file. */
  readonly named: boolean;
}

type Place = Omit<Candidate, "real" | "named">;

/** Bounds of a walk, so that a folder named by mistake (a whole home) costs seconds and not minutes. */
const limits = { depth: 6, entries: 200_000, manifestBytes: 1_000_000 };

/**
 * Looks through all places and at files the user named. Reads heads only, writes nothing, and passes over what may not be read.
 * `onGlance` hears what there is before the first head is read.
 */
export async function discoverModels(options: {
  readonly places: readonly ModelPlace[];
  readonly chosen: readonly string[];
  readonly catalogue: readonly CatalogueEntry[];
  readonly cache: HeaderCache;
  readonly onGlance?: (glance: Glance) => void;
}): Promise<FoundModel[]> {
  const { catalogue, cache } = options;
  const candidates = await findCandidates(options);
  const looks = new Map<Candidate, ModelLook>();
  for (const candidate of candidates) {
    const known = await cache.known(candidate.path);
    if (known) looks.set(candidate, known);
  }
  const toModel = (candidate: Candidate, look: ModelLook) => describeFound(candidate, look, catalogue);
  if (options.onGlance) {
    const known = await Promise.all([...looks].map(([candidate, look]) => toModel(candidate, look)));
    const unread = await Promise.all(
      candidates.filter((candidate) => !looks.has(candidate)).map((each) => describeUnread(each, catalogue)),
    );
    options.onGlance({ found: present(known), unread });
  }
  const found: (FoundModel | undefined)[] = [];
  for (const candidate of candidates)
    found.push(await toModel(candidate, looks.get(candidate) ?? (await cache.look(candidate.path, titleOfOwn(candidate)))));
  await cache.save();
  return present(found);
}

const present = (models: readonly (FoundModel | undefined)[]) => models.filter((model) => model !== undefined);

/** Each file once, by what it really is: links lead to the same one. */
async function findCandidates({ places, chosen }: Pick<Parameters<typeof discoverModels>[0], "places" | "chosen">): Promise<Candidate[]> {
  const seen = new Map<string, Candidate>();
  const add = async (place: Place, named: boolean) => {
    const real = await realpath(place.path).catch(() => place.path);
    if (!seen.has(real)) seen.set(real, { ...place, real, named });
  };
  for (const place of places) {
    const files = place.layout === "ollama" ? await ollamaModels(place.folder) : await modelFiles(place);
    for (const file of files) await add(file, false);
  }
  for (const path of chosen) await add({ path, source: "chosen", title: titleOf(path), fileName: basename(path) }, true);
  return [...seen.values()];
}

/** The name a tool gives the model; undefined where that is the file's. */
function titleOfOwn({ title, path }: Candidate): string | undefined {
  return title === titleOf(path) ? undefined : title;
}

/** Ollama and the Hugging Face cache name their blobs by the hash of what is in them. */
function hashOf({ real }: Candidate): string | undefined {
  return /^(?:sha256-)?([0-9a-f]{64})$/.exec(basename(real))?.[1];
}

async function describeUnread(candidate: Candidate, catalogue: readonly CatalogueEntry[]): Promise<UnreadModel> {
  const { path, source, title, fileName } = candidate;
  const bytes = await sizeOf(path);
  return { path, source, title, bytes, entry: matchCatalogue(catalogue, { fileName, bytes, sha256: hashOf(candidate) }) };
}

async function describeFound(candidate: Candidate, look: ModelLook, catalogue: readonly CatalogueEntry[]): Promise<FoundModel | undefined> {
  const { path, source, title, fileName, named } = candidate;
  const code = look.problem?.code;
  if (!named && (code === "NOT_FOUND" || code === "NO_PERMISSION")) return undefined;
  // Parts of other models (image projectors, adapters) are no models; they are only worth a word when the user named one.
  if (!named && code === "UNSUPPORTED") return undefined;
  const bytes = look.file?.bytes ?? (await sizeOf(path));
  const entry = look.file && matchCatalogue(catalogue, { fileName, bytes, sha256: hashOf(candidate) });
  return { ...look, path, source, title, bytes, entry };
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** GGUF files below a folder, in the order of their names. Links are followed, a folder is entered once. */
async function modelFiles({ folder, source }: ModelPlace): Promise<Place[]> {
  const result: Place[] = [];
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
async function ollamaModels(folder: string): Promise<Place[]> {
  const result: Place[] = [];
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
