/** Prints what Node warns of where its environment has it say nothing: all but what it calls experimental, which may be asked for by modules of others. */
export function tellWarnings(): void {
  if (process.env.NODE_NO_WARNINGS !== "1") return;
  process.on("warning", ({ name, message, stack }) => {
    if (name !== "ExperimentalWarning") process.stderr.write(`${stack ?? `${name}: ${message}`}\n`);
  });
}
