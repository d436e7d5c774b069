// `npm run sbom [-- FILE]`: lists everything that is shipped as a bill of materials in the form of CycloneDX 1.6, by default in dist.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { shippedPackages } from "./licences.mjs";
import { root } from "./prepare.mjs";
import { say } from "./progress.mjs";

/** The bill of materials as an object. The same packages give the same bill, so there is no time of the day in it. */
export function billOfMaterials() {
  const { name, version, description, license, devDependencies, dependencies } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  const locked = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const shipped = shippedPackages();
  const placeOf = (folder) => relative(root, folder).split(sep).join("/");
  const hashesOf = (place) => {
    const [algorithm, hash] = locked[place]?.integrity?.split("-") ?? [];
    return algorithm === "sha512" ? { hashes: [{ alg: "SHA-512", content: Buffer.from(hash, "base64").toString("hex") }] } : {};
  };
  const components = shipped.map((entry) => ({
    type: "library",
    // The place, because two copies of one version may stand at two places.
    "bom-ref": placeOf(entry.folder),
    ...named(entry.name),
    version: entry.version,
    purl: packageAddress(entry.name, entry.version),
    ...licencesOf(entry.licence),
    ...hashesOf(placeOf(entry.folder)),
  }));
  const electron = {
    type: "framework",
    "bom-ref": "electron",
    name: "electron",
    version: devDependencies.electron,
    description: "The runtime, with Chromium and Node.",
    purl: packageAddress("electron", devDependencies.electron),
    ...licencesOf("MIT"),
    ...hashesOf("node_modules/electron"),
  };
  const direct = shipped.filter(
    (entry) => placeOf(entry.folder) === `node_modules/${entry.name}` && (entry.name in dependencies || entry.name in devDependencies),
  );
  const application = {
    type: "application",
    "bom-ref": "localcoder",
    name,
    version,
    description,
    purl: packageAddress(name, version),
    ...licencesOf(license),
  };
  const bill = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: application },
    components: [electron, ...components],
    dependencies: [
      { ref: "localcoder", dependsOn: ["electron", ...direct.map(({ folder }) => placeOf(folder))] },
      ...shipped.map(({ folder, needs }) => ({ ref: placeOf(folder), dependsOn: [...new Set(needs.map(placeOf))].sort() })),
    ],
  };
  return { ...bill, serialNumber: `urn:uuid:${identifierOf(bill)}` };
}

function named(name) {
  const [group, rest] = name.split("/");
  return rest === undefined ? { name } : { group, name: rest };
}

function packageAddress(name, version) {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function licencesOf(licence) {
  if (/ (OR|AND) /.test(licence)) return { licenses: [{ expression: licence.replace(/^\((.*)\)$/, "$1") }] };
  return { licenses: [{ license: /^[\w.+-]+$/.test(licence) ? { id: licence } : { name: licence } }] };
}

/** A UUID out of the content (version 8, of one's own making). */
function identifierOf(bill) {
  const hash = createHash("sha256").update(JSON.stringify(bill)).digest("hex");
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bill = billOfMaterials();
  const { version } = bill.metadata.component;
  const target = process.argv[2] ? resolve(process.argv[2]) : join(root, "dist", `localcoder-${version}-sbom.cdx.json`);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${JSON.stringify(bill, undefined, 2)}\n`);
  say(`${target}: ${bill.components.length} components.`);
}
