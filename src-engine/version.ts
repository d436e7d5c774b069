import packageFile from "../package.json" with { type: "json" };

/** LocalCoder's version. */
export const version: string = packageFile.version;
