import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";

/** A running Electron program, spoken to as a debugger would, with as little beside it as can be. */
export interface Program {
  /** The id of its first process. */
  readonly id: number;
  /** When it was started, in milliseconds of the clock that pages have too. */
  readonly begun: number;
  /** Evaluates an expression in the page and waits for its promise. */
  evaluate<Value>(expression: string): Promise<Value>;
  click(x: number, y: number): Promise<void>;
  /** Presses a key that writes one character. */
  type(character: string): Promise<void>;
  /** Takes back what was typed last. */
  undo(): Promise<void>;
  end(): Promise<void>;
}

const controlKey = 2;

/**
 * Starts an Electron program and connects to its page. Playwright would hold the start back until it is connected, and make
 * the page slower; here nothing waits for us.
 */
export async function startProgram(executable: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Program> {
  const begun = Date.now();
  const child = spawn(executable, ["--remote-debugging-port=0", ...args], { env, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on("line", (line) => {
      const found = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
      if (found) resolve(found);
    });
    void ended.then(() => reject(new Error("The program ended at once.")));
  });
  const send = await connect(await findPage(port));
  await settled(send);
  // Without a window manager nobody else gives the page the focus, and the first key would be lost.
  await send("Emulation.setFocusEmulationEnabled", { enabled: true });
  return {
    id: child.pid ?? 0,
    begun,
    async evaluate<Value>(expression: string) {
      const answer = await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
      const { result, exceptionDetails } = answer as { result: { value: unknown }; exceptionDetails?: { text: string } };
      if (exceptionDetails) throw new Error(exceptionDetails.text);
      return result.value as Value;
    },
    async click(x, y) {
      for (const type of ["mousePressed", "mouseReleased"])
        await send("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
    },
    async type(character) {
      const key = { key: character, code: `Key${character.toUpperCase()}`, windowsVirtualKeyCode: character.toUpperCase().charCodeAt(0) };
      await send("Input.dispatchKeyEvent", { type: "keyDown", text: character, ...key });
      await send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
    },
    async undo() {
      const key = { key: "z", code: "KeyZ", windowsVirtualKeyCode: 90, modifiers: controlKey };
      await send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key });
      await send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
    },
    async end() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function findPage(port: string): Promise<string> {
  while (true) {
    const pages = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { url: string; webSocketDebuggerUrl: string }[];
    const page = pages.find(({ url }) => url.startsWith("app://") && url.endsWith("/index.html"));
    if (page) return page.webSocketDebuggerUrl;
    await wait(20);
  }
}

/** Waits until the page's own document is there: what is evaluated in the one before it is lost with that. */
async function settled(send: Awaited<ReturnType<typeof connect>>): Promise<void> {
  while (true) {
    const answer = await send("Runtime.evaluate", { expression: "document.URL", returnByValue: true }).catch(() => undefined);
    if ((answer as { result: { value: string } } | undefined)?.result.value.startsWith("app://")) return;
    await wait(10);
  }
}

async function connect(address: string) {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", () => reject(new Error("The page cannot be reached.")), { once: true });
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  socket.addEventListener("message", ({ data }) => {
    const { id, result, error } = JSON.parse(String(data)) as { id?: number; result?: unknown; error?: { message: string } };
    const call = id === undefined ? undefined : waiting.get(id);
    if (id !== undefined) waiting.delete(id);
    if (error) call?.reject(new Error(error.message));
    else call?.resolve(result);
  });
  let last = 0;
  return (method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const call = Promise.withResolvers<unknown>();
    waiting.set(++last, call);
    socket.send(JSON.stringify({ id: last, method, params }));
    return call.promise;
  };
}
