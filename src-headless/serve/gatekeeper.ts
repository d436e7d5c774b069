import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { UserError } from "#core/base/errors";
import { createAttempts } from "./attempts.ts";

/** Decides who may talk to the server: a browser that came with the printed address, or a program with the token. */
export interface Gatekeeper {
  /** For programs, as `Authorization: Bearer …`. */
  readonly token: string;
  /** Goes into the printed address; good for one browser. */
  readonly invitation: string;
  /** Throws where the request is meant for another server, or comes from a page that is not ours. */
  checkSource(request: IncomingMessage): void;
  /** Throws UNAUTHORIZED where the request has neither the cookie nor the token. */
  checkIdentity(request: IncomingMessage): void;
  /** Takes the invitation and answers the cookie to set; undefined where it is wrong or used up. */
  accept(invitation: string): string | undefined;
  /** Takes the password from that address and answers the cookie to set; throws UNAUTHORIZED, or TOO_MANY_ATTEMPTS. */
  signIn(password: string, address: string): string;
}

/** What {@link createGatekeeper} needs to know of its server. */
export interface GatekeeperOptions {
  readonly scheme: "http" | "https";
  readonly port: number;
  /** True for the names and addresses that lead to this server, in lower case, IPv6 in brackets. */
  readonly isNamed: (host: string) => boolean;
  /** Of programs; made up where it is missing. */
  readonly token?: string;
  /** Without one only the invitation opens the server. */
  readonly password?: string;
}

/** Creates the {@link Gatekeeper} of a server. */
export function createGatekeeper({ scheme, port, isNamed, token = createToken(), password }: GatekeeperOptions): Gatekeeper {
  const invitation = createToken();
  const session = createToken();
  // All ports of a host share their cookies, so the name tells them apart.
  const cookieName = scheme === "https" ? `__Host-localcoder-${port}` : `localcoder-${port}`;
  const cookie = `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/${scheme === "https" ? "; Secure" : ""}`;
  const attempts = createAttempts();
  let invited = false;

  const hasCookie = (request: IncomingMessage) => {
    const cookies = (request.headers.cookie ?? "").split(/;\s*/);
    return cookies.some((cookie) => cookie.startsWith(`${cookieName}=`) && same(cookie.slice(cookieName.length + 1), session));
  };
  const hasToken = (request: IncomingMessage) => {
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    return given !== undefined && same(given, token);
  };

  return {
    token,
    invitation,
    checkSource(request) {
      // A page of another site can make its own name point here; its requests then carry that name.
      const { host, origin } = request.headers;
      const [, name = "", givenPort] = /^(\[[\da-f:.]+\]|[^:]+)(?::(\d+))?$/.exec(host?.toLowerCase() ?? "") ?? [];
      // Browsers leave out the port that a scheme has by itself.
      if (Number(givenPort ?? (scheme === "https" ? 443 : 80)) !== port || !isNamed(name)) {
        throw new UserError(
          "NO_PERMISSION",
          "This server does not answer to that name.",
          "Open the address that localcoder serve printed.",
        );
      }
      const fromOutside = request.headers["sec-fetch-site"] === "cross-site" && request.headers["sec-fetch-mode"] !== "navigate";
      if ((origin !== undefined && origin.toLowerCase() !== `${scheme}://${host?.toLowerCase()}`) || fromOutside) {
        throw new UserError(
          "NO_PERMISSION",
          "Pages of other sites may not use this server.",
          "Open the address that localcoder serve printed.",
        );
      }
    },
    checkIdentity(request) {
      if (hasToken(request)) return;
      const isSocket = request.headers.upgrade !== undefined;
      const changes = request.method !== "GET" && request.method !== "HEAD";
      // Browsers name the origin of both; without it nobody knows which page's cookie this is.
      const proven = request.headers.origin !== undefined || (!isSocket && !changes);
      if (hasCookie(request) && proven) return;
      throw new UserError(
        "UNAUTHORIZED",
        "This needs the token.",
        "Open the address that localcoder serve printed. It is good for one browser; each start prints a new one.",
      );
    },
    accept(given) {
      if (invited || !same(given, invitation)) return undefined;
      invited = true;
      return cookie;
    },
    signIn(given, address) {
      attempts.check(address);
      // Of one length, so that the time tells nothing about the password's.
      if (password !== undefined && same(digest(given), digest(password))) return cookie;
      attempts.wrong(address);
      throw new UserError("UNAUTHORIZED", "That is not the password.", "It stands in the file that localcoder serve was given.");
    },
  };
}

/** Makes up a token that nobody guesses. */
export function createToken(): string {
  return randomBytes(32).toString("base64url");
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

/** Compares in a time that tells nothing about where two secrets differ. */
function same(given: string, secret: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(secret);
  return left.length === right.length && timingSafeEqual(left, right);
}
