import { startDisplay } from "../tools/display.mjs";

/** Runs once before all specs: windows open on a display in memory, never on somebody's screen. */
// biome-ignore lint/style/noDefaultExport: Playwright takes the default export of a setup file.
export default async function start(): Promise<() => void> {
  if (process.env.LOCALCODER_SHOW === "1") return () => {};
  const { environment, stop } = await startDisplay();
  Object.assign(process.env, environment);
  return stop;
}
