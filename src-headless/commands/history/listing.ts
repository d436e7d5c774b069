import { hitEnd, hitStart, type Session } from "#core/contracts/sessions";
import { type Invocation, UsageError } from "../../command.ts";
import { type Terminal, table } from "../../terminal.ts";
import { noteHistory } from "../notices.ts";
import { readFilters } from "./filters.ts";
import { most, type Scope, sessionJson } from "./scope.ts";

/** Lists the latest, newest first. */
export async function list(invocation: Invocation, scope: Scope, words: readonly string[]): Promise<undefined> {
  const { terminal, client, signal } = invocation;
  if (words.length > 0) throw new UsageError(`${scope.command} list takes no arguments.`);
  const filters = await readFilters(invocation, scope);
  await noteHistory(invocation);
  const found = await (await client()).sessions.list({ ...filters, limit: most }, { signal });
  noteMost(terminal, scope, found.length);
  if (terminal.json) terminal.printJson(found.map(sessionJson));
  else if (found.length === 0)
    terminal.note(
      Object.values(filters).some((value) => value !== undefined && value !== "without") ? "There is none." : "The history is empty.",
    );
  else for (const line of table(found.map((session) => row(session, scope)))) terminal.print(line);
}

/** Finds by words, the best first, each with the place where they stand. */
export async function search(invocation: Invocation, scope: Scope, words: readonly string[]): Promise<undefined> {
  const { terminal, client, signal } = invocation;
  const query = words.join(" ");
  if (query.trim() === "") throw new UsageError(`${scope.command} search takes the words to look for.`);
  const filters = await readFilters(invocation, scope);
  await noteHistory(invocation);
  const found = await (await client()).sessions.search({ ...filters, query, limit: most }, { signal });
  noteMost(terminal, scope, found.length);
  if (terminal.json) {
    terminal.printJson(found.map(({ excerpt, ...session }) => ({ ...sessionJson(session), excerpt: plain(excerpt) })));
    return;
  }
  if (found.length === 0) terminal.note(`Nothing in the history has "${query}".`);
  const lines = table(found.map((session) => row(session, scope)));
  found.forEach(({ excerpt }, index) => {
    terminal.print(lines[index] as string);
    if (excerpt !== "") terminal.print(`  ${excerptLine(terminal, excerpt)}`);
  });
}

/** Nothing is left out without a word. */
function noteMost(terminal: Terminal, { command }: Scope, shown: number): void {
  if (shown === most) terminal.note(`These are the first ${most}; ${command} search and the options find the others.`);
}

function plain(excerpt: string): string {
  return excerpt.replaceAll(hitStart, "").replaceAll(hitEnd, "");
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

function row({ id, title, state, updated, outcome, labels = [] }: Session, { kind }: Scope): string[] {
  const how = kind === undefined && outcome !== undefined ? outcome : state;
  return [id.slice(0, 8), new Date(updated).toLocaleString(), how, [title, ...labels.map((label) => `#${label}`)].join(" ")];
}
