import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { nativeFiles } from "./native-parts.mjs";
import { root } from "./prepare.mjs";

// What of the packages for other systems can be looked at without making them: AppImage, nsis and arm64 are made by the release workflow.

type Files = readonly (string | { readonly filter: readonly string[] })[];
interface System {
  readonly files: Files;
  readonly target: readonly (string | { readonly target: string; readonly arch: string })[];
}
interface Configuration {
  readonly appId: string;
  readonly files: Files;
  readonly asar: boolean;
  readonly asarUnpack: readonly string[];
  readonly electronFuses: Record<string, boolean>;
  readonly mac: System & { readonly hardenedRuntime: boolean; readonly entitlements: string };
  readonly linux: System;
  readonly win: System;
  readonly nsis: Record<string, unknown>;
}

const ofBuilder = createRequire(join(root, "node_modules", "electron-builder", "package.json"));
const { getConfig, validateConfiguration } = ofBuilder("app-builder-lib/out/util/config/config.js");
const { getMainFileMatchers } = ofBuilder("app-builder-lib/out/fileMatcher.js");
const { DebugLogger } = ofBuilder("builder-util");
const { minimatch } = createRequire(ofBuilder.resolve("app-builder-lib/package.json"))("minimatch");
let configuration: Configuration;
beforeAll(async () => {
  configuration = await getConfig(root, join(root, "electron-builder.yml"), null);
});
const read = (name: string) => JSON.parse(readFileSync(join(root, name), "utf8"));
const validate = (changed: object) => validateConfiguration({ ...configuration, ...changed }, new DebugLogger(false));

test("electron-builder takes it, and would not take a word that it does not know", async () => {
  await validate({});
  for (const name of ["linux", "nsis"] as const) {
    const changed = { [name]: { ...(configuration as unknown as Record<string, object>)[name], unknownWord: true } };
    await expect(validate(changed), name).rejects.toThrow(`configuration.${name}`);
  }
  await expect(validate({ linux: { ...configuration.linux, target: [{ target: "AppImage", arch: "arm65" }] } })).rejects.toThrow(
    "target.0.arch",
  );
});

test("each system gets the packages that are promised", () => {
  const targets = ({ target }: System) => target.map((one) => (typeof one === "string" ? one : `${one.target} ${one.arch}`));
  expect(targets(configuration.mac)).toEqual(["dmg arm64", "zip arm64"]);
  expect(targets(configuration.linux)).toEqual(["AppImage", "dir"]);
  expect(targets(configuration.win)).toEqual(["nsis x64", "dir x64"]);
  // Without an administrator, where the user says, and no address of a newer version inside.
  expect(configuration).toMatchObject({ nsis: { oneClick: false, perMachine: false }, publish: null });
});

test.each(["mac", "linux", "win"] as const)("for %s nothing of the checkout is taken but what is named", (system) => {
  const info = { projectDir: root, buildResourcesDir: "resources", config: configuration, debugLogger: { isEnabled: false } };
  const matchers: { patterns: readonly string[] }[] = getMainFileMatchers(
    root,
    "",
    (text: string) => text,
    configuration[system],
    { info },
    join(root, "dist"),
    false,
  );
  const taken = matchers.flatMap(({ patterns }) => patterns).filter((pattern) => !pattern.startsWith("!"));
  expect(taken).toEqual(expect.arrayContaining(["out/main", "package.json"]));
  expect(taken.filter((pattern) => !/^(out\/|resources\/icon\.png$|package\.json$)/.test(pattern))).toEqual([]);
});

test("the archive is compared with its hash and nothing else is run, the runtime is hardened, and no address opens the program", () => {
  expect(configuration).toMatchObject({
    asar: true,
    mac: { hardenedRuntime: true, entitlements: "resources/entitlements.mac.plist" },
    electronFuses: {
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
    },
  });
  expect(JSON.stringify(configuration)).not.toContain("protocols");
});

test("the names by which systems know the program are the same wherever they stand", () => {
  const { darwinBundleIdentifier, win32AppUserModelId } = read("product.json");
  expect([darwinBundleIdentifier, win32AppUserModelId]).toEqual([configuration.appId, configuration.appId]);
  expect(readFileSync(join(root, "src-main", "app.ts"), "utf8")).toContain(`setAppUserModelId("${configuration.appId}")`);
});

describe("native files", () => {
  const systems = { darwin: "mac", linux: "linux", win32: "win" } as const;
  const targets = [
    ["darwin", "arm64"],
    ["linux", "x64"],
    ["linux", "arm64"],
    ["win32", "x64"],
  ] as const;
  const wanted = targets.flatMap(([platform, arch]) => nativeFiles(platform, arch));
  const optional = ["node-llama-cpp", "@lydell/node-pty", "@vscode/ripgrep"].flatMap((name) =>
    Object.keys(read(`node_modules/${name}/package.json`).optionalDependencies),
  );
  const isTaken = (path: string, platform: keyof typeof systems, arch: string) => {
    const all = [...configuration.files, ...configuration[systems[platform]].files];
    const patterns = all.flatMap((one) => (typeof one === "string" ? [one] : one.filter)).filter((pattern) => pattern.startsWith("!"));
    expect(patterns.length).toBeGreaterThan(10);
    return !patterns.some((pattern) => minimatch(path, pattern.slice(1).replaceAll("$" + "{arch}", arch), { dot: true }));
  };

  test.each(targets)("of %s %s are in its package, beside the archive, and those of others are not", (platform, arch) => {
    const own = nativeFiles(platform, arch);
    const taken = wanted.filter((file) => isTaken(`node_modules/${file}`, platform, arch));
    expect(taken).toEqual(wanted.filter((file) => own.includes(file)));
    const packages = optional.filter((name) => isTaken(`node_modules/${name}/package.json`, platform, arch));
    expect(packages.length).toBeGreaterThan(2);
    // Of llama.cpp for a Mac there may be one without Metal as well.
    const others = packages.filter((name) => name !== "@node-llama-cpp/mac-arm64" && !own.some((file) => file.startsWith(`${name}/`)));
    expect(others).toEqual([]);
    const outside = (file: string) => configuration.asarUnpack.some((pattern) => minimatch(`node_modules/${file}`, pattern));
    expect(own.filter((file) => !outside(file))).toEqual([]);
  });
});
