/** The requests that run now, and what happens when there are none for a time. */
export interface Activity {
  /** How many run. */
  readonly requests: number;
  /** Counts a request from now until the function it answers is called. */
  begin(): () => void;
  dispose(): void;
}

/** Creates an {@link Activity}; `idleMinutes` after the last request `onIdle` is called, never where they are 0. */
export function createActivity({ idleMinutes, onIdle }: { readonly idleMinutes: () => number; readonly onIdle: () => void }): Activity {
  let requests = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let disposed = false;

  function wait(): void {
    const minutes = idleMinutes();
    if (minutes === 0 || disposed) return;
    timer = setTimeout(onIdle, minutes * 60_000);
    timer.unref();
  }

  return {
    get requests() {
      return requests;
    },
    begin() {
      clearTimeout(timer);
      requests += 1;
      return () => {
        requests -= 1;
        if (requests === 0) wait();
      };
    },
    dispose() {
      disposed = true;
      clearTimeout(timer);
    },
  };
}
