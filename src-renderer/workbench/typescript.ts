import { getService, ICommandService } from "@codingame/monaco-vscode-api";
import { CommandsRegistry } from "@codingame/monaco-vscode-api/vscode/vs/platform/commands/common/commands";
import { type TypeScriptRequest, typescriptRequest } from "#core/contracts/typescript";
import type { Connection } from "../connection.ts";

/** One server of the engine, as the TypeScript extension asks for it by the key it chose. */
interface Server {
  write(request: TypeScriptRequest): void;
  close(): void;
}

/** Lets VS Code's TypeScript extension, which has no way to the engine, use its language server by commands; see tools/typescript-extension.mjs. */
export function serveTypeScript({ engine }: Connection): void {
  const servers = new Map<string, Server>();
  const command = (name: string, run: (key: string, parameter: unknown) => void) =>
    CommandsRegistry.registerCommand(`_localcoder.typescript.${name}`, (_accessor, key: unknown, parameter: unknown) =>
      run(String(key), parameter),
    );
  command("open", (key) =>
    servers.set(
      key,
      open(
        engine,
        (code) => servers.delete(key) && tell("exited", key, code),
        (messages) => tell("said", key, messages),
      ),
    ),
  );
  command("write", (key, request) => servers.get(key)?.write(typescriptRequest.parse(request)));
  command("close", (key) => servers.get(key)?.close());
}

/** Resolves when the extension has taken it. */
async function tell(name: string, key: string, parameter: unknown): Promise<void> {
  const commands = await getService(ICommandService);
  // The extension is gone, and nobody is left to be told.
  await commands.executeCommand(`_localcoder.typescript.${name}.${key}`, parameter).catch(() => {});
}

function open(
  engine: Connection["engine"],
  exited: (code: number | null) => void,
  said: (messages: readonly unknown[]) => Promise<void>,
): Server {
  const stop = new AbortController();
  let id: string | undefined;
  let written: TypeScriptRequest[] = [];
  let writing = false;

  /** One call after the other, each with all there is by then: the order is part of the protocol. */
  async function flush(): Promise<void> {
    if (writing || id === undefined) return;
    writing = true;
    while (written.length > 0 && !stop.signal.aborted) {
      const requests = written;
      written = [];
      // A server that is gone is told by the end of its stream.
      await engine.typescript.write({ id, requests }).catch(() => stop.abort());
    }
    writing = false;
  }

  async function listen(): Promise<void> {
    let code: number | null = null;
    try {
      for await (const event of await engine.typescript.open(undefined, { signal: stop.signal })) {
        if (event.type === "started") {
          ({ id } = event);
          void flush();
        } else if (event.type === "messages") await said(event.messages);
        else ({ code } = event);
      }
    } catch {
      // Stopped, or the engine is gone; the extension starts another server when it is needed.
    }
    stop.abort();
    exited(code);
  }

  void listen();
  return {
    write(request) {
      written.push(request);
      void flush();
    },
    close: () => stop.abort(),
  };
}
