import type { UserError } from "#core/base/errors";
import { PassingFailure } from "./request.ts";

/** What {@link untilWhole} needs of a download. */
export interface Tries<T> {
  /** Connections to begin with. */
  readonly connections: number;
  readonly signal: AbortSignal;
  /** Tries to get what is missing, with so many connections. */
  attempt(connections: number): Promise<T>;
  /** Bytes that are here. */
  received(): number;
  /** Told before each pause. */
  pausing(error: UserError): void;
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Waits between attempts when the connection fails, in milliseconds; a byte that arrives starts the row anew. */
const delays = [1000, 2000, 5000, 10_000, 20_000, 30_000];
/** Seconds that a hub may ask to wait before it is better said than waited. */
const longestAsked = 120;

/** Tries until a download is whole, as long as failures may pass. Throws the UserError of one that does not. */
export async function untilWhole<T>({ connections, signal, attempt, received, pausing, wait }: Tries<T>): Promise<T> {
  let failures = 0;
  let several = connections;
  for (;;) {
    const before = received();
    try {
      return await attempt(several);
    } catch (error) {
      if (!(error instanceof PassingFailure)) throw error;
      if (received() > before) failures = 0;
      // A lost connection comes back with the network, after a night as well; but where nothing ever came, waiting would only hide that.
      const lasting = error.origin === "connection" && received() > 0;
      const most = received() > 0 ? delays.length : 2;
      const pause = lasting || failures < most ? delays[Math.min(failures, delays.length - 1)] : undefined;
      failures++;
      // Some hubs want to be asked by fewer.
      several = Math.max(1, Math.floor(several / 2));
      const asked = error.afterSeconds ?? 0;
      if (pause === undefined || asked > longestAsked) throw error.error;
      pausing(error.error);
      await wait(Math.max(pause, asked * 1000), signal);
    }
  }
}
