import { UserError } from "#core/base/errors";
import type { GitRemote } from "#core/contracts/git";
import { strings } from "../strings.ts";
import type { GitFeatures } from "./git.ts";
import type { Repository } from "./repository.ts";

const words = strings.git.remotes;

/** Registers what reaches other machines. Each of these asks for the host first, and stands in the network ledger. */
export function registerRemotes({ vscode, engine, repositories, command }: GitFeatures): void {
  /** The remote a command is about: that of the upstream, the only one, or the one the user picks. */
  async function remoteOf({ root, status }: Repository): Promise<GitRemote | undefined> {
    const remotes = await engine.git.remotes({ root });
    const followed = remotes.find(({ name }) => status()?.upstream?.startsWith(`${name}/`));
    if (followed !== undefined || remotes.length < 2) return followed ?? remotes[0];
    const items = remotes.map((remote) => ({ label: remote.name, description: remote.address, remote }));
    return (await vscode.window.showQuickPick(items, { placeHolder: words.choose }))?.remote;
  }

  async function reach(argument: unknown, work: (repository: Repository, remote: GitRemote, signal: AbortSignal) => Promise<void>) {
    const repository = await repositories.choose(argument);
    if (repository === undefined) return;
    const remote = await remoteOf(repository);
    if (remote === undefined) throw new UserError("NOT_FOUND", words.none, words.add);
    if (remote.host !== undefined) {
      const { allowed, reason } = await engine.network.ask({ host: remote.host, purpose: "git" });
      if (!allowed) throw new UserError("NETWORK_REFUSED", reason, words.permit);
    }
    await repository.run((signal) => work(repository, remote, signal));
  }

  const branchOf = (repository: Repository) => {
    const branch = repository.status()?.branch;
    if (branch === undefined) throw new UserError("NOT_FOUND", words.noBranch, words.makeBranch);
    return branch;
  };
  const push = ({ root, status }: Repository, remote: string, branch: string, signal: AbortSignal) =>
    engine.git.push({ root, remote, ...(status()?.upstream === undefined && { branch }) }, { signal });

  command("git.fetch", (argument) =>
    reach(argument, ({ root }, remote, signal) => engine.git.fetch({ root, remote: remote.name }, { signal })),
  );
  command("git.pull", (argument) => reach(argument, ({ root }, _, signal) => engine.git.pull({ root }, { signal })));
  for (const id of ["git.push", "git.publish"])
    command(id, (argument) => reach(argument, (repository, remote, signal) => push(repository, remote.name, branchOf(repository), signal)));
  command("git.sync", (argument) =>
    reach(argument, async (repository, remote, signal) => {
      if (repository.status()?.upstream !== undefined) await engine.git.pull({ root: repository.root }, { signal });
      await push(repository, remote.name, branchOf(repository), signal);
    }),
  );
}
