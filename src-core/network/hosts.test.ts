import { describe, expect, it } from "vitest";
import { isLoopback, normaliseHost } from "./hosts.ts";

describe("normaliseHost", () => {
  it.each([
    ["LOCALHOST.", "localhost"],
    ["[::1]", "::1"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["::ffff:127.0.0.1", "127.0.0.1"],
    ["::FFFF:7f00:1", "127.0.0.1"],
    ["fe80::1%eth0", "fe80::1"],
    ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["::", "::"],
    ["127.1", "127.0.0.1"],
    ["0x7f.1", "127.0.0.1"],
    ["017700000001", "127.0.0.1"],
    ["2130706433", "127.0.0.1"],
    ["Example.COM..", "example.com"],
    ["256.1.1.1", "256.1.1.1"],
    ["1::2::3", "1::2::3"],
    ["127.0.0.1.example.com", "127.0.0.1.example.com"],
  ])("writes %s as %s", (host, expected) => expect(normaliseHost(host)).toBe(expected));
});

describe("isLoopback", () => {
  it.each(["localhost", "Localhost.", "app.localhost", "127.0.0.1", "127.255.0.9", "::1", "[::1]", "::ffff:127.0.0.1", "2130706433"])(
    "takes %s for this machine",
    (host) => expect(isLoopback(host)).toBe(true),
  );
  it.each(["localhost.example.com", "notlocalhost", "128.0.0.1", "0.0.0.0", "::", "::2", "::ffff:10.0.0.1", "127.0.0.1.nip.io", "1", ""])(
    "does not take %s for this machine",
    (host) => expect(isLoopback(host)).toBe(false),
  );
});
