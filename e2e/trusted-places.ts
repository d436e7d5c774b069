import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";

/** A setting for the many specs that are not about folders of strangers. */
export const trustedPlaces = { "localcoder.trust.folders": [realpathSync(tmpdir())] };
