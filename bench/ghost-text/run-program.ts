import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const seconds = 10;
const bytes = 2 ** 30;

/** Limits a program cannot lift again; set before the first line of foreign code. */
const limits = `import resource as _r
for _what, _most in ((_r.RLIMIT_CPU, ${seconds}), (_r.RLIMIT_AS, ${bytes}), (_r.RLIMIT_FSIZE, 1 << 20), (_r.RLIMIT_NOFILE, 32), (_r.RLIMIT_CORE, 0)):
    _r.setrlimit(_what, (_most, _most))
del _r
`;

let network: readonly string[] | undefined;

/** What takes the network from a program: a namespace of its own, where the system lets us have one. */
function withoutNetwork(): readonly string[] {
  if (network !== undefined) return network;
  const ways = [
    ["unshare", "--net"],
    ["unshare", "--user", "--map-root-user", "--net"],
  ];
  network = ways.find(([command = "", ...rest]) => spawnSync(command, [...rest, "true"]).status === 0);
  if (network === undefined) {
    console.error(
      "Programs with suggestions run with limits of time, memory and files; this system gives us no way to take the network from them.",
    );
    network = [];
  }
  return network;
}

/** True when a Python program ends well, in a process with limits, in a folder with nothing but these files, without a network. */
export async function endsWell(program: string, files: Readonly<Record<string, string>> = {}): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "localcoder-bench-run-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const [command = "python3", ...rest] = [...withoutNetwork(), "python3", "-I", "-"];
    const child = spawn(command, rest, {
      cwd: folder,
      env: { PATH: process.env.PATH ?? "" },
      stdio: ["pipe", "ignore", "ignore"],
      // On a busy machine a program gets a small part of the time.
      timeout: seconds * 6000,
      killSignal: "SIGKILL",
    });
    const code = new Promise<number | null>((done) => {
      child.once("error", () => done(null));
      child.once("exit", done);
    });
    child.stdin.on("error", () => {});
    child.stdin.end(limits + program);
    return (await code) === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
