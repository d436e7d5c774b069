/** Why no window can be shown, in a sentence with a way out; nothing where one can. Chromium itself would end by a fault of memory. */
export function missingDisplay(platform: string, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  if (platform !== "linux" || environment.DISPLAY || environment.WAYLAND_DISPLAY) return undefined;
  return "There is no display for the window. Start it from a desktop, set DISPLAY, or run `localcoder serve` and open it in a browser.";
}
