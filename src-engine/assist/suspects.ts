import { readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { type Frame, parseStackTrace } from "#core/assist/stack-trace";
import type { Suspect } from "#core/contracts/assist";
import type { Project } from "../project/project.ts";
import { calledByTest } from "./called-by-test.ts";
import { readTestedProject } from "./tests/project.ts";

const mostSuspects = 10;
const mostBytes = 5_000_000;

/** Files that others wrote: where the error was raised is seldom where it was made. */
const foreign = /(?:^|\/)(?:node_modules|site-packages|dist-packages|vendor|\.venv|venv)\//;

/** The lines of a workspace that a stack trace names, the likeliest cause first: the innermost frame in the user's own code. */
export async function suspectsOf(
  trace: string,
  workspace: string,
  project: Pick<Project, "symbols">,
  signal?: AbortSignal,
): Promise<Suspect[]> {
  const parsed = parseStackTrace(trace);
  if (parsed === undefined) return [];
  const root = await realpath(workspace).catch(() => workspace);
  const { files } = await readTestedProject(root, signal);
  const found: Suspect[] = [];
  for (const [index, frame] of parsed.frames.entries()) {
    signal?.throwIfAborted();
    const path = await locate(frame, root, files);
    const text = path === undefined ? undefined : await lineAt(path, frame.line);
    if (path === undefined || text === undefined || found.some((one) => one.path === path && one.line === frame.line)) continue;
    found.push({
      path,
      line: frame.line,
      ...(frame.symbol && { symbol: frame.symbol }),
      why: whyOf(parsed.message, index, found.length),
      text: text.trim().slice(0, 300),
    });
  }
  // A test that fails says what is wrong, not where: it comes after the code that it calls.
  const isTest = (path: string) =>
    /(?:^|\/)(?:tests?|__tests__|spec)\/|(?:^|\/)test_[^/]*$|[._](?:test|spec)\.\w+$/.test(path.slice(root.length));
  const own = found.filter(({ path }) => !isTest(path));
  const tests = found.filter(({ path }) => isTest(path));
  const [test] = tests;
  const called = own.length === 0 && test ? await calledByTest(test, root, project, isTest) : undefined;
  const text = called && (await lineAt(called.path, called.line));
  if (called && text !== undefined)
    own.push({
      ...called,
      why: `The test that failed calls it${parsed.message === "" ? "." : `: ${parsed.message}`}`,
      text: text.trim().slice(0, 300),
    });
  return [...own, ...tests].slice(0, mostSuspects);
}

function whyOf(message: string, index: number, before: number): string {
  if (index === 0) return message === "" ? "The program stopped here." : `It was raised here: ${message}`;
  if (before === 0) return `The last line of this project before the error${message === "" ? "" : `: ${message}`}`;
  return "It called what failed.";
}

/** The file of a frame, where it is one of the workspace: by its path, else by the end of its path, if that is no other's. */
async function locate({ path }: Frame, root: string, files: readonly string[]): Promise<string | undefined> {
  const slashes = path.replaceAll("\\", "/");
  if (foreign.test(slashes)) return undefined;
  const absolute = isAbsolute(path) ? path : join(root, path);
  const real = await realpath(absolute).catch(() => undefined);
  if (real !== undefined) return isBelow(real, root) ? real : undefined;
  const parts = slashes.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
  for (let from = 0; from < parts.length; from += 1) {
    const end = parts.slice(from).join("/");
    const matching = files.filter((file) => file === end || file.endsWith(`/${end}`));
    if (matching.length === 1) return join(root, matching[0] as string);
    if (matching.length > 1) return undefined;
  }
  return undefined;
}

function isBelow(path: string, root: string): boolean {
  const inside = relative(root, path);
  return inside !== "" && inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}

async function lineAt(path: string, line: number): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() || found.size > mostBytes) return undefined;
  return (await readFile(path, "utf8").catch(() => "")).split(/\r\n|\r|\n/)[line - 1];
}
