/** How much is logged, from the least: each level has what stands before it as well. */
export const logLevels = ["error", "warn", "info", "debug", "audit"] as const;
/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number];

/** What is logged when nobody says otherwise. */
export const usualLogLevel: LogLevel = "info";

/** True for the name of a level. */
export function isLogLevel(text: string | undefined): text is LogLevel {
  return (logLevels as readonly (string | undefined)[]).includes(text);
}

/** True when a line of this level is kept. */
export function isLogged(level: LogLevel, most: LogLevel): boolean {
  return logLevels.indexOf(level) <= logLevels.indexOf(most);
}

/** Longer lines are cut, in characters. */
const longestLine = 4000;

/** One entry as it stands in the log; further lines of it are indented. */
export function logLine(time: number, level: LogLevel, process: string, text: string): string {
  const cut = text.length > longestLine ? `${text.slice(0, longestLine)}… (${text.length - longestLine} characters more)` : text;
  return `${new Date(time).toISOString()} ${level} ${process}: ${cut.trimEnd().replace(/\r?\n/g, "\n  ")}\n`;
}

/** An error for the log: with where it happened, and without what it quotes of a text that could not be read, which may be code. */
export function errorForLog(error: unknown): string {
  if (!(error instanceof Error)) return `something that is no error (${typeof error})`;
  const places = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const message = error instanceof SyntaxError ? "a text could not be read" : error.message;
  return [`${error.name}: ${message}`, ...places.slice(0, 12)].join("\n");
}
