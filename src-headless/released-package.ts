import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { UserError } from "#core/base/errors";

/** The file with the sums that lies beside the packages of a release. */
export const usualSums = "SHA256SUMS";

/** What the file with the signature of the sums is called after theirs: Ed25519 over its bytes, in base64. */
const signatureSuffix = ".sig";

const doNotInstall = "Do not install it. Get it again, and the sums from another way if you can.";

/** A package to be compared with what was released. */
export interface ReleasedPackage {
  readonly file: string;
  /** The file with the sums; the usual one beside the package when it is not named. */
  readonly sums?: string;
  /** Whose signature the sums have to carry; without it the sums are taken as they are. */
  readonly key?: KeyObject;
  readonly signal: AbortSignal;
}

/** Throws unless the package is what was released, and answers its SHA-256. */
export async function verifyPackage({ file, sums, key, signal }: ReleasedPackage): Promise<string> {
  const place = sums ?? join(dirname(file), usualSums);
  const text = await readFile(place).catch(() => {
    throw new UserError(
      "NOT_FOUND",
      `${place} cannot be read.`,
      `Put ${usualSums} of the release beside the package, or name it with --sums.`,
    );
  });
  if (key !== undefined) await verifySums(place, text, key);
  const expected = sumOf(text.toString("utf8"), basename(file));
  if (expected === undefined)
    throw new UserError("NOT_FOUND", `${place} names no ${basename(file)}.`, "Take the sums of the release that the package is of.");
  const sha256 = await hashOf(file, signal);
  if (sha256 === expected) return sha256;
  throw new UserError(
    "HASH_MISMATCH",
    `${basename(file)} is not what was released: its SHA-256 is ${sha256}, and should be ${expected}.`,
    doNotInstall,
  );
}

/** Reads the key that product.json names: what a PEM file holds, without its frame. Undefined where it names none. */
export function productKey(text: string): KeyObject | undefined {
  return text === "" ? undefined : createPublicKey({ key: Buffer.from(text, "base64"), format: "der", type: "spki" });
}

/** Reads a public key from a file in PEM form. */
export async function readKey(path: string): Promise<KeyObject> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) throw new UserError("NOT_FOUND", `${path} cannot be read.`, "Name the file of a public key.");
  try {
    const key = createPublicKey(text);
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // Said below.
  }
  throw new UserError("BAD_INPUT", `${path} holds no public key of the kind Ed25519.`, "Name one in PEM form.");
}

async function verifySums(place: string, text: Uint8Array, key: KeyObject): Promise<void> {
  const signature = await readFile(`${place}${signatureSuffix}`, "utf8").catch(() => undefined);
  if (signature === undefined)
    throw new UserError(
      "NOT_FOUND",
      `${place} carries no signature: ${basename(place)}${signatureSuffix} is not beside it.`,
      "Get that file of the same release. Without it nobody answers for the sums.",
    );
  if (verify(null, text, key, Buffer.from(signature.trim(), "base64"))) return;
  throw new UserError(
    "HASH_MISMATCH",
    `The signature of ${place} is not one of the maker of LocalCoder, or the sums were changed.`,
    doNotInstall,
  );
}

/** The line of a file in the form of sha256sum: a hash, a blank, a blank or a star, a name. */
function sumOf(text: string, name: string): string | undefined {
  for (const line of text.split(/\r?\n/)) {
    const [, hash, named] = /^([0-9a-fA-F]{64}) [ *](.+)$/.exec(line) ?? [];
    if (named === name) return hash?.toLowerCase();
  }
  return undefined;
}

async function hashOf(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash, { signal }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new UserError("NOT_FOUND", `${file} cannot be read.`, "Name the file of a package.");
  });
  return hash.digest("hex");
}
