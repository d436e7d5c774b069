import { UserError } from "#core/base/errors";
import type { Verification } from "#core/contracts/models";
import { formatBytes } from "#core/models/format";
import type { Invocation } from "../../command.ts";
import { bar } from "../../terminal.ts";
import { modelNamed } from "./named.ts";

const sources: Readonly<Record<Verification["expectedFrom"], string>> = {
  catalogue: "the catalogue",
  name: "the name of the file",
  "checksum-file": "the checksum file beside it",
  nobody: "nobody",
};

/** `models verify`: reads a whole file for its SHA-256; fails when it is not what it should be. */
export async function verify({ terminal, client, signal }: Invocation, named: string): Promise<undefined> {
  const { models } = await client();
  for await (const event of await models.verify({ model: modelNamed(named) }, { signal })) {
    if (event.type === "progress") {
      terminal.progress(`${bar(event.read / event.bytes)} · ${formatBytes(event.read)} of ${formatBytes(event.bytes)}`);
      continue;
    }
    terminal.progress("");
    const { sha256, matches, expected, expectedFrom, path } = event.verification;
    if (matches === false) {
      throw new UserError(
        "HASH_MISMATCH",
        `${path} is not the file it should be: its SHA-256 is ${sha256}, and ${sources[expectedFrom]} says ${expected}.`,
        "Download or copy it again.",
      );
    }
    if (terminal.json) terminal.printJson([event.verification]);
    else {
      terminal.print(`${sha256}  ${path}`);
      terminal.note(
        matches ? `It is what ${sources[expectedFrom]} says.` : "Nothing here says what it should be; compare it with where it is from.",
      );
    }
  }
}
