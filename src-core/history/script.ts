import type { Transcript } from "../contracts/sessions.ts";
import { factsOf } from "./markdown.ts";

/** A shell script that makes the changes of sessions anew, in order; what was undone stands in it as a comment. */
export function toScript(transcripts: readonly Transcript[]): string {
  const lines = [
    "#!/bin/sh",
    "# Makes the changes of these sessions again. Run it at the top of the project, in a clean working tree:",
    "# it stops at the first change that does not fit.",
    "set -eu",
  ];
  for (const { session, patches } of transcripts) {
    lines.push("", ...[session.title, ...factsOf(session)].map(comment));
    if (!patches || patches.length === 0) lines.push("# It changed no file.");
    for (const { diff } of patches ?? []) {
      if (session.outcome === "undone") lines.push(...diff.trimEnd().split("\n").map(comment));
      else lines.push(...applied(diff));
    }
  }
  return `${lines.join("\n")}\n`;
}

function applied(diff: string): string[] {
  let end = "END_OF_CHANGE";
  while (diff.split("\n").includes(end)) end = `_${end}`;
  // Quoted, so that the shell takes nothing in it for its own.
  return [`git apply <<'${end}'`, diff.replace(/\n$/, ""), end];
}

/** No character of a text may end the comment it stands in. */
function comment(text: string): string {
  return `# ${text.replace(/[\r\n\u2028\u2029\u0000-\u0008]+/g, " ")}`;
}
