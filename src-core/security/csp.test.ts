import { describe, expect, it } from "vitest";
import { extensionHostPolicy, windowPolicy } from "./csp.ts";

describe("windowPolicy", () => {
  it.each(["desktop", "browser"] as const)("allows no inline script, no eval and no foreign host on the %s", (place) => {
    const policy = windowPolicy(place);
    const scripts = policy.split("; ").find((part) => part.startsWith("script-src"));
    expect(scripts).toBe("script-src 'self' 'wasm-unsafe-eval'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/https?:|wss?:|\*/);
  });

  it("takes webviews and extensions from origins of their own on the desktop only", () => {
    expect(windowPolicy("desktop")).toContain("frame-src 'self' app://webview app://exthost");
    expect(windowPolicy("browser")).not.toContain("app:");
  });
});

describe("extensionHostPolicy", () => {
  it("leaves no way to the network", () => {
    expect(extensionHostPolicy("'sha256-x'")).not.toMatch(/https?:|wss?:|\*/);
  });
});
