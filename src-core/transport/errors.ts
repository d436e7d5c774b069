import { mapEventIterator, ORPCError } from "@orpc/client";
import { describeError, type ErrorCode, errorCodes, isStopped, UserError } from "../base/errors.ts";
import { isStream } from "./stream.ts";

/** The HTTP status that says the same as a code; 500 for what is not listed. */
const statuses: Partial<Record<ErrorCode, number>> = {
  BAD_INPUT: 400,
  POSITION_OUTSIDE_FILE: 400,
  SELECTION_TOO_LONG: 400,
  UNAUTHORIZED: 401,
  NO_PERMISSION: 403,
  OUTSIDE_WORKSPACE: 403,
  NETWORK_REFUSED: 403,
  NOT_FOUND: 404,
  NO_MODEL: 404,
  ALREADY_EXISTS: 409,
  SWITCHED_OFF: 409,
  TOO_LARGE: 413,
  TOO_MANY_ATTEMPTS: 429,
  UNSUPPORTED: 422,
  SERVER_FAILED: 502,
  KEY_WANTED: 502,
  SERVER_UNREACHABLE: 502,
  STOPPED: 499,
  ENGINE_BUSY: 503,
  ENGINE_GONE: 503,
  INFERENCE_STOPPED: 503,
  DISK_FULL: 507,
};

/** Where a program finds the form of each request. */
const described = "The contract is described in docs/protocol.md, and by a server at /api/openapi.json.";

/** What crosses a border instead of a thrown value: the same code and sentence, the hint, never a stack trace. */
export function toWireError(error: unknown): ORPCError<string, { hint?: string }> {
  if (error instanceof ORPCError && isOurs(error)) return error;
  const { code, message, hint } = describeWire(error);
  return new ORPCError(code, { status: statuses[code] ?? 500, message, data: { hint } });
}

function isOurs(error: { readonly code: string }): boolean {
  // UNAUTHORIZED is one of oRPC's own codes as well, with the same meaning.
  return (errorCodes as readonly string[]).includes(error.code);
}

function describeWire(error: unknown): { code: ErrorCode; message: string; hint?: string } {
  if (error instanceof UserError || isStopped(error)) return describeError(error);
  if (error instanceof ORPCError && error.code === "BAD_REQUEST") {
    const issues = (error.data as { issues?: readonly Issue[] } | undefined)?.issues ?? [];
    return { code: "BAD_INPUT", message: describeIssues(issues), hint: described };
  }
  // The platform's own words for a body that is not of the form its content type names.
  if (error instanceof TypeError && error.message.startsWith("Failed to parse body"))
    return { code: "BAD_INPUT", message: "The body of the request is not of the form that its content type names.", hint: described };
  const message = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
  return { code: "INTERNAL", message: `Something in LocalCoder failed that should not: ${message}` };
}

interface Issue {
  readonly message: string;
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }>;
}

function describeIssues(issues: readonly Issue[]): string {
  const first = issues[0];
  if (first === undefined) return "The request is not of the expected form.";
  const field = (first.path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".");
  return field === "" ? `The request is not valid: ${first.message}.` : `The field ${field} is not valid: ${first.message}.`;
}

/** Is told of each call: its name, how long it took in milliseconds (a stream: until it began), and the code of its failure. */
export type OnCall = (name: string, milliseconds: number, code: string | undefined) => void;

/**
 * What makes a handler of a router turn all that can go wrong into an error that may cross a border: what a service throws,
 * before or during its stream, and a request that cannot be read. `onUnexpected` is told about what is not meant for people.
 */
export function errorInterceptors(onUnexpected: (error: unknown) => void = () => {}, onCall?: OnCall) {
  const convert = (error: unknown) => {
    const wire = toWireError(error);
    if (wire.code === "INTERNAL") onUnexpected(error);
    return wire;
  };
  return {
    clientInterceptors: [
      async ({ next, path }: { next: () => Promise<unknown>; path: readonly string[] }): Promise<unknown> => {
        const begun = performance.now();
        const tell = (code?: string) => onCall?.(path.join("."), performance.now() - begun, code);
        try {
          const output = await next();
          tell();
          if (!isStream(output)) return output;
          return mapEventIterator(output, { value: async (value) => value, error: async (error) => convert(error) });
        } catch (error) {
          const converted = convert(error);
          tell(converted.code);
          throw converted;
        }
      },
    ],
    interceptors: [
      async <T>({ next }: { next: () => Promise<T> }): Promise<T> => {
        try {
          return await next();
        } catch (error) {
          // Services' errors come here converted, so the rest is about reading the request.
          if (error instanceof ORPCError && isOurs(error)) throw error;
          if (error instanceof ORPCError && error.code === "PAYLOAD_TOO_LARGE") {
            throw toWireError(new UserError("TOO_LARGE", "The request is larger than what is taken.", "Send less at once."));
          }
          throw toWireError(new UserError("BAD_INPUT", "The request is not of the expected form.", described));
        }
      },
    ],
  };
}
