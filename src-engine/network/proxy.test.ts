import { describe, expect, it } from "vitest";
import { proxyFor } from "./proxy.ts";

const hub = new URL("https://models.example.com/a");

describe("proxyFor", () => {
  it.each<[Record<string, string>, string | undefined]>([
    [{}, undefined],
    [{ HTTPS_PROXY: "http://proxy.example:3128" }, "http://proxy.example:3128/"],
    [{ https_proxy: "proxy.example:3128" }, "http://proxy.example:3128/"],
    [{ HTTP_PROXY: "http://proxy.example" }, undefined],
    [{ ALL_PROXY: "http://user:secret@proxy.example:8080" }, "http://user:secret@proxy.example:8080/"],
    [{ HTTPS_PROXY: "socks5://proxy.example" }, undefined],
    [{ HTTPS_PROXY: "http://" }, undefined],
    [{ HTTPS_PROXY: "http://p", NO_PROXY: "*" }, undefined],
    [{ HTTPS_PROXY: "http://p", NO_PROXY: "localhost, .example.com" }, undefined],
    [{ HTTPS_PROXY: "http://p", NO_PROXY: "example.com:443" }, undefined],
    [{ HTTPS_PROXY: "http://p", NO_PROXY: "example.com:8443,ample.com,[::1]:80,::1" }, "http://p/"],
  ])("%j", (env, proxy) => {
    expect(proxyFor(hub, env, "")?.href).toBe(proxy);
  });

  it("is never needed for this machine", () => {
    expect(proxyFor(new URL("http://127.0.0.1:11434/"), { HTTP_PROXY: "http://p" }, "http://s")).toBeUndefined();
    expect(proxyFor(new URL("http://gpu.example/"), { HTTP_PROXY: "http://p" }, "")?.host).toBe("p");
  });

  it("is the one of the setting before that of the environment, and none when that is switched off", () => {
    const env = { HTTPS_PROXY: "http://p", NO_PROXY: "files.example.com" };
    expect(proxyFor(hub, env, "http://s:3128")?.host).toBe("s:3128");
    expect(proxyFor(hub, env, "off")).toBeUndefined();
    expect(proxyFor(new URL("https://files.example.com/"), env, "http://s:3128")).toBeUndefined();
  });
});
