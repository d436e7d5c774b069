import { chmod, readFile, rename, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import { UserError } from "#core/base/errors";
import type { HubAccess } from "#core/contracts/models";

/** Locks texts with the keyring of the system; only a window has one. */
export interface Keyring {
  /** False where the system has none. */
  available(): Promise<boolean>;
  lock(text: string): Promise<string>;
  unlock(text: string): Promise<string>;
}

/** The token the user signs in with at the hub. */
export interface HubToken {
  /** Undefined where there is none, or none that can be read here. */
  read(): Promise<string | undefined>;
  access(): Promise<HubAccess>;
  /** Keeps a token, or forgets it when it is empty. */
  write(token: string): Promise<HubAccess>;
}

/** What {@link createHubToken} needs. */
export interface HubTokenOptions {
  /** Where it is kept: locked where there is a keyring, else readable for this user only. */
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly keyring: Keyring | undefined;
}

const kept = z.object({ locked: z.boolean(), text: z.string() });

/** Opens the {@link HubToken}. What the environment says comes first, as everywhere else. */
export function createHubToken({ file, env, keyring }: HubTokenOptions): HubToken {
  const fromEnvironment = () => env.HF_TOKEN?.trim() || undefined;

  async function stored(): Promise<z.infer<typeof kept> | undefined> {
    try {
      return kept.parse(JSON.parse(await readFile(file, "utf8")));
    } catch {
      return undefined;
    }
  }

  async function access(): Promise<HubAccess> {
    if (fromEnvironment()) return { token: "environment", note: "The token of HF_TOKEN is used." };
    const found = await stored();
    if (!found) return { token: "none" };
    if (!found.locked) return { token: "file", note: `The token is kept in ${file}, which only you can read.` };
    if (keyring && (await keyring.available())) return { token: "keyring", note: "The token is kept by the keyring of this system." };
    return { token: "locked", note: "The token is locked by the keyring of the window; here it is given by HF_TOKEN, or anew." };
  }

  return {
    access,
    async read() {
      const given = fromEnvironment();
      if (given) return given;
      const found = await stored();
      if (!found) return undefined;
      if (!found.locked) return found.text;
      // Another system's keyring, or one that was reset: then there is no token, and the hub will say that it wants one.
      return keyring?.unlock(found.text).catch(() => undefined);
    },
    async write(token) {
      const text = token.trim();
      if (text === "") {
        await rm(file, { force: true });
        return access();
      }
      if (!/^[\x21-\x7e]{8,500}$/.test(text)) {
        throw new UserError(
          "BAD_INPUT",
          "That is no token of a hub.",
          "Copy it from the hub's page for tokens; it is one word without blanks.",
        );
      }
      const locks = keyring !== undefined && (await keyring.available());
      const entry = locks ? { locked: true, text: await keyring.lock(text) } : { locked: false, text };
      await writeFile(`${file}.new`, JSON.stringify(entry), { mode: 0o600 });
      await chmod(`${file}.new`, 0o600);
      await rename(`${file}.new`, file);
      const { note = "", ...rest } = await access();
      return { ...rest, note: locks || keyring === undefined ? note : `This system has no keyring. ${note}` };
    },
  };
}
