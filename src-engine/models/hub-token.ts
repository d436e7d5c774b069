import { readFile, rm } from "node:fs/promises";
import { UserError } from "#core/base/errors";
import type { HubAccess } from "#core/contracts/models";
import { type KeptSecret, type Keyring, keptSecret, lockSecret, openSecret, placeOfSecret, writePrivately } from "../secrets/secret.ts";

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

/** Opens the {@link HubToken}. What the environment says comes first, as everywhere else. */
export function createHubToken({ file, env, keyring }: HubTokenOptions): HubToken {
  const fromEnvironment = () => env.HF_TOKEN?.trim() || undefined;

  async function stored(): Promise<KeptSecret | undefined> {
    try {
      return keptSecret.parse(JSON.parse(await readFile(file, "utf8")));
    } catch {
      return undefined;
    }
  }

  async function access(): Promise<HubAccess> {
    if (fromEnvironment()) return { token: "environment", note: "The token of HF_TOKEN is used." };
    const token = await placeOfSecret(await stored(), keyring);
    switch (token) {
      case "file":
        return { token, note: `The token is kept in ${file}, which only you can read.` };
      case "keyring":
        return { token, note: "The token is kept by the keyring of this system." };
      case "locked":
        return { token, note: "The token is locked by the keyring of the window; here it is given by HF_TOKEN, or anew." };
      default:
        return { token };
    }
  }

  return {
    access,
    // Without the keyring that locked it there is no token, and the hub will say that it wants one.
    read: async () => fromEnvironment() ?? openSecret(await stored(), keyring),
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
      const kept = await lockSecret(text, keyring);
      await writePrivately(file, kept);
      const { note = "", ...rest } = await access();
      return { ...rest, note: kept.locked || keyring === undefined ? note : `This system has no keyring. ${note}` };
    },
  };
}
