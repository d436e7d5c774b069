import type { RequestRecord } from "#core/contracts/completion";
import { formatNumber, formatPercent, strings } from "../extension/strings.ts";

const words = strings.requests;

const stages = ["wait", "queue", "evaluating", "generating", "checking", "total"] as const;

/** Waiting this long for others, in milliseconds, is worth a word. */
const noticeable = 20;

/** What became of a request, in a few words. */
export function stateText(record: RequestRecord): string {
  switch (record.state) {
    case "waiting":
      return record.busyWith ? `${words.states.waiting}: ${words.busyWith[record.busyWith]}` : words.states.waiting;
    case "shown":
      return record.known
        ? words.states.known
        : words.states.shown(milliseconds(record.milliseconds.total), formatPercent(record.candidates[0]?.confidence ?? 0));
    case "hidden":
      return withoutStop(strings.silence[record.hidden ?? "empty"]);
    case "cancelled":
      return words.states.cancelled;
    case "failed":
      return withoutStop(words.states.failed(record.reason ?? ""));
  }
}

/** What the request had to wait for, if that took long enough to be felt. */
export function waitText({ busyWith, milliseconds: { queue } }: RequestRecord): string | undefined {
  if (busyWith === undefined) return undefined;
  return busyWith === "loading" || queue >= noticeable ? words.busyWith[busyWith] : undefined;
}

/** Tokens that were reused, evaluated and generated. */
export function tokenText({ tokens: { reused, evaluated, generated } }: RequestRecord): string {
  return words.tokenLine(formatNumber(reused), formatNumber(evaluated), formatNumber(generated));
}

function milliseconds(value: number): string {
  return `${formatNumber(value)} ms`;
}

/** The facts of a request, as label and text; what is not known is left out. */
export function factsOf(record: RequestRecord): readonly (readonly [string, string])[] {
  const { fields } = words;
  const facts: readonly (readonly [string, string | undefined | false])[] = [
    [fields.time, new Date(record.at).toLocaleString()],
    [fields.language, record.languageId],
    [fields.trigger, words.triggers[record.trigger]],
    [fields.model, record.model],
    [fields.waitedFor, waitText(record)],
    [fields.stop, record.stop && words.stops[record.stop]],
    [fields.check, record.state === "shown" && words.checks[record.check]],
    [fields.outcome, record.outcome && words.outcomes[record.outcome]],
  ];
  return facts.flatMap(([label, text]) => (text ? [[label, text] as const] : []));
}

/** The pieces of the prompt in order, with their tokens; neighbours that are called the same are one. */
export function piecesOf({ prompt }: RequestRecord): readonly (readonly [string, number])[] {
  const pieces: [string, number][] = [];
  for (const { name, label, tokens } of prompt) {
    const text = [words.pieces[name], label].filter(Boolean).join(": ");
    const last = pieces.at(-1);
    if (last?.[0] === text) last[1] += tokens;
    else pieces.push([text, tokens]);
  }
  return pieces;
}

/** The stages that took time, in the order in which they come, with their milliseconds. */
export function timesOf({ milliseconds }: RequestRecord): readonly (readonly [string, number])[] {
  return stages.filter((stage) => milliseconds[stage] > 0).map((stage) => [words.stages[stage], milliseconds[stage]] as const);
}

/** Requests as plain text for a report. Without code it names no file either: names can tell as much as code. */
export function reportOf(records: readonly RequestRecord[], { withCode }: { readonly withCode: boolean }): string {
  return records.map((record) => oneReport(record, withCode)).join("\n\n");
}

function oneReport(record: RequestRecord, withCode: boolean): string {
  const { prompt, candidates } = record;
  const place = withCode ? `${record.path}:${record.line}:${record.column}` : `${record.line}:${record.column}`;
  const pieces = prompt.map(({ name, label, tokens }) => `${words.pieces[name]}${withCode && label ? ` (${label})` : ""} ${tokens}`);
  const times = timesOf(record).map(([stage, value]) => `${stage} ${milliseconds(value)}`);
  return [
    `${place}: ${stateText(record)}`,
    ...factsOf(record).map(([label, text]) => `${label}: ${text}`),
    ...(pieces.length > 0 ? [`${words.prompt}: ${pieces.join(", ")}; ${tokenText(record)}`] : []),
    ...(times.length > 0 ? [`${words.times}: ${times.join(", ")}`] : []),
    ...candidates.map(({ text, confidence, shown, why }, index) =>
      [
        `${index + 1}. ${words.sure(formatPercent(confidence))}`,
        shown ? "" : withoutStop(why ? strings.silence[why] : words.notShown),
        withCode ? `\n${text}` : "",
      ]
        .filter(Boolean)
        .join(", ")
        .replace(", \n", "\n"),
    ),
  ].join("\n");
}

function withoutStop(sentence: string): string {
  return sentence.trim().replace(/\.$/, "");
}
