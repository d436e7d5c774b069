import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { UserError } from "#core/base/errors";
import { readSecret } from "./secret-file.ts";

/** What a server needs before it may be reached from other machines. */
export interface Sharing {
  /** PEM: the certificate, with those between it and its authority. */
  readonly certificate: string;
  /** PEM */
  readonly key: string;
  readonly password: string;
  /** A name or address that stands in the certificate, to be printed. */
  readonly name: string;
  /** True for the names and addresses that the certificate is for. */
  isNamed(host: string): boolean;
}

/** The files of {@link readSharing}. */
export interface SharingFiles {
  readonly certificate: string;
  readonly key: string;
  /** Made where it is missing. */
  readonly password: string;
}

/** Reads what a server needs to be shared; throws BAD_INPUT or NO_PERMISSION where a file is not what it should be. */
export async function readSharing(files: SharingFiles, host: string): Promise<Sharing> {
  const [certificate, key] = await Promise.all([read(files.certificate), read(files.key)]);
  const parsed = parseCertificate(certificate, files.certificate);
  checkKey(parsed, key, files);
  if (parsed.validToDate.getTime() < Date.now()) {
    throw new UserError("BAD_INPUT", `The certificate in ${files.certificate} ended on ${parsed.validTo}.`, "Renew it.");
  }
  const isNamed = (name: string) => (isIP(name) === 0 ? parsed.checkHost(name) : parsed.checkIP(name)) !== undefined;
  const everywhere = host === "0.0.0.0" || host === "::";
  const name = everywhere ? firstName(parsed) : host;
  if (name === undefined || !isNamed(name)) {
    throw new UserError(
      "BAD_INPUT",
      `The certificate in ${files.certificate} is not for ${everywhere ? "any name or address" : host}.`,
      "Make one whose subjectAltName holds what browsers will be given as the address.",
    );
  }
  return { certificate, key, password: await readSecret(files.password, "password"), name, isNamed };
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UserError("NO_PERMISSION", `${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`, "Check the path.");
  }
}

function parseCertificate(text: string, file: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw new UserError("BAD_INPUT", `${file} holds no certificate in PEM form.`, "docs/security.md says how to make one.");
  }
}

function checkKey(certificate: X509Certificate, key: string, files: SharingFiles): void {
  try {
    if (certificate.checkPrivateKey(createPrivateKey(key))) return;
  } catch {
    throw new UserError("BAD_INPUT", `${files.key} holds no private key in PEM form, or one with a passphrase.`, "Name a plain key.");
  }
  throw new UserError(
    "BAD_INPUT",
    `The key in ${files.key} is not the one of the certificate in ${files.certificate}.`,
    "Name its own key.",
  );
}

function firstName(certificate: X509Certificate): string | undefined {
  return /(?:DNS|IP Address):([^,*\s]+)(?:,|$)/.exec(certificate.subjectAltName ?? "")?.[1];
}
