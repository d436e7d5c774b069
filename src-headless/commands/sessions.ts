import { hitEnd, hitStart, type Session } from "#core/contracts/sessions";
import { type Command, type Invocation, UsageError } from "../command.ts";
import { type Terminal, table } from "../terminal.ts";
import { noteHistory } from "./notices.ts";

/** `localcoder sessions`: the history. */
export const sessions: Command = {
  name: "sessions",
  summary: "List, show and search the history",
  usage: ["sessions", "sessions show ID", "sessions search TEXT"],
  options: {},
  examples: [
    ["localcoder sessions", "lists the latest, newest first"],
    ["localcoder sessions search retry delay", "finds sessions with both words"],
    ["localcoder sessions show 3f2a", "prints a session; the beginning of its id is enough"],
  ],
  async run(invocation) {
    const [action, ...words] = invocation.positionals;
    switch (action) {
      case undefined:
      case "list":
        if (words.length > 0) throw new UsageError("sessions list takes no arguments.");
        return list(invocation);
      case "show":
        if (words[0] === undefined || words.length > 1) throw new UsageError("sessions show takes the id of one session.");
        return show(invocation, words[0]);
      case "search":
        if (words.length === 0) throw new UsageError("sessions search takes the words to look for.");
        return search(invocation, words.join(" "));
      default:
        throw new UsageError(`sessions has no part called ${action}.`);
    }
  },
};

/** What the engine gives at once. */
const most = 1000;

/** Nothing is left out without a word. */
function noteMost({ terminal }: Invocation, shown: number): void {
  if (shown === most) terminal.note(`These are the first ${most}; sessions search finds the others by their words.`);
}

async function list(invocation: Invocation): Promise<undefined> {
  const { terminal, client, signal } = invocation;
  await noteHistory(invocation);
  const found = await (await client()).sessions.list({ limit: most }, { signal });
  noteMost(invocation, found.length);
  if (terminal.json) terminal.printJson(found.map(sessionJson));
  else if (found.length === 0) terminal.note("The history is empty.");
  else for (const line of table(found.map(row))) terminal.print(line);
}

async function search(invocation: Invocation, query: string): Promise<undefined> {
  const { terminal, client, signal } = invocation;
  await noteHistory(invocation);
  const found = await (await client()).sessions.search({ query, limit: most }, { signal });
  noteMost(invocation, found.length);
  if (terminal.json) {
    terminal.printJson(found.map(sessionJson));
    return;
  }
  if (found.length === 0) terminal.note(`Nothing in the history has "${query}".`);
  const lines = table(found.map(row));
  found.forEach(({ excerpt }, index) => {
    terminal.print(lines[index] as string);
    if (excerpt !== "") terminal.print(`  ${excerptLine(terminal, excerpt)}`);
  });
}

/** An excerpt as one line, with what was found standing out where styles are shown. */
function excerptLine(terminal: Terminal, excerpt: string): string {
  const [before = "", ...hits] = excerpt.replace(/\s+/g, " ").split(hitStart);
  return hits.reduce(
    (line, part) => {
      const [hit = "", after = ""] = part.split(hitEnd);
      return line + terminal.style("bold", hit) + terminal.style("dim", after);
    },
    terminal.style("dim", before),
  );
}

async function show(invocation: Invocation, id: string): Promise<undefined> {
  const { terminal, client, signal } = invocation;
  await noteHistory(invocation);
  const engine = await client();
  const { session, messages } = await engine.sessions.show({ id: await completeId(engine, id) }, { signal });
  if (terminal.json) {
    terminal.printJson([{ ...sessionJson(session), messages: messages.map(({ role, text, created }) => ({ role, text, created })) }]);
    return;
  }
  terminal.print(terminal.style("bold", session.title));
  terminal.print(
    terminal.style("dim", [session.state, session.model, new Date(session.created).toLocaleString()].filter(Boolean).join(" · ")),
  );
  for (const { role, text } of messages) {
    if (role === "system") continue;
    terminal.print("");
    terminal.print(terminal.style("cyan", role));
    terminal.print(text);
  }
}

/** The whole id for its beginning, where only one session has it. */
async function completeId(engine: Awaited<ReturnType<Invocation["client"]>>, id: string): Promise<string> {
  if (id.length >= 36) return id;
  const matches = (await engine.sessions.list({ limit: most })).filter((session) => session.id.startsWith(id));
  return matches.length === 1 ? (matches[0] as Session).id : id;
}

/** The JSON shape of a session. */
function sessionJson({ id, title, kind, created, updated, state }: Session) {
  return { id, title, kind, created, updated, state };
}

function row({ id, title, state, updated }: Session): string[] {
  return [id.slice(0, 8), new Date(updated).toLocaleString(), state, title];
}
