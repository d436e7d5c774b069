import { describe, expect, it } from "vitest";
import { findServedFile } from "./served-file.ts";

const folder = "/app/out/renderer";

describe("findServedFile", () => {
  it("gives the window its page with the policy", () => {
    expect(findServedFile("app://localcoder/index.html?a#b", folder)).toEqual({
      file: "/app/out/renderer/index.html",
      mimeType: "text/html; charset=utf-8",
      hasWindowPolicy: true,
    });
  });

  it("gives other origins the assets but not the page", () => {
    expect(findServedFile("app://webview/assets/a%20b.svg", folder)).toMatchObject({
      file: "/app/out/renderer/assets/a b.svg",
      mimeType: "image/svg+xml",
      hasWindowPolicy: false,
    });
    expect(findServedFile("app://webview/index.html", folder)).toBeUndefined();
    expect(findServedFile("app://exthost/index.html", folder)).toBeUndefined();
  });

  it.each([
    "app://localcoder/..%2f..%2fetc/passwd",
    "app://localcoder/%2e%2e/%2e%2e/secret",
    "app://localcoder/assets/..%5c..%5csecret",
    "app://localcoder/a%00.js",
    "app://localcoder/%E0%A4%A",
    "app://elsewhere/index.html",
    "app://localcoder/",
  ])("refuses or confines %s", (address) => {
    const found = findServedFile(address, folder);
    if (found) expect(found.file.startsWith(`${folder}/`)).toBe(true);
    if (found) expect(found.file).not.toContain("..");
  });
});
