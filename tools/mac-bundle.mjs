import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parsePlist } from "./plist.mjs";
import { root } from "./prepare.mjs";

/** The pictures that an icon of macOS has to have, by the type of the entry: 16 to 1024 points, for both densities of screen. */
export const iconTypes = { icp4: 16, icp5: 32, ic11: 32, ic12: 64, ic07: 128, ic13: 256, ic08: 256, ic14: 512, ic09: 512, ic10: 1024 };

/** Reads back what macOS takes from an app beside its code: Info.plist, icon and, where there is one, its signature. */
export function checkMacBundle(folder, archiveHash) {
  const contents = join(folder, "Contents");
  const info = parsePlist(readFileSync(join(contents, "Info.plist"), "utf8"));
  const types = (info.CFBundleDocumentTypes ?? []).flatMap(({ LSItemContentTypes, CFBundleTypeExtensions }) => [
    ...(LSItemContentTypes ?? []),
    ...(CFBundleTypeExtensions ?? []),
  ]);
  const icon = join(contents, "Resources", info.CFBundleIconFile ?? "");
  return [
    ...expect("CFBundleIdentifier", info.CFBundleIdentifier, "dev.localcoder.desktop"),
    ...expect("the hash of app.asar in Info.plist", info.ElectronAsarIntegrity?.["Resources/app.asar"]?.hash, archiveHash),
    ...["public.folder", "public.source-code", "code-workspace"]
      .filter((type) => !types.includes(type))
      .map((type) => `Info.plist does not offer to open ${type}.`),
    ...(info.CFBundleURLTypes ? ["Info.plist registers an address scheme, and nothing may open the program from a web page."] : []),
    ...(existsSync(icon)
      ? missingPictures(readFileSync(icon)).map((size) => `The icon has no picture of ${size}.`)
      : ["The icon is missing."]),
    ...checkEntitlements(readFileSync(join(root, "resources", "entitlements.mac.plist"), "utf8")),
    ...(process.platform === "darwin" ? checkSignature(folder) : []),
  ];
}

function expect(what, found, wanted) {
  return found === wanted ? [] : [`${what} is ${found ?? "missing"} and should be ${wanted}.`];
}

/** Which pictures an icon file lacks. */
export function missingPictures(icon) {
  const found = new Set();
  for (let at = 8; at + 8 <= icon.length; at += Math.max(8, icon.readUInt32BE(at + 4))) found.add(icon.toString("latin1", at, at + 4));
  return Object.entries(iconTypes)
    .filter(([type]) => !found.has(type))
    .map(([type, size]) => `${size} (${type})`);
}

/** More than the permission to compile JavaScript is asked of nobody. */
function checkEntitlements(text) {
  const names = Object.keys(parsePlist(text));
  return names.filter((name) => name !== "com.apple.security.cs.allow-jit").map((name) => `The entitlement ${name} is not needed.`);
}

/** On a Mac: the signature holds for all that is inside, and for a named developer the runtime is hardened. */
function checkSignature(folder) {
  const codesign = (...parameters) => spawnSync("codesign", [...parameters, folder], { encoding: "utf8" });
  const verified = codesign("--verify", "--deep", "--strict");
  const { stderr: details } = codesign("--display", "--verbose=2");
  const { stdout: entitlements } = codesign("--display", "--entitlements", "-", "--xml");
  const adHoc = details.includes("Signature=adhoc");
  return [
    ...(verified.status === 0 ? [] : [`The signature does not hold: ${verified.stderr.trim()}`]),
    ...(adHoc || /flags=\S*runtime/.test(details) ? [] : ["The runtime is not hardened."]),
    ...(entitlements.includes("<dict>") ? checkEntitlements(entitlements) : []),
  ];
}
