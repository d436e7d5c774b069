import { parse } from "jsonc-parser";
import { z } from "zod";

const workspaceFile = z.object({ folders: z.array(z.object({ path: z.string().optional(), uri: z.string().optional() })) });

/** What a .code-workspace file names as its folders: paths, perhaps relative to it, or addresses. Nothing where it is none. */
export function foldersNamed(text: string): z.infer<typeof workspaceFile>["folders"] {
  return workspaceFile.safeParse(parse(text)).data?.folders ?? [];
}
