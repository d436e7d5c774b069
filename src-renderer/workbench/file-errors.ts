import { describeError, type ErrorCode } from "#core/base/errors";

/** What the workbench calls the reasons for which a file operation fails. */
export type FileErrorCode =
  | "EntryExists"
  | "EntryNotFound"
  | "EntryNotADirectory"
  | "EntryIsADirectory"
  | "EntryExceedsStorageQuota"
  | "EntryTooLarge"
  | "NoPermissions"
  | "Unavailable"
  | "Unknown";

const codes: Partial<Record<ErrorCode, FileErrorCode>> = {
  NOT_FOUND: "EntryNotFound",
  ALREADY_EXISTS: "EntryExists",
  NOT_A_DIRECTORY: "EntryNotADirectory",
  IS_A_DIRECTORY: "EntryIsADirectory",
  NO_PERMISSION: "NoPermissions",
  READ_ONLY: "NoPermissions",
  OUTSIDE_WORKSPACE: "NoPermissions",
  TOO_LARGE: "EntryTooLarge",
  DISK_FULL: "EntryExceedsStorageQuota",
  ENGINE_GONE: "Unavailable",
};

/** Says in the workbench's terms why the engine could not do something with a file. */
export function describeFileError(error: unknown): { code: FileErrorCode; message: string } {
  const { code, message, hint } = describeError(error);
  return { code: codes[code] ?? "Unknown", message: hint === undefined ? message : `${message} ${hint}` };
}

/** What the workbench says itself of a file it was told can only be read, after the class of the error. */
const onlyRead = /^\w*Error: Unable to modify read-only file '(.*)'$/s;

/** The sentence alone: where a file cannot be read or written, the workbench says so in front of it, with the path and the class of the error. */
export function sentenceOf(message: string): string {
  const inner = /^Unable to (?:read|write) file '.*' \((?:\w+ \(FileSystemError\): )?(.*)\)$/s.exec(message)?.[1] ?? message;
  const path = onlyRead.exec(inner)?.[1];
  return path === undefined ? inner : `${path} can only be read. Save it in another place.`;
}
