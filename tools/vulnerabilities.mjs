// `npm run vulnerabilities`: asks the registry which packages of the lock file have known vulnerabilities. Fails where one that is shipped has a
// grave one; where nobody can be asked it says so, and that nothing is known.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { shippedPackages } from "./licences.mjs";
import { root } from "./prepare.mjs";
import { say } from "./progress.mjs";

const grave = new Set(["high", "critical"]);

/** What npm says of the lock file in a folder, as it prints it. */
function askRegistry(folder, parameters) {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", ["audit", "--json", ...parameters], { cwd: folder, shell: process.platform === "win32" });
    let printed = "";
    child.stdout.on("data", (data) => {
      printed += data;
    });
    child.on("error", reject);
    child.on("close", () => resolve(printed));
  });
}

/** Lists the known vulnerabilities, those of shipped packages first; throws where the registry did not answer. */
export async function knownVulnerabilities({ folder = root, parameters = [], shipped = shippedPackages().map(({ name }) => name) } = {}) {
  const report = readReport(await askRegistry(folder, parameters));
  const found = Object.values(report.vulnerabilities).map(({ name, severity, via }) => ({
    name,
    severity,
    shipped: shipped.includes(name),
    // Names in the place of a description lead to packages that have a line of their own.
    reasons: via.map((one) => (typeof one === "string" ? `through ${one}` : `${one.title} (${one.url})`)),
  }));
  return found.sort((one, other) => Number(other.shipped) - Number(one.shipped) || (one.name < other.name ? -1 : 1));
}

function readReport(printed) {
  let report;
  try {
    report = JSON.parse(printed);
  } catch {
    throw new Error("npm said nothing that can be read");
  }
  // A failure has a message in place of the list.
  if (report.vulnerabilities === undefined) throw new Error(report.message ?? report.error?.summary ?? "no list came");
  return report;
}

/** Prints what is known; false when something that is shipped must not be. */
export async function lookUpVulnerabilities(options) {
  let found;
  try {
    found = await knownVulnerabilities(options);
  } catch (error) {
    say(`The database of known vulnerabilities could not be reached: ${error.message}. Nothing was looked up, so nothing is known.`);
    return true;
  }
  for (const { name, severity, shipped, reasons } of found)
    say(`${severity}: ${name}, ${shipped ? "which is shipped" : "only for building"}: ${reasons.join("; ")}`);
  const forbidden = found.filter(({ shipped, severity }) => shipped && grave.has(severity));
  say(`${found.length} packages with known vulnerabilities, ${forbidden.length} of them grave and shipped.`);
  return forbidden.length === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = (await lookUpVulnerabilities()) ? 0 : 1;
