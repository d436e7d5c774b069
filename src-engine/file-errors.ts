import { UserError } from "#core/base/errors";

const permissionHint = "Ask its owner for access, or change its permissions.";

/** Turns what the system says about a file into a sentence for a person; errors of ours pass unchanged. */
export function fileError(error: unknown, path: string): unknown {
  if (error instanceof UserError || !(error instanceof Error) || !("code" in error)) return error;
  switch (error.code) {
    case "ENOENT":
      return new UserError("NOT_FOUND", `There is no file or folder at ${path}.`, "It may have been moved or deleted.");
    case "EEXIST":
    case "ERR_FS_CP_EEXIST":
      return new UserError("ALREADY_EXISTS", `${path} exists already.`, "Choose another name, or allow it to be replaced.");
    case "ENOTDIR":
    case "ERR_FS_CP_DIR_TO_NON_DIR":
      return new UserError("NOT_A_DIRECTORY", `${path} is not a folder, or lies below something that is not one.`, "Name a folder.");
    case "EISDIR":
    case "ERR_FS_EISDIR":
    case "ERR_FS_CP_NON_DIR_TO_DIR":
      return new UserError("IS_A_DIRECTORY", `${path} is a folder.`, "Name a file in it.");
    case "EACCES":
    case "EPERM":
      return new UserError("NO_PERMISSION", `You may not do this with ${path}.`, permissionHint);
    case "EROFS":
      return new UserError("READ_ONLY", `${path} lies on a disk that can only be read.`, "Save it in another place.");
    case "ENOSPC":
    case "EDQUOT":
      return new UserError("DISK_FULL", `The disk has no room left for ${path}.`, "Free some space and try again; nothing was lost.");
    case "EFBIG":
    case "ERR_FS_FILE_TOO_LARGE":
    case "ERR_OUT_OF_RANGE":
      return new UserError("TOO_LARGE", `${path} is too large for this.`, "Read it in parts, or take a smaller file.");
    case "ELOOP":
      return new UserError("NOT_FOUND", `The link ${path} leads back to itself.`, "Remove the link or let it lead elsewhere.");
    case "ENAMETOOLONG":
      return new UserError("BAD_INPUT", `The name of ${path} is too long for this disk.`, "Choose a shorter name.");
    case "EINVAL":
    case "ERR_FS_CP_EINVAL":
      return new UserError(
        "BAD_INPUT",
        `This cannot be done with ${path}: the name or the place is not allowed.`,
        "Choose another name or place.",
      );
    case "ENOTEMPTY":
      return new UserError("BAD_INPUT", `The folder ${path} is not empty.`, "Delete what is in it first.");
    case "EBUSY":
    case "ETXTBSY":
      return new UserError("NO_PERMISSION", `Another program is using ${path}.`, "Close it there and try again.");
    case "EMFILE":
    case "ENFILE":
      return new UserError("ENGINE_BUSY", "Too many files are open at once.", "Try again in a moment.");
    case "ERR_FS_CP_FIFO_PIPE":
    case "ERR_FS_CP_SOCKET":
    case "ERR_FS_CP_UNKNOWN":
      return new UserError(
        "UNSUPPORTED",
        `${path} holds something that is neither a file nor a folder, and cannot be copied.`,
        "Leave it out.",
      );
    default:
      return error;
  }
}

/** Runs work on a path and throws what a person can read. */
export async function withFileErrors<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(error, path);
  }
}

/** True when the error carries one of these system codes, such as ENOENT. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
