import { z } from "zod";
import type { Downloadable, HubFile, HubRepository } from "../contracts/models.ts";
import { clean } from "./model-file.ts";

/** What a hub says of itself, as the public one does it: only what is of use here, and all of it may be missing or nonsense. */

const gated = z.union([z.boolean(), z.string()]).optional().catch(undefined);
const tags = z.array(z.string()).optional().catch(undefined);

const repositories = z.array(z.object({ id: z.string(), downloads: z.number().optional().catch(undefined), gated, tags }));

const repository = z.object({
  id: z.string(),
  sha: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/)
    .optional()
    .catch(undefined),
  gated,
  tags,
  cardData: z
    .object({ license: z.string().optional().catch(undefined), license_link: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: z.number().int().positive().optional().catch(undefined),
      lfs: z
        .object({ sha256: z.string().optional().catch(undefined), size: z.number().int().positive().optional().catch(undefined) })
        .optional()
        .catch(undefined),
    }),
  ),
});

/** Parts of a name that a repository may have; anything else would lead elsewhere. */
const repositoryName = /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/;

/** True for OWNER/NAME. */
export function isRepositoryName(text: string): boolean {
  return repositoryName.test(text) && !text.includes("..");
}

/** Takes OWNER/NAME/FILE.gguf apart; undefined for ids of other models. */
export function readHubId(id: string): { readonly repository: string; readonly path: string } | undefined {
  const [, name = "", path = ""] = /^([^/]+\/[^/]+)\/(.+\.gguf)$/i.exec(id) ?? [];
  return isRepositoryName(name) && isFilePath(path) ? { repository: name, path } : undefined;
}

/** A path below the repository, whose last part is to be the name of a file here. */
function isFilePath(path: string): boolean {
  return path.length <= 300 && path.split("/").every((part) => /^[\w][\w .+()-]*$/.test(part) && !part.includes(".."));
}

/** The repositories that a search found. Throws for what is no answer to one. */
export function readRepositories(answer: unknown): HubRepository[] {
  return repositories
    .parse(answer)
    .filter(({ id }) => isRepositoryName(id))
    .map(({ id, downloads, gated, tags }) => ({
      repository: id,
      downloads,
      gated: Boolean(gated),
      licence: licenceOf(tags),
    }));
}

/** What a repository has: files that can be downloaded, and how many cannot because they are split or no model. */
export interface RepositoryFiles {
  readonly files: readonly HubFile[];
  /** The same as the downloads take them, in the same order. */
  readonly downloadable: readonly Downloadable[];
  readonly leftOut: number;
}

/** The model files of a repository; `hub` is the hub's address, which ends with a slash. Throws for what is no answer. */
export function readFiles(answer: unknown, hub: string): RepositoryFiles {
  const { id, sha, gated, tags, cardData, siblings } = repository.parse(answer);
  const models = siblings.filter(({ rfilename }) => /\.gguf$/i.test(rfilename));
  const licence = {
    name: clean(cardData?.license ?? "") || licenceOf(tags) || undefined,
    url: /^https:\/\/[\x21-\x7e]{3,300}$/.test(cardData?.license_link ?? "") ? (cardData?.license_link ?? "") : `${hub}${id}`,
  };
  const files: HubFile[] = [];
  const downloadable: Downloadable[] = [];
  for (const { rfilename, size, lfs } of models) {
    const bytes = lfs?.size ?? size;
    const name = rfilename.split("/").at(-1) ?? "";
    if (!isFilePath(rfilename) || !isRepositoryName(id) || bytes === undefined) continue;
    // A part alone is no model, and what sees images is a part as well.
    if (/-\d{5}-of-\d{5}\.gguf$/i.test(name) || /^mmproj|imatrix/i.test(name)) continue;
    const sha256 = /^[0-9a-f]{64}$/.test(lfs?.sha256 ?? "") ? (lfs?.sha256 ?? null) : null;
    const title = name.replace(/\.gguf$/i, "");
    files.push({ id: `${id}/${rfilename}`, name: title, bytes, sha256, gated: Boolean(gated), licence });
    downloadable.push({
      id: `${id}/${rfilename}`,
      name: title,
      bytes,
      bytesEstimated: false,
      sha256,
      repository: id,
      revision: sha ?? "main",
      file: name,
      path: rfilename,
      roles: [],
    });
  }
  return { files, downloadable, leftOut: models.length - files.length };
}

function licenceOf(tags: readonly string[] | undefined): string | undefined {
  const found = tags?.find((tag) => tag.startsWith("license:"));
  return found === undefined ? undefined : clean(found.slice("license:".length)) || undefined;
}
