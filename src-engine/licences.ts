import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { implement } from "@orpc/server";
import { UserError } from "#core/base/errors";
import { type Licences, licencesContract } from "#core/contracts/licences";

/** From the build up to the folder of an installed program: past the archive and what holds it. */
const farthest = 6;

/** Reads the licences that came with the program. A package has them beside it, a checkout in its build. Throws NOT_FOUND where there are none. */
export async function readLicences(from = import.meta.dirname): Promise<Licences> {
  return { own: await read("LICENSE.txt", from).catch(() => read("LICENSE", from)), others: await read("THIRD_PARTY_NOTICES.txt", from) };
}

/** The licences as a service. */
export function licencesRouter() {
  const contract = implement(licencesContract);
  return contract.router({ read: contract.read.handler(() => readLicences()) });
}

async function read(name: string, from: string): Promise<string> {
  let folder = from;
  for (let step = 0; step < farthest; step++, folder = dirname(folder)) {
    const path = join(folder, name);
    if (existsSync(path)) return readFile(path, "utf8");
  }
  throw new UserError(
    "NOT_FOUND",
    `${name} is not beside the program.`,
    "It comes with every package: install LocalCoder anew to have it.",
  );
}
