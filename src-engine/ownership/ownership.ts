import { once } from "node:events";
import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { AnyContractRouter, ContractRouterClient } from "@orpc/contract";
import { type AnyRouter, createRouterClient } from "@orpc/server";
import type { Disposable } from "#core/base/disposable";
import { UserError } from "#core/base/errors";
import { type Connection, connectClient } from "#core/transport/connect";
import { serveRouter } from "#core/transport/serve";
import type { Wire } from "#core/transport/wire";
import { socketWire } from "../transport/socket.ts";
import { engineAddress } from "./address.ts";
import { greetGuest, greetOwner } from "./handshake.ts";
import { takeLock } from "./lock.ts";

/** Services that exist once per data folder, while this process runs them. */
export interface SharedServices {
  readonly router: AnyRouter;
  dispose(): Promise<void>;
}

/** What {@link openOwnership} needs. */
export interface OwnershipOptions {
  readonly dataFolder: string;
  /** Owner and guests have to be of the same version. */
  readonly version: string;
  /** Makes the services; called when this process becomes the owner, at once or later. */
  readonly create: () => Promise<SharedServices>;
  readonly onUnexpected?: (error: unknown) => void;
}

/** This process's way to the services of a data folder, whoever runs them. */
export interface Ownership<C extends AnyContractRouter> {
  /** The client to use for the next call; it may be another one after an owner has gone. */
  target(): Promise<ContractRouterClient<C>>;
  role(): "owner" | "guest" | "none";
  dispose(): Promise<void>;
}

interface State<C extends AnyContractRouter> {
  readonly role: "owner" | "guest";
  readonly client: ContractRouterClient<C>;
  end(): Promise<void>;
}

/** How long a new owner may take from taking the lock to listening, and an old one from closing its socket to ending. */
const handOver = 30_000;

/**
 * Becomes the owner of a data folder or a guest of its owner. When the owner goes, however it goes, its guests compete for the
 * lock: one becomes the owner, the others its guests. What waited fails with ENGINE_GONE, and the next call works.
 */
export async function openOwnership<C extends AnyContractRouter>(options: OwnershipOptions): Promise<Ownership<C>> {
  const address = engineAddress(options.dataFolder);
  let disposed = false;
  let current: Promise<State<C>> | undefined;
  let role: "owner" | "guest" | "none" = "none";

  async function settle(): Promise<State<C>> {
    const end = Date.now() + handOver;
    for (;;) {
      if (disposed) throw new UserError("ENGINE_GONE", "The engine has stopped.");
      const lock = takeLock(join(options.dataFolder, "owner.lock"));
      if (lock !== undefined) return await own<C>(address, lock, options);
      try {
        return await visit();
      } catch (error) {
        if (!isBetweenOwners(error)) throw error;
        if (Date.now() > end) {
          throw new UserError(
            "ENGINE_BUSY",
            `Another process of LocalCoder holds ${options.dataFolder} and does not answer.`,
            "Quit it, or set LOCALCODER_HOME to another folder.",
          );
        }
      }
      await delay(10 + Math.random() * 40);
    }
  }

  async function visit(): Promise<State<C>> {
    const connection = await connectToOwner<C>(address, options.version);
    void connection.closed.then(() => {
      role = "none";
      current = undefined;
      // At once and not at the next call, so that somebody listens for whoever comes new.
      if (!disposed) void target().catch((error) => options.onUnexpected?.(error));
    });
    return { role: "guest", client: connection.client, end: async () => connection.close() };
  }

  async function target(): Promise<State<C>> {
    if (current === undefined) {
      const settling = settle();
      current = settling;
      settling.then(
        (state) => {
          if (current === settling) role = state.role;
        },
        () => {
          if (current === settling) current = undefined;
        },
      );
    }
    return current;
  }

  await target();
  return {
    target: async () => (await target()).client,
    role: () => role,
    async dispose() {
      disposed = true;
      const state = await current?.catch(() => undefined);
      current = undefined;
      role = "none";
      await state?.end();
    },
  };
}

async function own<C extends AnyContractRouter>(address: string, lock: Disposable, options: OwnershipOptions): Promise<State<C>> {
  const guests = new Set<Wire>();
  let server: Server | undefined;
  try {
    // Guests may knock from now on; they are let in when the services are there.
    let open: (services: SharedServices) => void = () => {};
    const services = new Promise<SharedServices>((resolve) => {
      open = resolve;
    });
    server = await listen(address, (socket) => {
      const wire = socketWire(socket);
      guests.add(wire);
      wire.onClose(() => guests.delete(wire));
      void receive(wire, services, options);
    });
    const shared = await options.create();
    open(shared);
    return {
      role: "owner",
      client: createRouterClient(shared.router, {}) as unknown as ContractRouterClient<C>,
      async end() {
        close(server, guests);
        await shared.dispose();
        lock.dispose();
      },
    };
  } catch (error) {
    close(server, guests);
    lock.dispose();
    throw error;
  }
}

async function receive(wire: Wire, services: Promise<SharedServices>, options: OwnershipOptions): Promise<void> {
  try {
    const { router } = await services;
    if (await greetGuest(wire, options.version)) serveRouter(router, wire, { onUnexpected: options.onUnexpected });
    else wire.close();
  } catch {
    wire.close();
  }
}

async function listen(address: string, onConnection: (socket: Socket) => void): Promise<Server> {
  const isFile = process.platform !== "win32";
  // Only the holder of the lock comes here, so a socket that still lies there is of an owner who died.
  if (isFile) rmSync(address, { force: true });
  const server = createServer(onConnection);
  server.listen(address);
  await once(server, "listening");
  if (isFile) chmodSync(address, 0o600);
  return server;
}

function close(server: Server | undefined, guests: ReadonlySet<Wire>): void {
  server?.close();
  for (const wire of guests) wire.close();
}

async function connectToOwner<C extends AnyContractRouter>(address: string, version: string): Promise<Connection<C>> {
  const socket = connect(address);
  await once(socket, "connect");
  const wire = socketWire(socket);
  try {
    await greetOwner(wire, version);
  } catch (error) {
    wire.close();
    throw error;
  }
  return connectClient<C>(wire);
}

/** The lock is taken but nobody listens: an owner is just coming or going. */
function isBetweenOwners(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === "ENOENT" || code === "ECONNREFUSED" || code === "ECONNRESET" || code === "EPIPE" || code === "ENGINE_GONE";
}
