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
  const { code, message } = describeError(error);
  return { code: codes[code] ?? "Unknown", message };
}
