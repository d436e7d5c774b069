import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { AnyRouter } from "@orpc/server";
import { UserError } from "#core/base/errors";
import type { Observation } from "#core/contracts/completion";
import type { NetworkAttempt } from "#core/contracts/network";
import type { OpenProcess } from "#core/processes";
import type { DataFolders } from "#core/settings/folders";
import { createAssist } from "./assist/assist.ts";
import { createOwnActions } from "./assist/own-actions.ts";
import { assistRouter } from "./assist/router.ts";
import { withTrust } from "./assist/trusted-runs.ts";
import { createWaiting } from "./assist/waiting.ts";
import { auditRouter } from "./audit/router.ts";
import type { OwnCommandLine } from "./audit.ts";
import { createChat } from "./chat/chat.ts";
import { chatRouter } from "./chat/router.ts";
import { createCalibrator } from "./completion/calibrator.ts";
import { createSuggestionCheck } from "./completion/check/check.ts";
import { createCompletion } from "./completion/completion.ts";
import { createProjectContext } from "./completion/context/project-context.ts";
import { createRequestJournal } from "./completion/journal.ts";
import { createLayouts } from "./completion/layouts.ts";
import { createPause } from "./completion/pause.ts";
import { completionRouter } from "./completion/router.ts";
import { createStatistics } from "./completion/statistics.ts";
import { createCompletionSyntax } from "./completion/syntax/syntax.ts";
import { gitRouter } from "./git/git.ts";
import type { OpenInference } from "./inference/connection.ts";
import { withEcho } from "./inference/echo.ts";
import { createInference } from "./inference/host.ts";
import { licencesRouter } from "./licences.ts";
import { createLogs } from "./logs/logs.ts";
import { logsRouter } from "./logs/router.ts";
import { createMemory } from "./memory/memory.ts";
import { memoryRouter } from "./memory/router.ts";
import { catalogue } from "./models/catalogue.ts";
import { withGuesses } from "./models/guesses.ts";
import { createModels } from "./models/models.ts";
import { modelsRouter } from "./models/router.ts";
import { openSpeedFile } from "./models/speed-file.ts";
import { withVerification } from "./models/verified-load.ts";
import { createNetwork } from "./network/network.ts";
import { networkRouter } from "./network/router.ts";
import type { SharedServices } from "./ownership/ownership.ts";
import { createTerminals, terminalRouter } from "./process/terminals.ts";
import { earlierFiles } from "./project/earlier.ts";
import { projectForChat } from "./project/for-chat.ts";
import { createProject } from "./project/project.ts";
import { projectRouter } from "./project/router.ts";
import { type RunOptions, runOptions } from "./run-options.ts";
import { createSearch, searchRouter } from "./search/search.ts";
import type { Keyring } from "./secrets/secret.ts";
import { serversRouter } from "./servers/router.ts";
import { withServers } from "./servers/served-inference.ts";
import { createServerKeys } from "./servers/server-keys.ts";
import { createServers } from "./servers/servers.ts";
import { openDatabase } from "./sessions/database.ts";
import { createReplay } from "./sessions/replay.ts";
import { sessionsRouter } from "./sessions/router.ts";
import { createSessions } from "./sessions/sessions.ts";
import { createTitles } from "./sessions/titles.ts";
import { createSettings, settingsRouter } from "./settings/settings.ts";
import { createParsers } from "./syntax/parser.ts";
import { createLanguageServers, typescriptRouter } from "./typescript/language-servers.ts";
import { findLibrary } from "./typescript/library.ts";
import { withLibrary } from "./typescript/library-files.ts";
import { createUpdates, updatesRouter } from "./updates/updates.ts";
import { version } from "./version.ts";
import { createWorkspace, workspaceRouter } from "./workspace/workspace.ts";

/** What differs between the engines of the desktop and of a terminal. */
export interface EngineOptions {
  readonly folders: DataFolders;
  readonly openInference: OpenInference;
  /** The name of this process in the network ledger. */
  readonly processName: string;
  /** What this run was told; by default what its environment says. */
  readonly run?: RunOptions;
  /** Missing in a terminal. */
  readonly keyring?: Keyring;
  /** Told what went wrong while nobody waited for it. */
  readonly onUnexpected?: (error: unknown) => void;
}

/** Milliseconds that another program has to let go of the history, before the last answers are given up with their process. */
const mostSettling = 10_000;

const unsettled = new UserError(
  "ENGINE_BUSY",
  "Another program still holds the history, so the last answer is not kept.",
  "Close what has opened localcoder.db, and ask again to have it in the history.",
);

/**
 * Makes the services of a data folder, each once: read from top to bottom, this is what depends on what.
 * Inference starts with the first request that needs a model.
 */
export async function createEngine({
  folders,
  openInference,
  processName,
  run = runOptions(process.env),
  keyring,
  onUnexpected = () => {},
}: EngineOptions): Promise<SharedServices> {
  const database = openDatabase({ folder: folders.data });
  const logs = createLogs({ folder: folders.logs, file: run.logFile, level: run.logLevel });
  logs.note("info", processName, `LocalCoder ${version} for ${process.platform} ${process.arch} has opened ${folders.data}.`);
  for (const { message } of database.notices) logs.note("warn", processName, message);
  const settings = createSettings({ folders, file: run.settingsFile, env: process.env });
  const onAttempt = ({ process: from, host, port, purpose, allowed, reason }: NetworkAttempt) =>
    logs.note("audit", from, `${allowed ? "allowed" : "refused"} ${host}:${port ?? ""} for ${purpose}. ${reason}`);
  const network = createNetwork({ database, processName, settings, onAttempt });
  const keys = createServerKeys({ file: join(folders.data, "server-keys.json"), env: process.env, keyring });
  const servers = createServers({ network, settings, env: process.env, keys });
  const contextsFolder = join(folders.data, "contexts");
  const files = createInference({
    open: openInference,
    settings,
    onAttempt: network.report,
    attemptsFile: join(folders.data, "load-attempts.json"),
    contextsFolder,
  });
  const speeds = openSpeedFile(join(folders.cache, "model-speeds.json"), settings);
  const guessing = withGuesses(withVerification(files, { settings, catalogue }), { settings, speeds });
  const inference = withEcho(withServers(guessing, settings), settings);
  const models = createModels({ folders, settings, network, inference, servers, speeds, keyring });
  const updates = createUpdates({ version, settings, network, env: process.env });
  const sessions = createSessions({ database, settings });
  // What is deleted stands in no context either.
  sessions.changes.listen(({ change }) => {
    if (change === "removed") void rm(contextsFolder, { recursive: true, force: true }).catch(() => {});
  });
  const journal = createRequestJournal();
  const pause = createPause();
  const statistics = createStatistics(database);
  const layouts = createLayouts(database);
  const calibrator = createCalibrator({ inference, layouts });
  const parsers = createParsers();
  const context = createProjectContext({ parsers, settings });
  const project = createProject({
    ...{ folder: folders.data, settings },
    earlier: (workspace, question) => earlierFiles(sessions, workspace, question),
    embedding: { inference, model: () => models.forRole("embedding") },
  });
  const syntax = createCompletionSyntax(parsers);
  const check = createSuggestionCheck({ syntax });
  const completion = createCompletion({ inference, models, settings, layouts, context, journal, pause, statistics, check, syntax });
  const titles = createTitles({ sessions, inference, models, settings });
  const ownActions = createOwnActions({ folders, settings });
  const waiting = createWaiting({ sqlite: database.sqlite, settings });
  const assist = createAssist({ inference, models, sessions, settings, parsers, ownActions, compiler: check, waiting });
  const memory = createMemory({ userFolder: folders.user, sqlite: database.sqlite, sessions, settings });
  const chat = createChat({ inference, models, sessions, settings, remembered: memory.attachments, ...projectForChat(project, settings) });

  function observe(observation: Observation) {
    context.observe(observation);
    project.observe(observation);
  }

  /** What the database had to tell when it was opened stands with the other problems of the machine. */
  async function machine() {
    const found = await models.machine();
    const notices = database.notices.map(({ message, hint }) => ({ message, hint }));
    return { ...found, problems: [...notices, ...found.problems] };
  }

  return {
    router: {
      completion: completionRouter({ completion, context: { observe }, journal, pause, statistics }),
      assist: assistRouter({ assist: withTrust(assist, settings), waiting, parsers, ownActions, settings, project }),
      chat: chatRouter(chat),
      memory: memoryRouter(memory),
      project: projectRouter(project),
      servers: serversRouter(servers),
      models: modelsRouter({ ...models, machine }, calibrator, layouts, inference),
      sessions: sessionsRouter(sessions, createReplay({ sessions, inference, models, settings })),
      settings: settingsRouter(settings),
      network: networkRouter(network),
      logs: logsRouter(logs),
      updates: updatesRouter(updates),
    },
    async dispose() {
      pause.dispose();
      titles.dispose();
      chat.dispose();
      await check.dispose();
      syntax.dispose();
      context.dispose();
      await project.dispose();
      await models.dispose();
      await inference.dispose();
      servers.dispose();
      updates.dispose();
      if (!(await sessions.settle(mostSettling))) onUnexpected(unsettled);
      sessions.dispose();
      network.dispose();
      settings.dispose();
      database.dispose();
      logs.note("info", processName, "The data folder is closed.");
    },
  };
}

/** Services of one client. */
export interface LocalServices {
  readonly router: Readonly<Record<string, AnyRouter>>;
  dispose(): Promise<void>;
}

/** What the services of one client need to know of their process. */
export interface LocalOptions {
  readonly folders: Pick<DataFolders, "user" | "models">;
  /** Missing where none was built. */
  readonly commandLine?: OwnCommandLine;
  /** In the place of the user's settings.json. */
  readonly settingsFile?: string | undefined;
  /** Told what a language server tried to reach. */
  readonly report: (attempt: NetworkAttempt) => void;
  /** Starts the language servers. */
  readonly openProcess: OpenProcess;
}

/** Makes the services that each client has for itself: the folders it opened, and what runs in them. */
export function createLocalServices({ folders, commandLine, settingsFile, report, openProcess }: LocalOptions): LocalServices {
  const roots = [folders.user, ...(settingsFile === undefined ? [] : [settingsFile])];
  const workspace = withLibrary(createWorkspace({ roots, privateFolder: folders.user }), findLibrary());
  const search = createSearch({ workspace });
  const terminals = createTerminals();
  const languageServers = createLanguageServers(openProcess, report);
  return {
    router: {
      workspace: workspaceRouter(workspace),
      git: gitRouter(workspace),
      search: searchRouter(search),
      terminal: terminalRouter(terminals),
      audit: auditRouter(commandLine, folders),
      typescript: typescriptRouter(languageServers),
      licences: licencesRouter(),
    },
    async dispose() {
      terminals.dispose();
      languageServers.dispose();
    },
  };
}
