import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { pipeline } from "node:stream/promises";
import { describeError, UserError } from "#core/base/errors";
import { openFolders } from "#engine/folders";
import { version } from "#engine/version";
import { type Command, type Invocation, type Person, UsageError } from "../command.ts";

/** The file with the sums that lies beside the packages of a release. */
const usualSums = "SHA256SUMS";

/** `localcoder update`: how to get a newer version, and whether a package is the one that was released. Asks nobody on the network. */
export const update: Command = {
  name: "update",
  summary: "Say how to update, and check a package that you have got",
  usage: ["update", "update PACKAGE [--sums FILE]", "update --check [--yes]"],
  options: {
    check: { description: "Ask the address of the releases what is newest, after a question" },
    yes: { description: "With --check: permit the question this once" },
    sums: { value: "FILE", description: `The sums of the release; ${usualSums} beside the package when it is not given` },
  },
  examples: [
    ["localcoder update", "says which version this is and how a newer one is installed"],
    ["localcoder update ~/Downloads/localcoder_0.2.0_amd64.deb", `compares the package with ${usualSums} beside it`],
  ],
  async run(invocation) {
    const [file, ...rest] = invocation.positionals;
    if (invocation.has("check")) {
      if (file !== undefined) throw new UsageError("--check asks for the newest version, and takes no package.");
      return check(invocation);
    }
    if (rest.length > 0) throw new UsageError("Name one package.");
    if (file !== undefined) return verify(invocation, resolve(file));
    if (invocation.has("sums") || invocation.value("sums") !== undefined) throw new UsageError("Name the package that the sums are for.");
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
    "1. Get a package, and the file SHA256SUMS of the same release, from where you got this one.",
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
    const { code, message } = describeError(error);
    if (code !== "NO_PERMISSION") throw error;
    if (!person) throw new UserError(code, message, "Add --yes when that is what you want.");
    if (!(await confirms(person, message, signal))) throw new UserError("STOPPED", "Nobody was asked.");
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
  const sums = resolve(value("sums") ?? join(dirname(file), usualSums));
  const expected = sumOf(await readSums(sums), basename(file));
  if (expected === undefined)
    throw new UserError("NOT_FOUND", `${sums} names no ${basename(file)}.`, "Take the sums of the release that the package is of.");
  const sha256 = await hashOf(file, signal);
  if (sha256 !== expected)
    throw new UserError(
      "HASH_MISMATCH",
      `${basename(file)} is not what was released: its SHA-256 is ${sha256}, and should be ${expected}.`,
      "Do not install it. Get it again, and the sums from another way if you can.",
    );
  if (terminal.json) terminal.printJson({ file, sha256, matches: true });
  else terminal.print(`${basename(file)} is what was released (SHA-256 ${sha256}).`);
}

async function readSums(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => {
    throw new UserError(
      "NOT_FOUND",
      `${path} cannot be read.`,
      `Put ${usualSums} of the release beside the package, or name it with --sums.`,
    );
  });
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
