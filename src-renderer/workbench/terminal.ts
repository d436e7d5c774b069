import { Emitter, Event } from "@codingame/monaco-vscode-api/vscode/vs/base/common/event";
import {
  type IProcessProperty,
  type IProcessReadyEvent,
  type IShellLaunchConfig,
  type ITerminalChildProcess,
  type ITerminalLaunchError,
  type ITerminalProfile,
  ProcessPropertyType,
} from "@codingame/monaco-vscode-api/vscode/vs/platform/terminal/common/terminal";
import { SimpleTerminalBackend } from "@codingame/monaco-vscode-terminal-service-override";
import { describeError } from "#core/base/errors";
import type { Connection } from "../connection.ts";

/** Gives the workbench's terminal the engine's pseudo-terminals. */
export function createTerminalBackend(connection: Connection): SimpleTerminalBackend {
  return new EngineTerminals(connection);
}

class EngineTerminals extends SimpleTerminalBackend {
  readonly #connection: Connection;
  #shells: Promise<Awaited<ReturnType<Connection["engine"]["terminal"]["shells"]>>> | undefined;
  #count = 0;

  constructor(connection: Connection) {
    super();
    this.#connection = connection;
    this.getProfiles = () => this.#profiles();
    this.setReady();
  }

  override getDefaultSystemShell = async (): Promise<string> => (await this.#listShells())[0]?.executable ?? "";

  override createProcess = async (
    configuration: IShellLaunchConfig,
    directory: string,
    columns: number,
    rows: number,
  ): Promise<ITerminalChildProcess> =>
    new EngineTerminal(this.#connection, ++this.#count, configuration, directory || this.#connection.start.homeDirectory, columns, rows);

  async #profiles(): Promise<ITerminalProfile[]> {
    const shells = await this.#listShells();
    return shells.map((shell, index) => ({
      profileName: shell.name,
      path: shell.executable,
      args: shell.arguments,
      isDefault: index === 0,
      isAutoDetected: true,
    }));
  }

  #listShells() {
    this.#shells ??= this.#connection.engine.terminal.shells().catch((error) => {
      this.#shells = undefined;
      throw error;
    });
    return this.#shells;
  }
}

/** One terminal: a stream of output, and calls that go the other way once the engine has given it a name. */
class EngineTerminal implements ITerminalChildProcess {
  readonly shouldPersist = false;
  readonly #data = new Emitter<string>();
  readonly #ready = new Emitter<IProcessReadyEvent>();
  readonly #property = new Emitter<IProcessProperty>();
  readonly #exit = new Emitter<number | undefined>();
  readonly onProcessData = this.#data.event;
  readonly onProcessReady = this.#ready.event;
  readonly onDidChangeProperty = this.#property.event;
  readonly onProcessExit = this.#exit.event;
  readonly onRestoreCommands = Event.None;
  readonly #running = new AbortController();
  #name: string | undefined;
  #title = "";

  constructor(
    readonly connection: Connection,
    readonly id: number,
    readonly configuration: IShellLaunchConfig,
    readonly directory: string,
    private columns: number,
    private rows: number,
  ) {}

  get #terminal() {
    return this.connection.engine.terminal;
  }

  async start(): Promise<ITerminalLaunchError | undefined> {
    const { executable, args, env } = this.configuration;
    try {
      const output = await this.#terminal.open(
        {
          executable,
          arguments: typeof args === "string" ? [args] : [...(args ?? [])],
          directory: this.directory,
          environment: Object.fromEntries(Object.entries(env ?? {}).map(([name, value]) => [name, value ?? null])),
          columns: Math.max(1, this.columns),
          rows: Math.max(1, this.rows),
        },
        { signal: this.#running.signal },
      );
      void this.#read(output);
      return undefined;
    } catch (error) {
      const { message, hint } = describeError(error);
      // The workbench puts a full stop of its own behind it.
      return { message: (hint === undefined ? message : `${message} ${hint}`).replace(/\.$/, "") };
    }
  }

  async #read(output: Awaited<ReturnType<Connection["engine"]["terminal"]["open"]>>): Promise<void> {
    let code: number | undefined;
    try {
      for await (const event of output) {
        if (event.type === "started") {
          this.#name = event.id;
          // The panel may have got its size while the shell was started.
          this.resize(this.columns, this.rows);
          this.#ready.fire({ pid: event.process, cwd: event.directory, windowsPty: undefined });
        } else if (event.type === "data") {
          this.#data.fire(event.data);
        } else if (event.type === "title") {
          this.#title = event.title;
          this.#property.fire({ type: ProcessPropertyType.Title, value: event.title });
        } else {
          code = event.code;
        }
      }
    } catch (error) {
      if (!this.#running.signal.aborted) this.#data.fire(`\r\n${describeError(error).message}\r\n`);
    }
    this.#name = undefined;
    this.#exit.fire(code);
  }

  /** Calls the engine for a terminal that may just have ended: then there is nothing left to do. */
  #tell(call: (id: string) => Promise<void>): void {
    if (this.#name) call(this.#name).catch(() => undefined);
  }

  input(data: string): void {
    this.#tell((id) => this.#terminal.write({ id, data }));
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    if (columns > 0 && rows > 0) this.#tell((id) => this.#terminal.resize({ id, columns, rows }));
  }

  acknowledgeDataEvent(characters: number): void {
    this.#tell((id) => this.#terminal.acknowledge({ id, characters }));
  }

  shutdown(): void {
    this.#tell((id) => this.#terminal.close({ id }));
    this.#running.abort();
  }

  sendSignal(signal: string): void {
    // The two that a keyboard can send; the others would need the process itself.
    if (signal === "SIGINT") this.input("\u0003");
    if (signal === "SIGQUIT") this.input("\u001c");
  }

  async processBinary(data: string): Promise<void> {
    this.input(data);
  }

  clearBuffer(): void {}

  async setUnicodeVersion(): Promise<void> {}

  getInitialCwd = async (): Promise<string> => this.directory;

  getCwd = async (): Promise<string> => this.directory;

  async refreshProperty<T extends ProcessPropertyType>(property: T): Promise<IProcessProperty<T>["value"]> {
    const values: Partial<Record<ProcessPropertyType, unknown>> = {
      [ProcessPropertyType.Cwd]: this.directory,
      [ProcessPropertyType.InitialCwd]: this.directory,
      [ProcessPropertyType.Title]: this.#title,
      [ProcessPropertyType.HasChildProcesses]: false,
    };
    return values[property] as IProcessProperty<T>["value"];
  }

  async updateProperty(): Promise<void> {}
}
