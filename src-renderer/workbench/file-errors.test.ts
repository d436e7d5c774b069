import { describe, expect, it } from "vitest";
import { UserError } from "#core/base/errors";
import { describeFileError } from "./file-errors.ts";

describe("describeFileError", () => {
  it.each([
    ["NOT_FOUND", "EntryNotFound"],
    ["ALREADY_EXISTS", "EntryExists"],
    ["NOT_A_DIRECTORY", "EntryNotADirectory"],
    ["IS_A_DIRECTORY", "EntryIsADirectory"],
    ["NO_PERMISSION", "NoPermissions"],
    ["READ_ONLY", "NoPermissions"],
    ["OUTSIDE_WORKSPACE", "NoPermissions"],
    ["TOO_LARGE", "EntryTooLarge"],
    ["DISK_FULL", "EntryExceedsStorageQuota"],
    ["ENGINE_GONE", "Unavailable"],
    ["INTERNAL", "Unknown"],
  ] as const)("calls %s %s", (code, expected) => {
    expect(describeFileError(new UserError(code, "A sentence."))).toEqual({ code: expected, message: "A sentence." });
  });

  it("knows the errors that came over a wire", () => {
    const error = Object.assign(new Error("There is no file."), { code: "NOT_FOUND", data: {} });
    expect(describeFileError(error).code).toBe("EntryNotFound");
  });
});
