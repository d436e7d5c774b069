// `node tools/sign-sums.mjs SUMS`: signs the sums of a release with the private key in the variable RELEASE_KEY (PEM), into SUMS.sig.
// `node tools/sign-sums.mjs --new-key FILE`: makes a key, writes its private half into FILE, and prints what product.json is to hold.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { root } from "./prepare.mjs";
import { say } from "./progress.mjs";

/** Signs a file with a private key, which has to be the other half of the key that programs know. */
export function signSums(file, pem, releaseKey) {
  if (pem === "" && releaseKey === "") return say("There is no key (RELEASE_KEY), and product.json names none: the sums are not signed.");
  if (pem === "") throw new Error("product.json names a key, so programs will ask for a signature: set RELEASE_KEY to its private half.");
  const key = createPrivateKey(pem);
  // Signed with another key, every package would be refused by the programs that are to be updated.
  if (publicHalf(key) !== releaseKey) throw new Error("RELEASE_KEY is not the private half of the releaseKey in product.json.");
  writeFileSync(`${file}.sig`, `${sign(null, readFileSync(file), key).toString("base64")}\n`);
  say(`${file}.sig is written.`);
}

/** Writes a new private key into a file, and answers its public half. */
export function makeKey(file) {
  const { privateKey } = generateKeyPairSync("ed25519");
  writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx" });
  return publicHalf(privateKey);
}

function publicHalf(key) {
  return createPublicKey(key).export({ type: "spki", format: "der" }).toString("base64");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({ options: { "new-key": { type: "string" } }, allowPositionals: true });
  try {
    const [sums] = positionals;
    const file = values["new-key"];
    if (file !== undefined) {
      process.stdout.write(`${makeKey(file)}\n`);
      say(`The private half is in ${file}: keep it, and give it to nobody. The line above is the releaseKey of product.json.`);
    } else if (sums !== undefined) {
      signSums(sums, process.env.RELEASE_KEY ?? "", JSON.parse(readFileSync(join(root, "product.json"), "utf8")).releaseKey);
    } else throw new Error("Name the file with the sums, or --new-key FILE.");
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
