import { z } from "zod";

// Zod compiles validators with `new Function` where it may. Here it may not, and its attempt would be reported as a
// violation of the policy at each start. Imported before anything that parses.
z.config({ jitless: true });
