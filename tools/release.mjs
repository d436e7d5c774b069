// `node tools/release.mjs [--tag vVERSION] [--without STEP]...`: makes and checks everything that is released for this machine's system. The
// release workflow runs this and nothing else, so what it does can be tried on any machine. dist has the result.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { commandLineSwitches } from "./command-line-switches.mjs";
import { graphicsParts } from "./native-parts.mjs";
import { addNativePackages, continueInProjectNode, installPackages, root } from "./prepare.mjs";
import { say } from "./progress.mjs";

const { platform, arch } = process;
const { values } = parseArgs({ options: { tag: { type: "string" }, without: { type: "string", multiple: true, default: [] } } });
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const parts = graphicsParts(platform, arch);

try {
  if (values.tag !== undefined && values.tag !== `v${version}`)
    throw new Error(`The tag is ${values.tag}, and package.json says ${version}: one of them is wrong.`);
  installPackages();
  addNativePackages(parts.flatMap(({ packages }) => packages.map((name) => ({ name, owner: "node-llama-cpp" }))));
  continueInProjectNode();
  process.exitCode = (await release()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function release() {
  const { runStep, runSteps } = await import("./steps.mjs");
  const tool = (name, ...parameters) => runStep(process.execPath, [join(root, "tools", `${name}.mjs`), ...parameters]);
  const { folder, program } = unpacked();
  const common = [
    ["check", () => tool("check-package", folder, "--platform", platform, "--arch", arch)],
    ["first start", () => startOnce(program)],
  ];
  const own = {
    linux: [
      ["package", () => tool("package", "--linux", "dir")],
      ...common,
      ["deb", () => tool("package-deb")],
      ...parts.map(({ name }) => [`part ${name}`, () => tool("package-deb", name)]),
      ["AppImage", () => tool("package", "--linux", "AppImage", "--prepackaged", folder)],
    ],
    darwin: [["package", () => tool("package", "--mac")], ...common],
    win32: [["package", () => tool("package", "--win")], ...common, ...parts.map((part) => [`part ${part.name}`, () => zipPart(part)])],
  }[platform];
  // The same for every system, and made on one.
  const once =
    platform === "linux" && arch === "x64"
      ? [
          ["command line", () => tool("package-cli")],
          ["bill of materials", () => tool("sbom")],
          ["vulnerabilities", () => tool("vulnerabilities")],
        ]
      : [];
  const licences = ["licences", () => tool("licences")];
  return runSteps([licences, ...own, ...once].filter(([name]) => !values.without.includes(name)));
}

/** Where electron-builder leaves the unpacked program. */
function unpacked() {
  const dist = join(root, "dist");
  if (platform === "darwin") {
    const folder = join(dist, `mac-${arch}`, "LocalCoder.app");
    return { folder, program: join(folder, "Contents", "MacOS", "LocalCoder") };
  }
  const folder = join(dist, `${platform === "win32" ? "win" : "linux"}${arch === "x64" ? "" : `-${arch}`}-unpacked`);
  return {
    folder,
    program: join(folder, platform === "win32" ? "LocalCoder.exe" : "localcoder-desktop"),
  };
}

/** The command line of the package looks at this machine: that loads SQLite and the models' library from inside the package. */
function startOnce(program) {
  const home = join(root, "out", "first-start");
  const { status, stdout, stderr } = spawnSync(program, [...commandLineSwitches(platform), "doctor", "--json"], {
    encoding: "utf8",
    env: { ...process.env, LOCALCODER_HOME: home },
  });
  if (status !== 0) {
    say(`The packaged program does not start: ${stderr || stdout}`);
    return false;
  }
  const { backend } = JSON.parse(stdout);
  say(`It starts, and runs models with ${backend.name}.`);
  return true;
}

/** On Windows a part is an archive to unpack into the folder resources of the program. */
function zipPart({ name, packages }) {
  const file = join(root, "dist", `LocalCoder-${version}-win-${arch}-${name}.zip`);
  mkdirSync(join(root, "dist"), { recursive: true });
  const places = packages.map((one) => `node_modules/${one}`);
  if (!places.every((place) => existsSync(join(root, place)))) return false;
  // The tar of Windows writes zip files as well.
  return spawnSync("tar", ["-a", "-cf", file, ...places], { cwd: root, stdio: "inherit" }).status === 0;
}
