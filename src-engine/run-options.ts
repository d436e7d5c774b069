import { isLogLevel, type LogLevel, usualLogLevel } from "#core/log";

/** What one run was told beside its folders: by options of the command line, or by variables that it hands to its processes. */
export interface RunOptions {
  readonly logLevel: LogLevel;
  /** In the place of the one in the folder for logs. */
  readonly logFile: string | undefined;
  /** In the place of the user's settings.json. */
  readonly settingsFile: string | undefined;
}

/** Reads {@link RunOptions} from the environment; a level that is none counts as not given. */
export function runOptions(env: Readonly<Record<string, string | undefined>>): RunOptions {
  const level = env.LOCALCODER_LOG_LEVEL;
  return {
    logLevel: isLogLevel(level) ? level : usualLogLevel,
    logFile: env.LOCALCODER_LOG_FILE || undefined,
    settingsFile: env.LOCALCODER_SETTINGS_FILE || undefined,
  };
}
