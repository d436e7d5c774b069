import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { checkPackage } from "./check-package.mjs";
import { iconTypes, missingPictures } from "./mac-bundle.mjs";
import { nativeTarget } from "./native-header.mjs";
import { graphicsParts, llamaPackage, nativeFiles } from "./native-parts.mjs";
import { parsePlist } from "./plist.mjs";
import { root } from "./prepare.mjs";
import { stageMac } from "./stage-mac.mjs";

const long = process.env.LOCALCODER_LONG === "1";
const place = mkdtempSync(join(tmpdir(), "localcoder-packages-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** A file that begins like a native one: numbers at their places, of one to four bytes. */
function made(...numbers: [at: number, value: number, bytes?: 1 | 2 | 4, order?: "big"][]): Buffer {
  const file = Buffer.alloc(256);
  for (const [at, value, bytes = 4, order] of numbers) {
    if (order === "big") file.writeUIntBE(value, at, bytes);
    else file.writeUIntLE(value, at, bytes);
  }
  return file;
}

describe("the header of a native file", () => {
  const elf = (machine: number) => made([0, 0x7f454c46, 4, "big"], [4, 2, 1], [5, 1, 1], [18, machine, 2]);
  const mach = (processor: number) => made([0, 0xfeedfacf], [4, processor]);
  const universal = made([0, 0xcafebabe, 4, "big"], [4, 2, 4, "big"], [8, 0x01000007, 4, "big"], [28, 0x0100000c, 4, "big"]);
  const pe = (machine: number) => made([0, 0x4d5a, 2, "big"], [0x3c, 0x80], [0x80, 0x50450000, 4, "big"], [0x84, machine, 2]);

  test.each([
    ["ELF x86-64", elf(62), "linux", ["x64"]],
    ["ELF arm64", elf(183), "linux", ["arm64"]],
    ["Mach-O arm64", mach(0x0100000c), "darwin", ["arm64"]],
    ["Mach-O x86-64", mach(0x01000007), "darwin", ["x64"]],
    ["Mach-O for both", universal, "darwin", ["x64", "arm64"]],
    ["PE x64", pe(0x8664), "win32", ["x64"]],
    ["PE arm64", pe(0xaa64), "win32", ["arm64"]],
  ])("%s is told", (_, file, platform, architectures) => expect(nativeTarget(file)).toEqual({ platform, architectures }));

  test.each([
    ["text", Buffer.from("#!/bin/sh\n".repeat(20))],
    ["a class of Java", made([0, 0xcafebabe, 4, "big"], [4, 0x00000041, 4, "big"])],
    ["a program of DOS", made([0, 0x4d5a, 2, "big"], [0x3c, 0x80])],
    ["a picture", readFileSync(join(root, "resources", "icon.png"))],
    ["nothing", Buffer.alloc(0)],
  ])("%s is none", (_, file) => expect(nativeTarget(file)).toBeUndefined());

  test("tells of the libraries that are installed here what they are for", () => {
    const folder = join(root, "node_modules");
    for (const file of nativeFiles(process.platform, process.arch))
      expect(nativeTarget(readFileSync(join(folder, file)))).toEqual({ platform: process.platform, architectures: [process.arch] });
    for (const arch of ["arm64", "x64"]) {
      for (const platform of ["darwin", "linux", "win32"])
        expect(nativeTarget(readFileSync(join(folder, "better-sqlite3", "prebuilds", `${platform}-${arch}.node`)))).toEqual({
          platform,
          architectures: [arch],
        });
    }
  });
});

test("node-llama-cpp knows the packages that are wanted of it by these names", () => {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, "node_modules", "node-llama-cpp", "package.json"), "utf8"));
  const wanted = [
    ...[
      ["darwin", "arm64"],
      ["linux", "x64"],
      ["linux", "arm64"],
      ["win32", "x64"],
    ].map(([platform = "", arch = ""]) => `@node-llama-cpp/${llamaPackage(platform, arch)}`),
    ...["linux", "win32"].flatMap((platform) => graphicsParts(platform, "x64").flatMap(({ packages }) => packages)),
  ];
  expect(wanted.filter((name) => !(name in optionalDependencies))).toEqual([]);
});

test("a property list is read as it is meant", () => {
  const text = `<plist><dict><!-- <key>no</key> --><key>a</key><string>1 &lt; 2 &amp; 3</string><key>list</key><array><true/><integer>4</integer>
    <dict/><array/><string/></array><key>in</key><dict><key>b</key><false/></dict></dict></plist>`;
  expect(parsePlist(text)).toEqual({ a: "1 < 2 & 3", list: [true, 4, {}, [], ""], in: { b: false } });
});

test.each(["icon.png", ...[16, 24, 32, 48, 64, 128, 256, 512].map((size) => `icons/${size}x${size}.png`)])(
  "the icon %s is the drawing and nothing else: empty corners, a middle that is not",
  (name) => {
    const { width, height, data } = PNG.sync.read(readFileSync(join(root, "resources", name)));
    const opacity = (x: number, y: number) => data[(y * width + x) * 4 + 3];
    const corners = [opacity(0, 0), opacity(width - 1, 0), opacity(0, height - 1), opacity(width - 1, height - 1)];
    expect([corners, opacity(width >> 1, height >> 1)]).toEqual([[0, 0, 0, 0], 255]);
  },
);

test("the icon of macOS has a picture for every size and density", () => {
  const icon = readFileSync(join(root, "resources", "icon.icns"));
  expect(missingPictures(icon)).toEqual([]);
  expect(missingPictures(icon.subarray(0, 8))).toHaveLength(Object.keys(iconTypes).length);
});

describe.runIf(long)("the app for Apple Silicon, staged on this machine", () => {
  test("has everything that its code asks for, and nothing of another platform", async () => {
    const app = await stageMac(place);
    const { problems, natives, fuses } = await checkPackage({ folder: app, platform: "darwin", arch: "arm64" });
    // Where a registry lacks the package of this version an older one stands in, and that is the only thing that is wrong.
    expect(problems.filter((problem) => !problem.startsWith("@node-llama-cpp/mac-arm64-metal is version"))).toEqual([]);
    expect(natives).toBeGreaterThan(8);
    expect(fuses).toMatchObject({ OnlyLoadAppFromAsar: "on", EnableNodeCliInspectArguments: "off" });
    const metal = nativeFiles("darwin", "arm64").find((file) => file.endsWith("libggml-metal.so")) ?? "";
    const shaders = readFileSync(join(app, "Contents", "Resources", "app.asar.unpacked", "node_modules", metal), "latin1");
    expect(shaders.match(/kernel void kernel_/g)?.length).toBeGreaterThan(50);
    const info = parsePlist(readFileSync(join(app, "Contents", "Info.plist"), "utf8"));
    expect(info).toMatchObject({ CFBundleExecutable: "LocalCoder", NSCameraUsageDescription: expect.stringContaining("never does") });
    expect(info).not.toHaveProperty("NSAudioCaptureUsageDescription");
    expect(existsSync(join(app, "Contents", "Resources", "de.lproj"))).toBe(false);
  }, 600_000);
});

const unpacked = join(root, "dist", "linux-unpacked");

describe.runIf(long && existsSync(unpacked))("a package for Linux", () => {
  const copy = join(place, "linux");
  const modules = join(copy, "resources", "app.asar.unpacked", "node_modules");
  const problems = async (platform = "linux") => (await checkPackage({ folder: copy, platform, arch: "x64", inspectable: true })).problems;
  /** Other bytes in a file's place, because the copy shares its files with what it was made from. */
  const replace = (path: string, bytes: Uint8Array) => {
    rmSync(path, { force: true });
    writeFileSync(path, bytes, { mode: 0o755 });
  };
  beforeEach(() => {
    rmSync(copy, { recursive: true, force: true });
    expect(spawnSync("cp", ["--archive", "--link", unpacked, copy])).toMatchObject({ status: 0 });
  });

  test("has no problem as it was made", async () => expect(await problems()).toEqual([]));

  test("has what the user's own Node runs beside the archive, with all that it imports", () => {
    const engine = join(copy, "resources", "app.asar.unpacked", "out", "engine");
    for (const name of ["compare.process.js", "run-tests.process.js"]) {
      const imports = Array.from(
        readFileSync(join(engine, name), "utf8").matchAll(/^import .* from "(\.[^"]+)";$/gm),
        ([, path = ""]) => path,
      );
      expect(imports.length).toBeGreaterThan(0);
      expect(imports.filter((path) => !existsSync(join(engine, path)))).toEqual([]);
    }
  });

  test("with one bit turned in the archive is not taken", async () => {
    const path = join(copy, "resources", "app.asar");
    const bytes = readFileSync(path);
    bytes[bytes.length - 1000] = (bytes[bytes.length - 1000] ?? 0) ^ 1;
    replace(path, bytes);
    expect(await problems()).toEqual([expect.stringContaining("is not what its hash in the archive says")]);
  });

  test("with a library of another system, or under another's name, is not taken", async () => {
    const foreign = readFileSync(join(root, "node_modules", "better-sqlite3", "prebuilds", "darwin-arm64.node"));
    writeFileSync(join(copy, "resources", "stray.node"), foreign);
    writeFileSync(join(copy, "broken.so"), "no library at all");
    expect(await problems()).toEqual([
      expect.stringContaining("broken.so is called like a native file"),
      expect.stringContaining("stray.node is for darwin arm64, not for linux x64"),
    ]);
  });

  test("without the licences of what is in it is not taken", async () => {
    const path = join(copy, "THIRD_PARTY_NOTICES.txt");
    replace(path, Buffer.from(readFileSync(path, "utf8").replaceAll("\nbetter-sqlite3 ", "\nsomething-else ")));
    expect(await problems()).toEqual(["The notices do not name better-sqlite3."]);
    rmSync(path);
    expect(await problems()).toEqual(["The notices of third parties are missing."]);
  });

  test("without ripgrep, or with one that cannot be started, is not taken", async () => {
    const path = join(modules, "@vscode", "ripgrep-linux-x64", "bin", "rg");
    const bytes = readFileSync(path);
    replace(path, bytes);
    chmodSync(path, 0o644);
    expect(await problems()).toEqual([expect.stringContaining("it is not executable")]);
    rmSync(path);
    expect(await problems()).toEqual(expect.arrayContaining(["node_modules/@vscode/ripgrep-linux-x64/bin/rg is missing."]));
  });
});
