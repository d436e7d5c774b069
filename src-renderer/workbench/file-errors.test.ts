import { describe, expect, it } from "vitest";
import { UserError } from "#core/base/errors";
import { describeFileError, sentenceOf } from "./file-errors.ts";

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

  it("says the way out as well", () => {
    const { message } = describeFileError(new UserError("READ_ONLY", "The disk can only be read.", "Save it in another place."));
    expect(message).toBe("The disk can only be read. Save it in another place.");
  });

  it("knows the errors that came over a wire", () => {
    const error = Object.assign(new Error("There is no file."), { code: "NOT_FOUND", data: {} });
    expect(describeFileError(error).code).toBe("EntryNotFound");
  });
});

describe("sentenceOf", () => {
  it.each([
    [
      "Unable to write file '/a (b)/c.txt' (NoPermissions (FileSystemError): /a (b)/c.txt can only be read.)",
      "/a (b)/c.txt can only be read.",
    ],
    ["Unable to write file '/it's/c.txt' (It is full.)", "It is full."],
    [
      "Unable to read file '/a.txt' (Unavailable (FileSystemError): The engine has stopped. Try again: it is being restarted.)",
      "The engine has stopped. Try again: it is being restarted.",
    ],
    [
      "Unable to write file '/a.txt' (Error: Unable to modify read-only file '/a.txt')",
      "/a.txt can only be read. Save it in another place.",
    ],
    ["Something else went wrong (badly).", "Something else went wrong (badly)."],
  ])("leaves of %s the sentence", (message, sentence) => {
    expect(sentenceOf(message)).toBe(sentence);
  });
});
