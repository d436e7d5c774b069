/** The folders LocalCoder uses, each an absolute path in the system's own notation. */
export interface DataFolders {
  /** Database, permissions, the socket of the engine: belongs to one engine at a time. */
  readonly data: string;
  /** Downloaded models. */
  readonly models: string;
  /** settings.json, keybindings.json, snippets, backups, local history. */
  readonly user: string;
  /** What may be deleted at any time. */
  readonly cache: string;
  readonly logs: string;
}

/** What the names of the folders depend on. */
export interface FolderSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A value of Node's `process.platform`. */
  readonly platform: string;
  /** The user's home folder. */
  readonly home: string;
}

/** Names the folders by the conventions of the system; `LOCALCODER_HOME` moves all of them below one folder. Creates nothing. */
export function dataFolders({ env, platform, home }: FolderSource): DataFolders {
  const separator = platform === "win32" ? "\\" : "/";
  const join = (...parts: string[]) => parts.map((part, index) => (index === 0 ? part.replace(/[\\/]+$/, "") : part)).join(separator);
  const isAbsolute = (path: string) => (platform === "win32" ? /^([A-Za-z]:[\\/]|[\\/]{2})/.test(path) : path.startsWith("/"));
  // A relative path in one of these variables is invalid by the XDG specification and ignored, as is an empty one.
  const from = (name: string, fallback: string) => {
    const value = env[name];
    return value !== undefined && isAbsolute(value) ? value : fallback;
  };

  const moved = from("LOCALCODER_HOME", "");
  if (moved !== "") {
    return {
      data: join(moved, "data"),
      models: join(moved, "models"),
      user: join(moved, "user"),
      cache: join(moved, "cache"),
      logs: join(moved, "logs"),
    };
  }
  if (platform === "darwin") {
    const support = join(home, "Library", "Application Support", "LocalCoder");
    return {
      data: join(support, "data"),
      models: join(support, "models"),
      user: join(support, "User"),
      cache: join(home, "Library", "Caches", "LocalCoder"),
      logs: join(home, "Library", "Logs", "LocalCoder"),
    };
  }
  if (platform === "win32") {
    const local = join(from("LOCALAPPDATA", join(home, "AppData", "Local")), "LocalCoder");
    const roaming = join(from("APPDATA", join(home, "AppData", "Roaming")), "LocalCoder");
    return {
      data: join(local, "data"),
      models: join(local, "models"),
      user: join(roaming, "User"),
      cache: join(local, "cache"),
      logs: join(local, "logs"),
    };
  }
  const data = join(from("XDG_DATA_HOME", join(home, ".local", "share")), "localcoder");
  return {
    data,
    models: join(data, "models"),
    user: join(from("XDG_CONFIG_HOME", join(home, ".config")), "localcoder"),
    cache: join(from("XDG_CACHE_HOME", join(home, ".cache")), "localcoder"),
    logs: join(from("XDG_STATE_HOME", join(home, ".local", "state")), "localcoder", "logs"),
  };
}
