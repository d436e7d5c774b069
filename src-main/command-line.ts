import { isAbsolute, resolve } from "node:path";
import { isLogLevel, logLevels } from "#core/log";

/** Options that all our processes are told, by variables of the environment. */
const variablesByOption: Readonly<Record<string, string>> = {
  "--log-level": "LOCALCODER_LOG_LEVEL",
  "--log-file": "LOCALCODER_LOG_FILE",
  "--settings-file": "LOCALCODER_SETTINGS_FILE",
  "--notifications": "LOCALCODER_NOTIFICATIONS",
};

/** What the desktop program was asked to do. */
export type CommandLine =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | {
      readonly kind: "open";
      readonly paths: readonly string[];
      readonly newWindow: boolean;
      readonly variables: Readonly<Record<string, string>>;
    }
  | { readonly kind: "wrong"; readonly message: string };

/** The text of `--help`. */
export const helpText = `Usage: localcoder-desktop [options] [folder | file[:line[:column]]]...

  -n, --new-window   open a new window even if the folder is open already
      --log-level LEVEL      what goes into the log: ${logLevels.join(", ")}
      --log-file FILE        write the log there
      --settings-file FILE   read your settings from there
      --notifications WHERE  tell when something long has ended: off, window, system
  -v, --version      print the version
  -h, --help         print this text

With nothing named, the windows of the last time come back.
`;

/** Reads the arguments after the program's own. Switches we do not know belong to Chromium and are left to it. */
export function parseCommandLine(parameters: readonly string[], directory: string): CommandLine {
  const paths: string[] = [];
  let newWindow = false;
  const variables: Record<string, string> = {};
  let optionsEnded = false;
  for (let index = 0; index < parameters.length; index++) {
    const parameter = parameters[index] ?? "";
    const [, option = "", inline] = /^(--[a-z-]+)(?:=(.*))?$/s.exec(parameter) ?? [];
    const variable = variablesByOption[option];
    if (optionsEnded || !parameter.startsWith("-")) {
      if (parameter !== "") paths.push(isAbsolute(parameter) ? parameter : resolve(directory, parameter));
    } else if (variable !== undefined) {
      const value = inline ?? parameters[++index];
      if (!value) return { kind: "wrong", message: `${option} needs a value.` };
      // Chromium has an option of the same name, which takes a number.
      if (option === "--log-level" && /^\d$/.test(value)) continue;
      if (option === "--log-level" && !isLogLevel(value))
        return { kind: "wrong", message: `There is no log level ${value}. There are ${logLevels.join(", ")}.` };
      if (option === "--notifications" && !["off", "window", "system"].includes(value))
        return { kind: "wrong", message: `--notifications takes off, window or system, not ${value}.` };
      variables[variable] = !option.endsWith("-file") || isAbsolute(value) ? value : resolve(directory, value);
    } else if (parameter === "--") optionsEnded = true;
    else if (parameter === "-h" || parameter === "--help") return { kind: "help" };
    else if (parameter === "-v" || parameter === "--version") return { kind: "version" };
    else if (parameter === "-n" || parameter === "--new-window") newWindow = true;
  }
  return { kind: "open", paths, newWindow, variables };
}

/** Splits `file:12:3` at its last colons into a path and a place that counts from 1; a drive's colon stays where it is. */
export function splitPlace(text: string): { path: string; line?: number; column?: number } {
  const match = /^(.+?):(\d{1,9})(?::(\d{1,9}))?$/.exec(text);
  if (!match?.[1] || /^[A-Za-z]$/.test(match[1])) return { path: text };
  return { path: match[1], line: Math.max(1, Number(match[2])), ...(match[3] && { column: Math.max(1, Number(match[3])) }) };
}
