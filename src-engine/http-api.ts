import type { IncomingMessage, ServerResponse } from "node:http";
import { OpenAPIGenerator } from "@orpc/openapi";
import { OpenAPIHandler } from "@orpc/openapi/node";
import type { AnyRouter } from "@orpc/server";
import { BodyLimitPlugin } from "@orpc/server/node";
import { ZodToJsonSchemaConverter } from "@orpc/zod/zod4";
import { errorInterceptors } from "#core/transport/errors";

/** The largest request body that is read, in bytes: a long document in JSON. */
const maximumBytes = 64 * 1024 * 1024;

/** A router as an HTTP interface. */
export interface HttpApi {
  /** Answers the request when its path is a procedure below the prefix; false when it is not. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** The OpenAPI document of the router. */
  document(): Promise<unknown>;
}

/** Offers each procedure of a router as `POST <prefix>/<service>/<procedure>` with JSON in and out; streams are server-sent events. */
export function httpApi(
  router: AnyRouter,
  options: { prefix: `/${string}`; title: string; version: string; onUnexpected?: (error: unknown) => void },
): HttpApi {
  const handler = new OpenAPIHandler(router, {
    ...errorInterceptors(options.onUnexpected),
    plugins: [new BodyLimitPlugin({ maxBodySize: maximumBytes })],
  });
  return {
    async handle(request, response) {
      return (await handler.handle(request, response, { prefix: options.prefix })).matched;
    },
    document: () =>
      new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(router, {
        info: { title: options.title, version: options.version },
        servers: [{ url: options.prefix }],
        security: [{ token: [] }],
        components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
      }),
  };
}
