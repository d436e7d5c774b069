import { implement } from "@orpc/server";
import { projectContract } from "#core/contracts/project";
import type { Project } from "./project.ts";

const contract = implement(projectContract);

/** What is known of a project, over the contract. */
export function projectRouter(project: Project) {
  return contract.router({
    find: contract.find.handler(({ input }) => project.find(input)),
    symbols: contract.symbols.handler(({ input }) => project.symbols(input)),
    map: contract.map.handler(({ input }) => project.map(input)),
    notes: contract.notes.handler(({ input }) => project.notes(input)),
    checkCitations: contract.checkCitations.handler(({ input }) => project.checkCitations(input)),
    prepare: contract.prepare.handler(({ input }) => project.prepare(input.workspace)),
    status: contract.status.handler(({ input }) => project.status(input.workspace)),
    rebuild: contract.rebuild.handler(({ input }) => project.rebuild(input.workspace)),
  });
}
