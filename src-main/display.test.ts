import { expect, test } from "vitest";
import { missingDisplay } from "./display.ts";

test("Linux without a display is told so, with a way out", () => {
  expect(missingDisplay("linux", {})).toContain("localcoder serve");
  expect(missingDisplay("linux", { DISPLAY: "" })).toContain("no display");
  expect(missingDisplay("linux", { DISPLAY: "far.example:10.0" })).toBeUndefined();
  expect(missingDisplay("linux", { WAYLAND_DISPLAY: "wayland-0" })).toBeUndefined();
  expect(missingDisplay("darwin", {})).toBeUndefined();
});
