const units = ["bytes", "kB", "MB", "GB", "TB"];

/** Bytes as people read them on downloads and disks: powers of 1000, three digits at most: "491 MB", "1.1 GB". */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const text = unit === 0 || value >= 99.95 ? String(Math.round(value)) : value.toFixed(1).replace(/\.0$/, "");
  return unit === 0 && text === "1" ? "1 byte" : `${text} ${units[unit]}`;
}

/** Memory as machines are sold: powers of 1024, written GB. */
export function formatMemory(bytes: number): string {
  const value = bytes / 2 ** 30;
  return `${value >= 9.95 ? Math.round(value) : value.toFixed(1).replace(/\.0$/, "")} GB`;
}

/** A time left, rounded so that it does not flicker: "40 s", "4 min", "2 h 10 min". */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 55) return `${Math.ceil(seconds / 5) * 5} s`;
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}
