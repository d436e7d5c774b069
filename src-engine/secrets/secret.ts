import { chmod, rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import type { SecretPlace } from "#core/contracts/common";

/** Locks texts with the keyring of the system; only a window has one. */
export interface Keyring {
  /** False where the system has none. */
  available(): Promise<boolean>;
  lock(text: string): Promise<string>;
  unlock(text: string): Promise<string>;
}

/** A secret as it stands in a file of ours. */
export const keptSecret = z.object({ locked: z.boolean(), text: z.string() });
/** See {@link keptSecret}. */
export type KeptSecret = z.infer<typeof keptSecret>;

/** Locks a text where there is a keyring; else it stands as it is, for a file that only its user can read. */
export async function lockSecret(text: string, keyring: Keyring | undefined): Promise<KeptSecret> {
  const locks = keyring !== undefined && (await keyring.available());
  return locks ? { locked: true, text: await keyring.lock(text) } : { locked: false, text };
}

/** The text of a secret; undefined where the keyring that locked it is not here, or was reset. */
export async function openSecret(kept: KeptSecret | undefined, keyring: Keyring | undefined): Promise<string | undefined> {
  if (!kept?.locked) return kept?.text;
  return keyring?.unlock(kept.text).catch(() => undefined);
}

/** Where a secret is. */
export async function placeOfSecret(kept: KeptSecret | undefined, keyring: Keyring | undefined): Promise<SecretPlace> {
  if (!kept) return "none";
  if (!kept.locked) return "file";
  return keyring && (await keyring.available()) ? "keyring" : "locked";
}

/** Writes a file that only this user can read, in one step. */
export async function writePrivately(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
  // The mode above is that of a new file only.
  await chmod(`${file}.new`, 0o600);
  await rename(`${file}.new`, file);
}
