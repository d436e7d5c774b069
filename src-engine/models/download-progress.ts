import type { Download } from "#core/contracts/models";

/** How one download stands: its state, its speed and the time that is left. */
export interface DownloadProgress {
  current(): Download;
  /** Takes over a change and tells it at once. */
  update(change: Partial<Download>): void;
  /** Begins to measure the speed, with so many bytes here already. */
  measure(bytes: number): void;
  /** So many bytes are here; told some times a second however fast they come. */
  received(bytes: number): void;
}

const tellEveryMilliseconds = 200;

/** Creates the {@link DownloadProgress} of a download as it stands at first, which is not told. */
export function createDownloadProgress(first: Download, changed: (download: Download) => void): DownloadProgress {
  let download = first;
  let speedFrom = { time: Date.now(), bytes: first.received };
  let told = 0;
  let later: ReturnType<typeof setTimeout> | undefined;

  function update(change: Partial<Download>): void {
    download = { ...download, ...change };
    clearTimeout(later);
    later = undefined;
    told = Date.now();
    changed(download);
  }

  return {
    current: () => download,
    update,
    measure(bytes) {
      speedFrom = { time: Date.now(), bytes };
    },
    received(bytes) {
      const now = Date.now();
      const seconds = (now - speedFrom.time) / 1000;
      const speed = seconds > 0 ? Math.max(0, (bytes - speedFrom.bytes) / seconds) : 0;
      const left = speed > 0 ? (download.bytes - bytes) / speed : null;
      // What is whole is still read again for its hash.
      const state = bytes < download.bytes ? "downloading" : "verifying";
      const isNew = download.state !== state;
      download = { ...download, state, received: bytes, speed, secondsLeft: left };
      // The speed is that of the last seconds: the beginning of the measurement follows.
      if (seconds > 8) speedFrom = { time: now - 4000, bytes: bytes - speed * 4 };
      // The last figure before a silence must be seen as well, hence the timer.
      if (isNew || now - told >= tellEveryMilliseconds) update({});
      else later ??= setTimeout(() => update({}), tellEveryMilliseconds);
    },
  };
}
