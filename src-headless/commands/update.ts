import { basename, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { describeError, UserError } from "#core/base/errors";
import { openFolders } from "#engine/folders";
import { version } from "#engine/version";
import product from "../../product.json" with { type: "json" };
import { type Command, type Invocation, type Person, UsageError } from "../command.ts";
import { productKey, readKey, usualSums, verifyPackage } from "../released-package.ts";

/** `localcoder update`: how to get a newer version, and whether a package is the one that was released. Asks nobody on the network. */
export const update: Command = {
  name: "update",
  summary: "Say how to update, and check a package that you have got",
  usage: ["update", "update PACKAGE [--sums FILE] [--key FILE]", "update --check [--yes]"],
  options: {
    check: { description: "Ask the address of the releases what is newest, after a question" },
    yes: { description: "With --check: permit the question this once" },
    sums: { value: "FILE", description: `The sums of the release; ${usualSums} beside the package when it is not given` },
    key: {
      value: "FILE",
      description: "The public key that has to have signed the sums, in PEM form, in place of the one in this program",
    },
  },
  examples: [
    ["localcoder update", "says which version this is and how a newer one is installed"],
    [
      "localcoder update ~/Downloads/localcoder_0.2.0_amd64.deb",
      `compares the package with ${usualSums} beside it, and these with their signature`,
    ],
  ],
  async run(invocation) {
    const [file, ...rest] = invocation.positionals;
    if (invocation.has("check")) {
      if (file !== undefined) throw new UsageError("--check asks for the newest version, and takes no package.");
      return check(invocation);
    }
    if (rest.length > 0) throw new UsageError("Name one package.");
    if (file !== undefined) return verify(invocation, resolve(file));
    if ((invocation.value("sums") ?? invocation.value("key")) !== undefined)
      throw new UsageError("Name the package that is to be checked.");
    return explain(invocation);
  },
};

async function explain({ terminal }: Invocation): Promise<undefined> {
  const { data } = await openFolders();
  if (terminal.json) {
    terminal.printJson({ version, looksByItself: false, data });
    return;
  }
  for (const line of [
    `This is LocalCoder ${version}. It never looks for a newer version by itself, and neither does this command: nothing is asked of anybody.`,
    "",
    "1. Get a package, and the files SHA256SUMS and SHA256SUMS.sig of the same release, from where you got this one.",
    "2. localcoder update PACKAGE says whether it is what was released.",
    `3. ${howToInstall()}`,
    "",
    `Your data stays in ${data}. A newer version copies the database before it changes it; an older one does not touch a newer database.`,
  ])
    terminal.print(line);
}

async function check({ terminal, client, has, person, signal }: Invocation): Promise<undefined> {
  const engine = (await client()).updates;
  const found = await engine.check({ permit: has("yes") ? "once" : false }, { signal }).catch(async (error: unknown) => {
    const { code, message, hint } = describeError(error);
    if (code !== "NO_PERMISSION") throw error;
    const question = `${message} ${hint}`;
    if (!person) throw new UserError(code, question, "Add --yes when that is what you want.");
    if (!(await confirms(person, question, signal))) throw new UserError("STOPPED", "Nobody was asked.");
    return engine.check({ permit: "once" }, { signal });
  });
  if (terminal.json) terminal.printJson(found);
  else if (!found.isNewer) terminal.print(`LocalCoder ${found.current} is the newest version that ${found.address} knows of.`);
  else {
    terminal.print(`LocalCoder ${found.newest.version} is there; this is ${found.current}. ${howToInstall()}`);
    if (found.newest.notes !== undefined) terminal.print(found.newest.notes);
    for (const { file, sha256 } of found.newest.packages) terminal.print(`${sha256}  ${file}`);
  }
  return undefined;
}

async function confirms({ input, output }: Person, question: string, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input, output });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question}\nAsk? (y/n) `, { signal })).trim());
  } finally {
    lines.close();
  }
}

function howToInstall(): string {
  if (process.platform === "darwin") return "Open the dmg and replace LocalCoder in Applications; drag the old one back to return to it.";
  if (process.platform === "win32") return "Run the installer; the installer of the older version returns to it.";
  return "apt install ./PACKAGE.deb; with the older package and --allow-downgrades it returns to that.";
}

async function verify({ terminal, value, signal }: Invocation, file: string): Promise<undefined> {
  const [sums, keyFile] = [value("sums"), value("key")];
  const key = keyFile === undefined ? productKey(product.releaseKey) : await readKey(resolve(keyFile));
  const sha256 = await verifyPackage({
    file,
    signal,
    ...(sums !== undefined && { sums: resolve(sums) }),
    ...(key !== undefined && { key }),
  });
  const signed = key !== undefined;
  if (terminal.json) {
    terminal.printJson({ file, sha256, matches: true, signed });
    return;
  }
  terminal.print(`${basename(file)} is what ${signed ? "was released" : "the sums name"} (SHA-256 ${sha256}).`);
  terminal.print(
    signed
      ? "The sums carry the signature of its maker."
      : "This program knows no key of its maker, so nobody has answered for the sums: they are worth as much as the place they came from.",
  );
}
