import { assistContract } from "./assist.ts";
import { auditContract } from "./audit.ts";
import { chatContract } from "./chat.ts";
import { completionContract } from "./completion.ts";
import { gitContract } from "./git.ts";
import { licencesContract } from "./licences.ts";
import { logsContract } from "./logs.ts";
import { memoryContract } from "./memory.ts";
import { modelsContract } from "./models.ts";
import { networkContract } from "./network.ts";
import { projectContract } from "./project.ts";
import { searchContract } from "./search.ts";
import { serversContract } from "./servers.ts";
import { sessionsContract } from "./sessions.ts";
import { settingsContract } from "./settings.ts";
import { terminalContract } from "./terminal.ts";
import { typescriptContract } from "./typescript.ts";
import { updatesContract } from "./updates.ts";
import { workspaceContract } from "./workspace.ts";

/** Services that exist once per data folder: whoever owns the folder runs them, everybody else reaches them there. */
export const sharedContract = {
  completion: completionContract,
  assist: assistContract,
  chat: chatContract,
  sessions: sessionsContract,
  memory: memoryContract,
  models: modelsContract,
  project: projectContract,
  servers: serversContract,
  settings: settingsContract,
  network: networkContract,
  logs: logsContract,
  updates: updatesContract,
};

/** Streams of news of the shared services: they go on when another process takes the services over. */
export const sharedNews = [
  "sessions.changes",
  "sessions.notices",
  "models.downloads",
  "models.states",
  "settings.changes",
  "network.watch",
  "network.questions",
] as const;

/** Services that each process runs for its own windows, so that a terminal never dies with somebody else's process. */
export const localContract = {
  workspace: workspaceContract,
  git: gitContract,
  search: searchContract,
  terminal: terminalContract,
  audit: auditContract,
  typescript: typescriptContract,
  licences: licencesContract,
};

/** Everything an engine offers to its faces. */
export const engineContract = { ...sharedContract, ...localContract };
