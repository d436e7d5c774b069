import type { Connection } from "../connection.ts";

/** The folders and files this window has opened. The engine lets it reach nothing else. */
export interface Roots {
  /** Kept when the engine knows all roots; after a restart of the engine it is told again. */
  ready(): Promise<unknown>;
  /** Counts the engines that this window has seen. */
  engines(): number;
  /** True below a root. What the engine refuses there is a link that leads out, and stays refused. */
  covers(path: string): boolean;
  /** Makes a path reachable that the user goes to in the window. */
  open(path: string): Promise<void>;
}

/** Creates the {@link Roots} of a window, beginning with its folder. */
export function createRoots({ engine, onReconnected }: Pick<Connection, "engine" | "onReconnected">, folder: string | undefined): Roots {
  const opened = new Set<string>(folder ? [folder] : []);
  let engines = 1;
  // A folder that is gone is shown as such by the explorer; the window still opens.
  const openAll = () => Promise.allSettled([...opened].map((path) => engine.workspace.open({ path })));
  let ready = openAll();
  onReconnected(() => {
    engines++;
    ready = openAll();
  });
  return {
    ready: () => ready,
    engines: () => engines,
    covers: (path) => [...opened].some((root) => isBelow(path, root)),
    async open(path) {
      await engine.workspace.open({ path });
      opened.add(path);
    },
  };
}

function isBelow(path: string, root: string): boolean {
  if (!path.startsWith(root)) return false;
  return path.length === root.length || /[\\/]$/.test(root) || /^[\\/]/.test(path.slice(root.length));
}
