import { chmodSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type TerminalEvent, type TerminalStart, terminalStart } from "#core/contracts/terminal";
import { temporaryFolder } from "../workspace/temporary-folder.ts";
import { shellEnvironment } from "./environment.ts";
import { createFlowControl } from "./flow.ts";
import { createTerminals } from "./terminals.ts";

const code = (name: string) => expect.objectContaining({ name: "UserError", code: name });
const unix = process.platform !== "win32";

const start = (options: Partial<TerminalStart>): TerminalStart => terminalStart.parse({ columns: 80, rows: 24, ...options });
const sh = (script: string, options: Partial<TerminalStart> = {}) =>
  start({ executable: "/bin/sh", arguments: ["-c", script], ...options });

/** Reads a terminal as a window does: acknowledging what came, until its end or until enough was seen. */
async function read(
  terminals: ReturnType<typeof createTerminals>,
  request: TerminalStart,
  during?: (text: string, id: string) => boolean | undefined,
) {
  let text = "";
  let id = "";
  const events: TerminalEvent[] = [];
  for await (const event of await terminals.open(request)) {
    events.push(event);
    if (event.type === "started") id = event.id;
    if (event.type === "data") {
      text += event.data;
      terminals.acknowledge(id, event.data.length);
    }
    if (during?.(text, id)) break;
  }
  const end = events.at(-1);
  return { text, events, code: end?.type === "exit" ? end.code : undefined };
}

describe.runIf(unix)("terminals", () => {
  it("runs a program in a real terminal of the right size and tells its end", async () => {
    using folder = temporaryFolder();
    const terminals = createTerminals();
    const result = await read(
      terminals,
      sh("test -t 0 && test -t 1 && stty size && pwd; exit 7", { columns: 101, rows: 31, directory: folder.path }),
    );
    expect(result.text).toBe(`31 101\r\n${folder.path}\r\n`);
    expect(result.code).toBe(7);
    expect(result.events[0]).toMatchObject({ type: "started", executable: "/bin/sh", directory: folder.path });
    expect((await read(terminals, sh("kill -9 $$"))).code).toBe(137);
  });

  it("writes, resizes and closes", async () => {
    const terminals = createTerminals();
    let step = 0;
    const result = await read(terminals, sh("echo ready; read line; echo got:$line; read again; stty size; sleep 1000"), (text, id) => {
      if (step === 0 && text.includes("ready")) {
        step = 1;
        terminals.write(id, "hällo\r");
      } else if (step === 1 && text.includes("got:hällo")) {
        step = 2;
        terminals.resize(id, { columns: 120, rows: 40 });
        terminals.write(id, "\r");
      } else if (step === 2 && text.includes("40 120")) {
        step = 3;
        terminals.close(id);
      }
      return undefined;
    });
    expect(step).toBe(3);
    expect(result.code).toBeGreaterThan(0);
  });

  it("never cuts a character in two", async () => {
    const line = "grün 😀 漢字 ";
    const result = await read(createTerminals(), sh(`i=0; while [ $i -lt 3000 ]; do printf '${line}'; i=$((i+1)); done`));
    expect(result.text.length).toBe(line.length * 3000);
    // Not compared as a whole, which would print all of it when it differs.
    expect(result.text === line.repeat(3000)).toBe(true);
  });

  it("waits for a window that does not draw", async () => {
    const terminals = createTerminals();
    const run = await terminals.open(sh("yes 0123456789 | head -c 4200000; exit 3"));
    const started = (await run.next()).value;
    const id = started?.type === "started" ? started.id : "";
    let unread = 0;
    // Nothing is acknowledged until the program has filled what it may fill.
    while (unread <= 100_000) {
      const { value } = await run.next();
      if (value?.type === "data") unread += value.data.length;
    }
    terminals.acknowledge(id, 1_000_000);
    let total = unread;
    let exit: number | undefined;
    for await (const event of run) {
      if (event.type === "data") {
        total += event.data.length;
        terminals.acknowledge(id, event.data.length);
      } else if (event.type === "exit") exit = event.code;
    }
    expect(exit).toBe(3);
    // Every line of 11 became one of 12; nothing that waited is lost, not even after the program has ended.
    expect(total).toBe(Math.floor((4_200_000 * 12) / 11));
  });

  it("kills the shell and what it started when it is left", async () => {
    const terminals = createTerminals();
    let child = 0;
    await read(terminals, sh("sleep 1000 & echo pid:$!:; trap '' HUP; wait; sleep 1000"), (text) => {
      child = Number(/pid:(\d+):/.exec(text)?.[1] ?? 0);
      return child > 0;
    });
    const alive = () => {
      try {
        process.kill(child, 0);
        return true;
      } catch {
        return false;
      }
    };
    while (alive()) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it("tells which program runs in it", async () => {
    const terminals = createTerminals();
    const titles: string[] = [];
    let id = "";
    for await (const event of await terminals.open(start({ executable: "/bin/sh", arguments: ["-i"] }))) {
      if (event.type === "started") id = event.id;
      // At its first prompt: what is typed before may be thrown away by a shell that sets up its terminal.
      if (event.type === "data" && id !== "") {
        terminals.write(id, "sleep 1000\r");
        id = "";
      }
      if (event.type === "title") titles.push(event.title);
      if (titles.includes("sleep")) break;
    }
    expect(titles.at(-1)).toBe("sleep");
  });

  it("says clearly what cannot be started", async () => {
    using folder = temporaryFolder({ "plain.txt": "not a program", "broken.sh": "#!/no/such/program\n" });
    chmodSync(folder.at("broken.sh"), 0o755);
    const terminals = createTerminals();
    const open = (options: Partial<TerminalStart>) => terminals.open(start(options));
    await expect(open({ executable: "/no/such/shell" })).rejects.toThrow(code("NOT_FOUND"));
    await expect(open({ executable: "no-such-shell" })).rejects.toThrow(code("NOT_FOUND"));
    await expect(open({ executable: folder.at("plain.txt") })).rejects.toThrow(code("NOT_FOUND"));
    await expect(open({ executable: folder.path })).rejects.toThrow(code("NOT_FOUND"));
    await expect(open({ directory: folder.at("none") })).rejects.toThrow(code("NOT_FOUND"));
    await expect(open({ directory: folder.at("plain.txt") })).rejects.toThrow(code("NOT_A_DIRECTORY"));
    expect(() => terminals.write("none", "x")).toThrow(code("NOT_FOUND"));
    expect(() => terminals.resize("none", { columns: 80, rows: 24 })).toThrow(code("NOT_FOUND"));
    expect((await read(terminals, start({ executable: folder.at("broken.sh") }))).code).not.toBe(0);
  });

  it("lists shells that can be started, the user's first", async () => {
    using folder = temporaryFolder({ "bin/myshell": "#!/bin/sh\n" });
    chmodSync(folder.at("bin", "myshell"), 0o755);
    const shells = await createTerminals({ environment: { ...process.env, SHELL: folder.at("bin", "myshell") } }).shells();
    expect(shells[0]).toMatchObject({ name: "myshell", executable: folder.at("bin", "myshell") });
    expect(shells.map(({ name }) => name)).toContain("sh");
    expect(new Set(shells.map(({ name, executable }) => name + executable)).size).toBe(shells.length);
    const fallback = await createTerminals({ environment: { SHELL: "/no/such/shell", PATH: "/usr/bin:/bin" } }).shells();
    expect(fallback.length).toBeGreaterThan(0);
  });

  it("opens several at once", async () => {
    const terminals = createTerminals();
    const results = await Promise.all(Array.from({ length: 10 }, (_, index) => read(terminals, sh(`echo number-${index}; exit ${index}`))));
    expect(results.map((result) => result.code)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(results.every(({ text }, index) => text === `number-${index}\r\n`)).toBe(true);
  });

  it("gives the shell the user's environment and not ours", async () => {
    const environment = {
      ...process.env,
      ELECTRON_RUN_AS_NODE: "1",
      LOCALCODER_HOME: "/x",
      NODE_OPTIONS: "--inspect",
      OWN: "kept",
      GONE: "g",
    };
    const { text } = await read(createTerminals({ environment }), sh("env", { environment: { ADDED: "yes", GONE: null } }));
    for (const name of ["ELECTRON_RUN_AS_NODE", "LOCALCODER_HOME", "NODE_OPTIONS", "GONE", "npm_lifecycle_event"]) {
      expect(text).not.toMatch(new RegExp(`^${name}=`, "m"));
    }
    for (const line of ["OWN=kept", "ADDED=yes", "TERM_PROGRAM=localcoder", "TERM=xterm-256color", "COLORTERM=truecolor"]) {
      expect(text).toContain(`${line}\r\n`);
    }
  });

  it("works with a shell that is written to a file on the way", async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.at("tool"), "#!/bin/sh\necho from-path\n");
    chmodSync(folder.at("tool"), 0o755);
    const result = await read(createTerminals(), start({ executable: "tool", environment: { PATH: `${folder.path}:/usr/bin:/bin` } }));
    expect(result.text).toBe("from-path\r\n");
  });
});

describe("shellEnvironment", () => {
  it("takes npm's folders from the front of PATH", () => {
    const result = shellEnvironment({
      npm_lifecycle_event: "start",
      PATH: "/p/node_modules/.bin:/n/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin:/usr/bin",
    });
    expect(result.PATH).toBe("/usr/bin");
    expect(shellEnvironment({ PATH: "/mine/node_modules/.bin:/usr/bin" }).PATH).toBe("/mine/node_modules/.bin:/usr/bin");
  });

  it("gives a locale to a process that has none", () => {
    expect(shellEnvironment({ PATH: "/bin" }).LANG).toMatch(/UTF-8$/);
    expect(shellEnvironment({ LC_ALL: "de_DE.UTF-8" }).LANG).toBeUndefined();
  });
});

describe("createFlowControl", () => {
  it("pauses above the high mark and goes on below the low one", () => {
    const calls: string[] = [];
    const flow = createFlowControl({ pause: () => calls.push("pause"), resume: () => calls.push("resume") });
    flow.sent(100_000);
    expect(calls).toEqual([]);
    flow.sent(1);
    flow.sent(50_000);
    flow.drawn(100_000);
    expect(calls).toEqual(["pause"]);
    flow.drawn(46_000);
    expect(calls).toEqual(["pause", "resume"]);
    flow.drawn(1_000_000);
    flow.sent(100_000);
    expect(calls).toEqual(["pause", "resume"]);
  });
});
