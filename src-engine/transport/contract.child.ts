import { serveRouter } from "#core/transport/serve";
import { childProcessWire } from "./child-process.ts";
import { fixtureRouter } from "./contract.fixture.ts";

serveRouter(fixtureRouter(), childProcessWire(process));
