import { describe, expect, it } from "vitest";
import { fileAddress, hubAddress, hubHosts } from "./hub.ts";
import { redirected } from "./request.ts";

describe("the hub", () => {
  it("is the setting, else HF_ENDPOINT, else the public one", () => {
    expect(hubAddress("https://one.example", { HF_ENDPOINT: "https://two.example" }).href).toBe("https://one.example/");
    expect(hubAddress(" ", { HF_ENDPOINT: "https://two.example/mirror" }).href).toBe("https://two.example/mirror/");
    expect(hubAddress("", {}).href).toBe("https://huggingface.co/");
    expect(hubAddress("http://[::1]:8080", {}).href).toBe("http://[::1]:8080/");
  });

  it.each(["http://models.example", "ftp://models.example", "file:///models", "models.example", "javascript:x"])("is never %s", (text) => {
    expect(() => hubAddress(text, {})).toThrow(expect.objectContaining({ code: "BAD_INPUT" }));
  });

  it("has its files below the address, whatever characters are in a name", () => {
    const entry = { repository: "a/b c", revision: "1?2", file: "x#y.gguf" };
    expect(fileAddress(new URL("https://two.example/mirror/"), entry).href).toBe(
      "https://two.example/mirror/a/b%20c/resolve/1%3F2/x%23y.gguf",
    );
  });

  it("needs its own host and those below it", () => {
    expect(hubHosts(new URL("https://huggingface.co/"))).toEqual(["huggingface.co", "*.huggingface.co", "*.hf.co"]);
    expect(hubHosts(new URL("https://Models.Example.com/"))).toEqual(["models.example.com", "*.models.example.com"]);
    expect(hubHosts(new URL("http://127.0.0.1:80/"))).toEqual(["127.0.0.1"]);
    expect(hubHosts(new URL("http://[::1]/"))).toEqual(["::1"]);
  });
});

describe("a redirect", () => {
  const from = new URL("https://models.example/a");
  it("is followed within and between safe addresses", () => {
    expect(redirected(from, "/b?c", "Tiny").href).toBe("https://models.example/b?c");
    expect(redirected(from, "https://files.example/b", "Tiny").href).toBe("https://files.example/b");
    expect(redirected(new URL("http://localhost/a"), "http://127.0.0.1/b", "Tiny").href).toBe("http://127.0.0.1/b");
  });
  it.each([
    "http://files.example/b",
    "http://127.0.0.1:11434/api",
    "https://localhost/b",
    "https://[::ffff:127.0.0.1]/b",
    "file:///b",
    "http://",
  ])("to %s is refused", (location) =>
    expect(() => redirected(from, location, "Tiny")).toThrow(expect.objectContaining({ code: "DOWNLOAD_FAILED" })),
  );
});
