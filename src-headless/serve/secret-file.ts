import { readFile, stat, writeFile } from "node:fs/promises";
import { UserError } from "#core/base/errors";
import { createToken } from "./gatekeeper.ts";

/** A shorter one can be guessed. */
const shortest = 16;

/**
 * Reads a secret from a file, the token of programs or a password, and makes the file where it is missing, readable for its owner only.
 * Throws NO_PERMISSION where others may read it, and BAD_INPUT where it holds none.
 */
export async function readSecret(file: string, name: "token" | "password"): Promise<string> {
  try {
    const created = createToken();
    await writeFile(file, `${created}\n`, { mode: 0o600, flag: "wx" });
    return created;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") throw new UserError("NO_PERMISSION", `The ${name} file ${file} cannot be made (${code}).`, "Name another file.");
  }
  const found = await stat(file);
  if (!found.isFile() || found.size > 4096)
    throw new UserError("BAD_INPUT", `${file} holds no ${name}.`, "Name a file of one line, or none yet.");
  // Windows keeps such rights elsewhere.
  if (process.platform !== "win32" && (found.mode & 0o077) !== 0) {
    throw new UserError("NO_PERMISSION", `Others on this machine may read the ${name} file ${file}.`, `Run chmod 600 ${file}.`);
  }
  const text = await readFile(file, "utf8").catch(() => {
    throw new UserError("NO_PERMISSION", `The ${name} file ${file} cannot be read.`, `Run chmod 600 ${file}.`);
  });
  const secret = text.trim();
  if (secret.length < shortest || !/^[\x21-\x7e]+$/.test(secret)) {
    throw new UserError(
      "BAD_INPUT",
      `${file} holds no ${name}: one line of ${shortest} or more characters without blanks is wanted.`,
      "Delete it, and it is made anew.",
    );
  }
  return secret;
}
