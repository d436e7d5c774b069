import { describe, expect, it } from "vitest";
import { describeAttempts } from "./attempts.ts";

const installed = () => true;

describe("describeAttempts", () => {
  it("says when only our part is missing, which can be installed", () => {
    expect(describeAttempts(["vulkan", false], ["vulkan", false], false, () => false)[0]?.result).toContain("not installed");
  });
  it("says in order why a better one was not taken", () => {
    expect(describeAttempts(["cuda", "vulkan", false], ["vulkan", false], false, installed)).toEqual([
      { name: "cuda", result: "no NVIDIA driver with CUDA was found" },
      { name: "vulkan", result: "found, but it did not start: the driver may be too old, or there is no card" },
      { name: "cpu", result: "in use" },
    ]);
  });
  it("says nothing of those that come after the one in use", () => {
    expect(describeAttempts(["metal", "vulkan", false], ["metal"], "metal", installed)).toEqual([{ name: "metal", result: "in use" }]);
    expect(describeAttempts(["cuda", "vulkan", false], ["vulkan", false], "vulkan", installed).map(({ name }) => name)).toEqual([
      "cuda",
      "vulkan",
    ]);
  });
});
