import { delimiter } from "node:path";

/** Variables of the process around us that mean something to it and would mislead what the user starts. */
const ours = [
  /^ELECTRON_/,
  /^LOCALCODER_/,
  /^npm_/i,
  /^(INIT_CWD|NODE_CHANNEL_FD|NODE_CHANNEL_SERIALIZATION_MODE|NODE_UNIQUE_ID|NODE_ENV|NODE_OPTIONS|CHROME_DESKTOP|GDK_BACKEND)$/,
  /^(APPDIR|APPIMAGE|ARGV0|OWD)$/,
  // Of a terminal multiplexer or terminal around us: this one is neither inside it nor of its size.
  /^(TMUX|TMUX_PANE|STY|WINDOW|WINDOWID|TERMCAP|COLUMNS|LINES|TERM_PROGRAM_VERSION|TERM_SESSION_ID|VTE_VERSION)$/,
];

/**
 * The environment of a shell: the user's own, without what LocalCoder, Electron or npm put there for themselves.
 * @param changes set last; null removes a variable.
 */
export function shellEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  changes: Readonly<Record<string, string | null>> = {},
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined && !ours.some((pattern) => pattern.test(name))) environment[name] = value;
  }
  if ("npm_lifecycle_event" in base) {
    // npm puts its own folders first, so that the user would find our Node there instead of theirs.
    const name = Object.keys(environment).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
    const folders = (environment[name] ?? "").split(delimiter);
    environment[name] = folders.filter((folder) => !/[\\/]node_modules[\\/](\.bin|.*node-gyp-bin)[\\/]?$/.test(folder)).join(delimiter);
  }
  // An application started from the Finder has no locale, and programs would then print question marks.
  if (process.platform !== "win32" && !environment.LC_ALL && !environment.LC_CTYPE && !environment.LANG) {
    environment.LANG = process.platform === "darwin" ? `${locale()}.UTF-8` : "C.UTF-8";
  }
  Object.assign(environment, { TERM: "xterm-256color", COLORTERM: "truecolor", TERM_PROGRAM: "localcoder" });
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete environment[name];
    else environment[name] = value;
  }
  return environment;
}

function locale(): string {
  const { language, region } = new Intl.Locale(Intl.DateTimeFormat().resolvedOptions().locale).maximize();
  return `${language}_${region}`;
}
