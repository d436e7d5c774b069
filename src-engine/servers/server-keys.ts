import { readFile } from "node:fs/promises";
import { z } from "zod";
import { UserError } from "#core/base/errors";
import type { ServerKey } from "#core/contracts/servers";
import { type KeptSecret, type Keyring, keptSecret, lockSecret, openSecret, placeOfSecret, writePrivately } from "../secrets/secret.ts";
import { isHere, readServerAddress } from "./address.ts";

/** The keys of model servers, each for one server and sent to no other. */
export interface ServerKeys {
  /** Undefined where there is none, or none that can be read here. */
  read(address: URL): Promise<string | undefined>;
  access(address: URL): Promise<ServerKey>;
  /** Keeps a key, or forgets it when it is empty. */
  write(address: URL, key: string): Promise<ServerKey>;
}

/** What {@link createServerKeys} needs. */
export interface ServerKeysOptions {
  /** Where they are kept: locked where there is a keyring, else readable for this user only. */
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly keyring: Keyring | undefined;
}

/** The variable that gives keys for one run: ADDRESS=KEY, several with blanks between. */
const variable = "LOCALCODER_SERVER_KEYS";

const keptKeys = z.record(z.string(), keptSecret);

/** Opens the {@link ServerKeys}. What the environment says comes first. */
export function createServerKeys({ file, env, keyring }: ServerKeysOptions): ServerKeys {
  const fromEnvironment = readVariable(env[variable]);
  /** Each letter that is typed may ask a server; the keyring is asked once. */
  const opened = new Map<string, string>();

  async function stored(): Promise<Record<string, KeptSecret>> {
    try {
      return keptKeys.parse(JSON.parse(await readFile(file, "utf8")));
    } catch {
      return {};
    }
  }

  async function access(address: URL): Promise<ServerKey> {
    const { origin } = address;
    if (fromEnvironment.has(origin)) return { key: "environment", note: `The key of ${variable} is used.` };
    const key = await placeOfSecret((await stored())[origin], keyring);
    switch (key) {
      case "file":
        return { key, note: `The key for ${origin} is kept in ${file}, which only you can read.${unencrypted(address)}` };
      case "keyring":
        return { key, note: `The key for ${origin} is kept by the keyring of this system.${unencrypted(address)}` };
      case "locked":
        return { key, note: `The key for ${origin} is locked by the keyring of the window; here it is given by ${variable}, or anew.` };
      default:
        return { key };
    }
  }

  return {
    access,
    async read({ origin }) {
      const known = fromEnvironment.get(origin) ?? opened.get(origin);
      if (known !== undefined) return known;
      const text = await openSecret((await stored())[origin], keyring);
      if (text !== undefined) opened.set(origin, text);
      return text;
    },
    async write(address, key) {
      const { origin } = address;
      const text = key.trim();
      if (text !== "" && !/^[\x21-\x7e]{1,2000}$/.test(text)) {
        throw new UserError("BAD_INPUT", "That is no key of a server.", "A key is one word without blanks.");
      }
      const { [origin]: before, ...others } = await stored();
      opened.delete(origin);
      if (text === "" && before === undefined) return access(address);
      const kept = text === "" ? undefined : await lockSecret(text, keyring);
      await writePrivately(file, kept ? { ...others, [origin]: kept } : others);
      const { note, ...rest } = await access(address);
      const withoutKeyring = kept !== undefined && !kept.locked && keyring !== undefined;
      return withoutKeyring ? { ...rest, note: `This system has no keyring. ${note}` } : { ...rest, note };
    },
  };
}

function unencrypted(address: URL): string {
  return address.protocol === "http:" && !isHere(address) ? " It is sent unencrypted, because the address begins with http." : "";
}

/** Keys by the origin of their server; what is no pair of an address and a key is passed over. */
function readVariable(text: string | undefined): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const pair of text?.split(/\s+/) ?? []) {
    const at = pair.indexOf("=");
    if (at < 1 || at === pair.length - 1) continue;
    try {
      keys.set(readServerAddress(pair.slice(0, at)).origin, pair.slice(at + 1));
    } catch {
      // Whoever wrote it sees that the server wants a key.
    }
  }
  return keys;
}
