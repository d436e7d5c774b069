import { join } from "node:path";
import { implement } from "@orpc/server";
import { UserError } from "#core/base/errors";
import { gitContract } from "#core/contracts/git";
import { normalizePath } from "../workspace/paths.ts";
import { watchPath } from "../workspace/watch.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { change, checkOut, commit, discard, endOperation, initialise, stage, stageContent, undoCommit, unstage } from "./changing.ts";
import {
  gitFolder,
  readBranches,
  readHistory,
  readIgnored,
  readLastMessage,
  readRemotes,
  readStashes,
  readStatus,
  readVersion,
} from "./reading.ts";
import { findRepositories } from "./repositories.ts";

/** What changes in there with every command and says nothing about where the repository stands. */
const noise = ["**/*.lock", "objects/**", "lfs/**", "logs/**", "hooks/**", "info/**", "modules/*/objects/**", "fsmonitor--daemon/**"];

/** Serves Git in the folders of one client. No root and no path leads out of them. */
export function gitRouter(workspace: Pick<Workspace, "resolve">) {
  const contract = implement(gitContract);
  const rootOf = (path: string) => workspace.resolve(path);
  const confined = (paths: readonly string[]) => {
    for (const path of paths) if (/^[\\/]|^[A-Za-z]:|(^|[\\/])\.\.([\\/]|$)|\0/.test(path)) refuse(path);
    return paths;
  };
  return contract.router({
    find: contract.find.handler(async ({ input, signal }) => findRepositories(normalizePath(input.path), await rootOf(input.path), signal)),
    status: contract.status.handler(async ({ input, signal }) => readStatus(await rootOf(input.root), signal)),
    changes: contract.changes.handler(async function* ({ input, signal }) {
      const folder = await gitFolder(await rootOf(input.root), signal);
      for await (const _ of watchPath({ path: folder, real: folder, recursive: true, excludes: noise }, signal)) yield {};
    }),
    ignored: contract.ignored.handler(async ({ input, signal }) => readIgnored(await rootOf(input.root), confined(input.paths), signal)),
    show: contract.show.handler(async ({ input, signal }) => {
      confined([input.path]);
      return new Blob([new Uint8Array(await readVersion(await rootOf(input.root), input.path, input.version, signal))]);
    }),
    stage: contract.stage.handler(async ({ input, signal }) => stage(await rootOf(input.root), confined(input.paths), signal)),
    stageContent: contract.stageContent.handler(async ({ input, signal }) => {
      confined([input.path]);
      await stageContent(await rootOf(input.root), input.path, input.content, signal);
    }),
    unstage: contract.unstage.handler(async ({ input, signal }) => unstage(await rootOf(input.root), confined(input.paths), signal)),
    discard: contract.discard.handler(async ({ input, signal }) =>
      discard(await rootOf(input.root), confined(input.paths), (path) => workspace.resolve(join(input.root, path)), signal),
    ),
    commit: contract.commit.handler(async ({ input, signal }) => commit(await rootOf(input.root), input, signal)),
    undoCommit: contract.undoCommit.handler(async ({ input, signal }) => ({ message: await undoCommit(await rootOf(input.root), signal) })),
    lastMessage: contract.lastMessage.handler(async ({ input, signal }) => ({
      message: await readLastMessage(await rootOf(input.root), signal),
    })),
    branches: contract.branches.handler(async ({ input, signal }) => readBranches(await rootOf(input.root), signal)),
    checkOut: contract.checkOut.handler(async ({ input: { root, branch }, signal }) => {
      const folder = await rootOf(root);
      const known = (await readBranches(folder, signal)).find(({ name }) => name === branch);
      return checkOut(folder, branch, known?.remote, signal);
    }),
    createBranch: contract.createBranch.handler(async ({ input: { root, branch, from }, signal }) =>
      change(await rootOf(root), ["checkout", "--quiet", "-b", branch, ...(from === undefined ? [] : [from])], signal),
    ),
    deleteBranch: contract.deleteBranch.handler(async ({ input: { root, branch, force }, signal }) =>
      change(await rootOf(root), ["branch", "--quiet", force ? "-D" : "-d", branch], signal),
    ),
    merge: contract.merge.handler(async ({ input, signal }) =>
      change(await rootOf(input.root), ["merge", "--quiet", "--no-edit", input.branch], signal),
    ),
    abort: contract.abort.handler(async ({ input, signal }) => endOperation(await rootOf(input.root), "abort", signal)),
    proceed: contract.proceed.handler(async ({ input, signal }) => endOperation(await rootOf(input.root), "continue", signal)),
    stash: contract.stash.handler(async ({ input: { root, message }, signal }) =>
      change(await rootOf(root), ["stash", "push", "--quiet", "--include-untracked", ...(message ? ["--message", message] : [])], signal),
    ),
    stashes: contract.stashes.handler(async ({ input, signal }) => readStashes(await rootOf(input.root), signal)),
    popStash: contract.popStash.handler(async ({ input, signal }) =>
      change(await rootOf(input.root), ["stash", "pop", "--quiet", "--index", `stash@{${input.index}}`], signal),
    ),
    history: contract.history.handler(async ({ input: { root, path, limit }, signal }) => {
      confined([path]);
      return readHistory(await rootOf(root), path, limit, signal);
    }),
    initialise: contract.initialise.handler(async ({ input, signal }) => initialise(await rootOf(input.root), signal)),
    remotes: contract.remotes.handler(async ({ input, signal }) => readRemotes(await rootOf(input.root), signal)),
    fetch: contract.fetch.handler(async ({ input, signal }) =>
      change(await rootOf(input.root), ["fetch", "--quiet", "--prune", input.remote], signal),
    ),
    pull: contract.pull.handler(async ({ input, signal }) => change(await rootOf(input.root), ["pull", "--quiet", "--no-edit"], signal)),
    push: contract.push.handler(async ({ input: { root, remote, branch }, signal }) =>
      change(await rootOf(root), ["push", "--quiet", ...(branch === undefined ? [remote] : ["--set-upstream", remote, branch])], signal),
    ),
  });
}

function refuse(path: string): never {
  throw new UserError("OUTSIDE_WORKSPACE", `${path} is no path within the repository.`);
}
