import { type IncomingMessage, request as plain, type RequestOptions } from "node:http";
import { request as encrypted } from "node:https";

/** What a server answered. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** What is asked; anything may be written into the headers. */
export interface RawRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** For tests: Node's own client, because fetch does not let anybody set Host, Origin or the path as it is. */
export function askRaw(origin: string, path: string, asked: RawRequest = {}, certificate?: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const { method = "GET", headers, body } = asked;
    const options: RequestOptions = { hostname, port, path, method, headers, agent: false };
    const read = (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      );
    };
    // A client that lies about the name would not lie about it to itself.
    const trust = { ca: certificate, checkServerIdentity: () => undefined };
    const request = certificate === undefined ? plain(options, read) : encrypted({ ...options, ...trust }, read);
    request.on("error", reject);
    request.end(body);
  });
}
