import { formatBytes, formatMemory } from "#core/models/format";
import { type Command, UsageError } from "../command.ts";
import { count, table } from "../terminal.ts";

/** `localcoder doctor`: what this machine can do, and what is wrong. */
export const doctor: Command = {
  name: "doctor",
  summary: "Show what this machine can do and what is wrong",
  usage: ["doctor"],
  options: {},
  examples: [["localcoder doctor", "looks at processor, memory, graphics, disk, models and settings"]],
  async run({ positionals, terminal, signal, client }) {
    if (positionals.length > 0) throw new UsageError("doctor takes no arguments.");
    const engine = await client();
    terminal.progress("Looking at this machine");
    const [machine, settings] = await Promise.all([engine.models.machine(undefined, { signal }), engine.settings.read({}, { signal })]);
    const problems = [
      ...machine.problems,
      ...settings.problems.map(({ file, line, message }) => ({
        message: `${file}:${line}: ${message}`,
        hint: "Correct that line; what it should have set is not used until then.",
      })),
    ];
    terminal.progress("");
    if (terminal.json) {
      terminal.printJson({ ...machine, problems });
      return;
    }
    const { system, cpu, memory, gpu, backend, disk, models } = machine;
    const graphics = gpu.map(({ name, memory: size, unified }) =>
      size === undefined ? name : `${name}, ${formatMemory(size)}${unified ? " shared with the processor" : ""}`,
    );
    const rows = [
      ["System", `${system.platform} ${system.release}, ${system.architecture}`],
      ["Processor", `${cpu.model}, ${count(cpu.cores, "core")}, ${count(cpu.threads, "thread")}`],
      ["Memory", `${formatMemory(memory.total)}, ${formatMemory(memory.free)} free`],
      ["Graphics", graphics.join("; ") || "none that can run models"],
      ["Runs models", [backend.name, ...backend.tried.map(({ name, result }) => `${name}: ${result}`)].join(" · ")],
      ["Disk", `${formatBytes(disk.free)} free in ${disk.path}`],
      ...models.map(({ id, bytes, source }, index) => [index === 0 ? "Models" : "", `${id}, ${formatBytes(bytes)}, ${source}`]),
      ...(models.length === 0 ? [["Models", "none yet"]] : []),
    ];
    for (const line of table(rows)) terminal.print(line);
    for (const { message, hint } of problems) {
      terminal.print(terminal.style("yellow", `Problem: ${message}`));
      terminal.print(`  ${hint}`);
    }
    if (problems.length === 0) terminal.print("No problems found.");
    return undefined;
  },
};
