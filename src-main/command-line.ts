import { isAbsolute, resolve } from "node:path";

/** What the desktop program was asked to do. */
export type CommandLine =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "open"; readonly paths: readonly string[]; readonly newWindow: boolean };

/** The text of `--help`. */
export const helpText = `Usage: localcoder-desktop [options] [folder | file[:line[:column]]]...

  -n, --new-window   open a new window even if the folder is open already
  -v, --version      print the version
  -h, --help         print this text

With nothing named, the windows of the last time come back.
`;

/** Reads the arguments after the program's own. Switches we do not know belong to Chromium and are left to it. */
export function parseCommandLine(parameters: readonly string[], directory: string): CommandLine {
  const paths: string[] = [];
  let newWindow = false;
  let optionsEnded = false;
  for (const parameter of parameters) {
    if (optionsEnded || !parameter.startsWith("-")) {
      if (parameter !== "") paths.push(isAbsolute(parameter) ? parameter : resolve(directory, parameter));
    } else if (parameter === "--") optionsEnded = true;
    else if (parameter === "-h" || parameter === "--help") return { kind: "help" };
    else if (parameter === "-v" || parameter === "--version") return { kind: "version" };
    else if (parameter === "-n" || parameter === "--new-window") newWindow = true;
  }
  return { kind: "open", paths, newWindow };
}

/** Splits `file:12:3` at its last colons into a path and a place that counts from 1; a drive's colon stays where it is. */
export function splitPlace(text: string): { path: string; line?: number; column?: number } {
  const match = /^(.+?):(\d{1,9})(?::(\d{1,9}))?$/.exec(text);
  if (!match?.[1] || /^[A-Za-z]$/.test(match[1])) return { path: text };
  return { path: match[1], line: Math.max(1, Number(match[2])), ...(match[3] && { column: Math.max(1, Number(match[3])) }) };
}
