import { styleText } from "node:util";

/** Prints one dim line for the person who waits. */
export function say(text) {
  process.stderr.write(`${process.stderr.isTTY ? styleText("dim", text) : text}\n`);
}

/** Draws how far something is, with speed and time left: a bar in a terminal, a line for every quarter in a pipe. */
export function createProgress(title, total) {
  const started = Date.now();
  let lastQuarter = -1;
  const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
  return {
    update(counted) {
      const done = Math.min(counted, total);
      const part = done / total;
      const seconds = (Date.now() - started) / 1000;
      const speed = seconds > 0 ? done / seconds : 0;
      const left = speed > 0 ? `${Math.ceil((total - done) / speed)} s left` : "";
      const figures = `${Math.floor(part * 100)} %  ${megabytes(done)} of ${megabytes(total)}  ${megabytes(speed)}/s  ${left}`;
      if (process.stderr.isTTY) {
        const width = 24;
        const filled = Math.round(part * width);
        process.stderr.write(`\r\x1b[K${title}  ${"━".repeat(filled)}${styleText("dim", "━".repeat(width - filled))}  ${figures}`);
      } else if (Math.floor(part * 4) > lastQuarter) {
        lastQuarter = Math.floor(part * 4);
        process.stderr.write(`${title}: ${figures}\n`);
      }
    },
    end() {
      if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
    },
  };
}
