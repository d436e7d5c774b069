import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describeError, UserError } from "#core/base/errors";
import { targetToQuery } from "#core/desktop/address";
import { type Command, exitCodes, type Invocation, UsageError } from "../command.ts";
import { readSecret } from "../serve/secret-file.ts";
import { startServer } from "../serve/server.ts";
import { readSharing, type Sharing } from "../serve/sharing.ts";

const loopback = ["127.0.0.1", "localhost", "::1"];

/** `localcoder serve`: the same workbench in a browser, and the HTTP interface. */
export const serve: Command = {
  name: "serve",
  summary: "Serve the workbench to a browser on this machine",
  usage: [
    "serve [FOLDER or FILE] [--port N] [--host ADDRESS] [--token-file FILE]",
    "serve [FOLDER or FILE] --share --host ADDRESS --password-file FILE --certificate FILE --key FILE [--port N]",
  ],
  options: {
    port: { description: "Listen on this port; without it, on one that is free", value: "N" },
    host: { description: `Listen on ${loopback.join(", ")}; another address only with --share`, value: "ADDRESS" },
    "token-file": { description: "Take the token of programs from this file, which is made where it is missing", value: "FILE" },
    share: { description: "Let other machines in, encrypted and with a password" },
    "password-file": { description: "Take the password from this file, which is made where it is missing", value: "FILE" },
    certificate: { description: "The certificate of this machine, in PEM form", value: "FILE" },
    key: { description: "The private key of the certificate, in PEM form", value: "FILE" },
  },
  examples: [
    ["localcoder serve", "prints an address to open in a browser; it is good for one browser"],
    ["localcoder serve ~/shop --port 4000", "shows that folder, on port 4000"],
    ["localcoder serve --json", "prints the address, and a token for the HTTP interface"],
    ["localcoder serve --port 8012 --token-file ~/.localcoder-token", "address and key stay the same, for llama.vim and llama.vscode"],
  ],
  async run({ positionals, value, terminal, signal, engine, client, has }) {
    const [path, ...rest] = positionals;
    if (rest.length > 0) throw new UsageError("serve takes one folder or file at most.");
    const port = value("port") ?? "0";
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new UsageError("--port takes a number up to 65535.");
    const host = value("host") ?? "127.0.0.1";
    const sharing = await sharingOf(host, value, has);
    const tokenFile = value("token-file");
    const token = tokenFile === undefined ? undefined : await readSecret(tokenFile, "token");
    const server = await startServer({
      engine: await engine(),
      host,
      port: Number(port),
      ...(token !== undefined && { token }),
      window: builtWindow(),
      query: path === undefined ? "" : await queryFor(path),
      onUnexpected: (error) => terminal.note(describeError(error).message),
      ...(sharing !== undefined && { sharing }),
      onSignIn: (address, accepted) => terminal.note(`${accepted ? "Signed in from" : "A wrong password came from"} ${address}.`),
    });
    const { models } = await client();
    void models.resumeDownloads().catch((error: unknown) => terminal.note(describeError(error).message));
    if (sharing !== undefined) {
      terminal.note(
        `OTHER MACHINES CAN REACH THIS SERVER on ${host}. Who has the password in ${value("password-file")} reads and changes every file ` +
          "that you may, runs commands as you, and uses your models.",
      );
    }
    if (terminal.json) terminal.printJson({ url: server.url, token: server.token });
    else {
      const where = sharing === undefined ? " on this machine only" : "";
      terminal.note(`LocalCoder is served${where}. Open this address; it is good for one browser:`);
      terminal.print(server.url);
      terminal.note("Ctrl+C stops it.");
    }
    await new Promise<void>((done) => {
      if (signal.aborted) done();
      signal.addEventListener("abort", () => done(), { once: true });
    });
    await server.close();
    // Stopping is how a server ends: an exit code, but nothing to tell, least of all after the one JSON value.
    return exitCodes.stopped;
  },
};

/** What lets other machines in, where that is wished for; throws where only a part of it is there. */
async function sharingOf(host: string, value: Invocation["value"], has: Invocation["has"]): Promise<Sharing | undefined> {
  const wanted = ["password-file", "certificate", "key"] as const;
  if (!has("share")) {
    if (!loopback.includes(host)) {
      throw new UsageError(`--host takes ${loopback.join(", ")}: another address can be reached by other machines, which takes --share.`);
    }
    const useless = wanted.find((option) => value(option) !== undefined);
    if (useless !== undefined) throw new UsageError(`--${useless} is of use with --share only.`);
    return undefined;
  }
  if (loopback.includes(host)) throw new UsageError("--share takes the address to listen on as well, with --host.");
  const missing = wanted.filter((option) => value(option) === undefined);
  if (missing.length > 0) throw new UsageError(`--share wants ${missing.map((option) => `--${option}`).join(", ")} as well.`);
  const [password = "", certificate = "", key = ""] = wanted.map((option) => value(option));
  return readSharing({ password, certificate, key }, host);
}

/** The built window: beside the build of the command line, or in the build when its source is what runs. */
function builtWindow(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const folders = [join(here, "..", "renderer"), join(here, "..", "..", "renderer"), join(here, "..", "..", "out", "renderer")];
  const found = folders.find((folder) => existsSync(join(folder, "index.html")));
  if (found === undefined) throw new UserError("NOT_FOUND", "The window is not built.", "Run npm run build once.");
  return found;
}

async function queryFor(path: string): Promise<string> {
  const absolute = resolve(path);
  const found = await stat(absolute).catch(() => undefined);
  if (found === undefined)
    throw new UserError("NOT_FOUND", `There is nothing at ${path}.`, `Check the path; it was looked for from ${process.cwd()}.`);
  return found.isDirectory() || absolute.endsWith(".code-workspace")
    ? targetToQuery({ workspace: absolute, files: [] })
    : targetToQuery({ files: [{ path: absolute }] });
}
