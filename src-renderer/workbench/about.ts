import type { WindowStart } from "#core/contracts/desktop";

const systems = { linux: "Linux", darwin: "macOS", win32: "Windows" } as const;

/** What the dialog about the program says, one fact in a line: what one needs to tell somebody which program it is. */
export function aboutText({ version, platform }: Pick<WindowStart, "version" | "platform">, userAgent: string): string {
  const versionOf = (name: string) => new RegExp(`${name}/([\\d.]+)`).exec(userAgent)?.[1];
  const facts = [
    ["Version", version],
    ["Electron", versionOf("Electron")],
    ["Chromium", versionOf("Chrome")],
    ["Firefox", versionOf("Firefox")],
    ["System", systems[platform]],
    ["Licence", "Apache-2.0"],
  ];
  return facts.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])).join("\n");
}
