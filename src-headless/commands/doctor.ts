import type { Machine } from "#core/contracts/models";
import { formatBytes, formatMemory } from "#core/models/format";
import { type Command, UsageError } from "../command.ts";
import { count, table } from "../terminal.ts";
import { speedText } from "./models/list.ts";

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
    const { system, cpu, memory, gpu, backend, disk, models, recommended } = machine;
    const graphics = gpu.map(({ name, memory: size, unified, driver }) =>
      [name, size !== undefined && `${formatMemory(size)}${unified ? " shared with the processor" : ""}`, driver && `driver ${driver}`]
        .filter(Boolean)
        .join(", "),
    );
    const kinds = cpu.performance && cpu.efficiency ? ` (${cpu.performance} performance, ${cpu.efficiency} efficiency)` : "";
    const rows = [
      ["System", `${system.platform} ${system.release}, ${system.architecture}`],
      ["Processor", `${cpu.model}, ${count(cpu.cores, "core")}${kinds}, ${count(cpu.threads, "thread")}`],
      ["Memory", `${formatMemory(memory.total)}, ${formatMemory(memory.free)} free`],
      ["Graphics", graphics.join("; ") || "none that can run models"],
      ["Runs models", [backend.name, ...backend.tried.filter(({ result }) => result !== "in use").map(triedText)].join(" · ")],
      ["Disk", `${formatBytes(disk.free)} free in ${disk.path}`],
      ...models.map((model, index) => [index === 0 ? "Models" : "", modelText(model)]),
      ...(models.length === 0 ? [["Models", "none yet"]] : []),
      ...recommended.flatMap((model, index) => [
        [index === 0 ? "Would run well" : "", recommendedText(model)],
        ...neighboursOf(model).map((text) => ["", `  ${text}`]),
      ]),
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

const triedText = ({ name, result }: Machine["backend"]["tried"][number]) => `${name}: ${result}`;

function modelText({ name, quantisation, bytes, contextLength, roles, source, speed }: Machine["models"][number]): string {
  const context = contextLength === undefined ? undefined : `context ${contextLength}`;
  const suits = roles.length > 0 ? `for ${roles.join(", ")}` : "for no role";
  return [name, quantisation, formatBytes(bytes), context, suits, source, speed && speedText(speed)].filter(Boolean).join(", ");
}

function recommendedText({ role, id, name, bytes, memory, present }: Machine["recommended"][number]): string {
  const state = present ? "here" : `${formatBytes(bytes)} to download: localcoder models get ${id}`;
  return `${name} for ${role}, about ${formatMemory(memory)} of memory, ${state}`;
}

function neighboursOf({ smaller, bigger }: Machine["recommended"][number]): string[] {
  const obstacles = {
    memory: "too large for this memory",
    graphics: "too slow without a graphics card",
    processor: `about ${(bigger?.writing ?? 0).toFixed(0)} tokens/s on this processor, slower than reading`,
  };
  return [
    ...(smaller ? [`smaller and faster: ${smaller.id}, ${formatBytes(smaller.bytes)}`] : []),
    ...(bigger ? [`bigger and better: ${bigger.id}, ${bigger.obstacle ? obstacles[bigger.obstacle] : formatBytes(bigger.bytes)}`] : []),
  ];
}
