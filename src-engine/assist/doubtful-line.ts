import { lexiconOf } from "#core/assist/checks/languages";
import { suspicionOf } from "#core/assist/checks/line-guess";
import { scan } from "#core/assist/checks/scan";
import type { AssistEvent } from "#core/contracts/assist";
import type { Frame } from "#core/edits/frame";
import { restoreFrame } from "#core/edits/frame";
import { leadingBlanks } from "#core/edits/indent";
import type { Run } from "./attempt.ts";
import { newFaults } from "./new-faults.ts";

/** The line of a selection that the model would most surely have written otherwise. */
export interface DoubtfulLine {
  /** The selection with the other line. */
  readonly body: string;
  readonly line: string;
  readonly guess: string;
  /** How strongly it speaks for a mistake, 0 to 1. */
  readonly suspicion: number;
}

/** With more lines it takes longer than anybody waits for one key. */
const mostLines = 40;
const mostTokens = 60;
/** Guesses that are parsed, the most suspicious first. */
const mostParsed = 4;

/**
 * Lets the model fill in each line of the selection as if it were not there, and finds the one it would most surely write otherwise: a
 * small model that sees no mistake in a text still knows how the text goes on. Undefined where nothing stands out.
 */
export async function* findDoubtfulLine(
  run: Run,
  frame: Frame,
  purpose: string,
): AsyncGenerator<AssistEvent, DoubtfulLine | undefined, void> {
  const { request, inference, model, loaded, signal } = run;
  const lexicon = lexiconOf(request.languageId);
  if (lexicon === undefined || !loaded.fillInTheMiddle) return undefined;
  const lines = frame.body.split("\n");
  const code = scan(frame.body, lexicon).code.split("\n");
  const meant = lines.flatMap((line, index) => (isStatement(code[index] ?? "") ? [{ line, index }] : []));
  if (meant.length > mostLines) return undefined;
  const head = purpose === "" ? "" : documentation(purpose, lexicon.lineComments[0] ?? "#");
  const found: DoubtfulLine[] = [];
  for (const [number, { line, index }] of meant.entries()) {
    if (number % 4 === 0) yield { type: "waiting", reason: `Looking at line ${number + 1} of ${meant.length}.` };
    const indent = leadingBlanks(line);
    const { written } = await inference.infill(
      model,
      {
        document: `${request.path}#${index}`,
        path: request.path,
        prefix: `${head}${lines.slice(0, index).join("\n")}\n${indent}`,
        suffix: `\n${lines.slice(index + 1).join("\n")}\n`,
        shape: "line",
        maxTokens: mostTokens,
        blockMilliseconds: 1000,
        layout: { anchor: "cursor", healing: false, names: false },
        priority: "inline-action",
      },
      signal,
    );
    const [guess = ""] = written
      .map(({ text }) => text)
      .join("")
      .split("\n", 1);
    const probability = written.reduce((product, piece) => product * piece.probability, 1);
    const suspicion = suspicionOf({ line, guess, probability });
    if (suspicion > 0)
      found.push({ body: lines.with(index, indent + guess.trim()).join("\n"), line: line.trim(), guess: guess.trim(), suspicion });
  }
  for (const one of found.sort((a, b) => b.suspicion - a.suspicion).slice(0, mostParsed))
    if (await isSound(run, frame, one.body)) return one;
  return undefined;
}

/** What declares, imports or only closes is not what a mistake of thought stands in. */
function isStatement(code: string): boolean {
  return (
    /[\p{L}\p{N}]/u.test(code) &&
    !/^\s*(?:@|(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:def|class|function|import|from|use|using|package|#include|func|fn|pub)\b)/.test(
      code,
    )
  );
}

function documentation(purpose: string, mark: string): string {
  return `${
    mark === "#"
      ? `"""\n${purpose}\n"""\n`
      : purpose
          .split("\n")
          .map((line) => `${mark} ${line}\n`)
          .join("")
  }\n`;
}

async function isSound({ parsers, request, signal }: Run, frame: Frame, body: string): Promise<boolean> {
  const { text, selection, languageId } = request;
  const after = text.slice(0, selection.start) + restoreFrame(frame, body) + text.slice(selection.end);
  return (await newFaults(parsers, { languageId, before: text, after, start: selection.start }, signal)) === undefined;
}
