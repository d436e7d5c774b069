import { join, relative } from "node:path";
import { fileSpokenOf } from "#core/chat/spoken-of";
import type { ChatAnswer } from "#core/contracts/chat";
import type { Invocation } from "../../command.ts";

/**
 * Tells where in the project an answer comes from, as path:line from the current folder, so that a terminal can open it: what it names,
 * and where it names nothing that is there, what the model was shown.
 */
export async function noteSources(
  { client, terminal, signal }: Pick<Invocation, "client" | "terminal" | "signal">,
  { text, sources = [] }: ChatAnswer,
  workspace: string,
): Promise<void> {
  if (sources.length === 0) return;
  const about = fileSpokenOf(sources.map((source) => ({ ...source, kind: "found", text: "" })));
  const { project } = await client();
  // That an index cannot be asked says nothing about the answer.
  const named = await project.checkCitations({ workspace, text, about }, { signal }).catch(() => []);
  const places = named.flatMap(({ valid, file, from, to }) => (valid && file !== undefined ? [placeOf(file, from, to)] : []));
  const shown = sources.map(({ path, from, to }) => placeOf(join(workspace, path), from, to));
  terminal.note(terminal.style("dim", places.length > 0 ? "Named in the answer:" : "Shown to the model:"));
  for (const place of new Set(places.length > 0 ? places : shown)) terminal.note(`  ${place}`);
}

function placeOf(file: string, from: number | undefined, to: number | undefined): string {
  const lines = from === undefined ? "" : to === undefined || to === from ? `:${from}` : `:${from}-${to}`;
  return `${relative(process.cwd(), file)}${lines}`;
}
