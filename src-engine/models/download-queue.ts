import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import { type Downloadable, downloadable } from "#core/contracts/models";

/** A download that is wanted. */
export interface WantedDownload {
  readonly entry: Downloadable;
  /** Where it began: the setting may have changed since. */
  readonly folder: string;
}

/** The downloads that are wanted, kept so that a restart goes on with them. */
export interface DownloadQueue {
  /** In the order they were asked for; none where nothing readable was kept. */
  read(): Promise<WantedDownload[]>;
  write(wanted: readonly WantedDownload[]): Promise<void>;
}

const kept = z.array(z.object({ entry: downloadable, folder: z.string() }));

/** Keeps the queue in a file. */
export function createDownloadQueue(path: string): DownloadQueue {
  let writing: Promise<void> = Promise.resolve();
  let latest = "";
  const put = async () => {
    const text = latest;
    if (text === "[]") return rm(path, { force: true });
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  };
  return {
    async read() {
      try {
        return kept.parse(JSON.parse(await readFile(path, "utf8")));
      } catch {
        return [];
      }
    },
    write(wanted) {
      latest = JSON.stringify(wanted);
      // A queue that cannot be kept is asked for again by the user; the parts are there.
      writing = writing.then(put).catch(() => {});
      return writing;
    },
  };
}
