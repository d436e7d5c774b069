import { implement } from "@orpc/server";
import { assistContract } from "#core/contracts/assist";
import type { Settings } from "#core/settings/schema";
import type { Project } from "../project/project.ts";
import type { Parsers } from "../syntax/parser.ts";
import type { Assist } from "./assist.ts";
import { codeFiles } from "./code-files.ts";
import { definitionAround } from "./definition-around.ts";
import type { OwnActions } from "./own-actions.ts";
import { suspectsOf } from "./suspects.ts";
import { placeTests } from "./tests/place-tests.ts";
import type { Waiting } from "./waiting.ts";

const contract = implement(assistContract);

/** The inline actions over the contract. */
export function assistRouter({
  assist,
  waiting,
  parsers,
  ownActions,
  settings,
  project,
}: {
  readonly assist: Assist;
  readonly waiting: Waiting;
  readonly parsers: Pick<Parsers, "parse">;
  readonly ownActions: Pick<OwnActions, "follow">;
  readonly settings: { current(workspace?: string): Settings };
  readonly project: Pick<Project, "symbols">;
}) {
  return contract.router({
    run: contract.run.handler(({ input, signal }) => assist.run(input, signal)),
    preview: contract.preview.handler(({ input, signal }) => assist.preview(input, signal)),
    fileFor: contract.fileFor.handler(({ input, signal }) => assist.fileFor(input, signal)),
    placeTests: contract.placeTests.handler(async ({ input, signal }) => (await placeTests(input, signal)) ?? null),
    ownActions: contract.ownActions.handler(({ input, signal }) => ownActions.follow(input.workspace, signal)),
    suspects: contract.suspects.handler(({ input, signal }) => suspectsOf(input.trace, input.workspace, project, signal)),
    places: contract.places.handler(({ input, signal }) => assist.places(input, signal)),
    codeFiles: contract.codeFiles.handler(({ input, signal }) => codeFiles(input, settings, signal)),
    waiting: contract.waiting.handler(({ signal }) => waiting.list(signal)),
    takeWaiting: contract.takeWaiting.handler(({ input }) => waiting.take(input.id)),
    dropWaiting: contract.dropWaiting.handler(({ input }) => waiting.drop(input.id)),
    definitionAround: contract.definitionAround.handler(
      async ({ input, signal }) => (await definitionAround(parsers, input, signal)) ?? null,
    ),
  });
}
