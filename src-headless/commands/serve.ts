import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describeError, UserError } from "#core/base/errors";
import { targetToQuery } from "#core/desktop/address";
import { type Command, exitCodes, UsageError } from "../command.ts";
import { startServer } from "../serve/server.ts";
import { readToken } from "../serve/token-file.ts";

const loopback = ["127.0.0.1", "localhost", "::1"];

/** `localcoder serve`: the same workbench in a browser, and the HTTP interface. */
export const serve: Command = {
  name: "serve",
  summary: "Serve the workbench to a browser on this machine",
  usage: ["serve [FOLDER or FILE] [--port N] [--host ADDRESS] [--token-file FILE]"],
  options: {
    port: { description: "Listen on this port; without it, on one that is free", value: "N" },
    host: { description: `Listen on ${loopback.join(", ")}; nothing else is allowed`, value: "ADDRESS" },
    "token-file": { description: "Take the token of programs from this file, which is made where it is missing", value: "FILE" },
  },
  examples: [
    ["localcoder serve", "prints an address to open in a browser; it is good for one browser"],
    ["localcoder serve ~/shop --port 4000", "shows that folder, on port 4000"],
    ["localcoder serve --json", "prints the address, and a token for the HTTP interface"],
    ["localcoder serve --port 8012 --token-file ~/.localcoder-token", "address and key stay the same, for llama.vim and llama.vscode"],
  ],
  async run({ positionals, value, terminal, signal, engine, client }) {
    const [path, ...rest] = positionals;
    if (rest.length > 0) throw new UsageError("serve takes one folder or file at most.");
    const port = value("port") ?? "0";
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new UsageError("--port takes a number up to 65535.");
    const host = value("host") ?? "127.0.0.1";
    if (!loopback.includes(host)) throw new UsageError(`--host takes ${loopback.join(", ")}: LocalCoder serves this machine only.`);

    const tokenFile = value("token-file");
    const token = tokenFile === undefined ? undefined : await readToken(tokenFile);
    const server = await startServer({
      engine: await engine(),
      host,
      port: Number(port),
      ...(token !== undefined && { token }),
      window: builtWindow(),
      query: path === undefined ? "" : await queryFor(path),
      onUnexpected: (error) => terminal.note(describeError(error).message),
    });
    const { models } = await client();
    void models.resumeDownloads().catch((error: unknown) => terminal.note(describeError(error).message));
    if (terminal.json) terminal.printJson({ url: server.url, token: server.token });
    else {
      terminal.note("LocalCoder is served on this machine only. Open this address; it is good for one browser:");
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
