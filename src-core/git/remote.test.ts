import { expect, it } from "vitest";
import { remoteHost, withoutPassword } from "./remote.ts";

it.each([
  ["https://git.example.com/a/b.git", "git.example.com"],
  ["https://user:secret@git.example.com:8443/a.git", "git.example.com"],
  ["ssh://git@git.example.com:2222/a.git", "git.example.com"],
  ["git@git.example.com:a/b.git", "git.example.com"],
  ["git.example.com:a.git", "git.example.com"],
  ["git@[::1]:a.git", "[::1]"],
  ["file:///srv/a.git", undefined],
  ["/srv/with:colon.git", undefined],
  ["../near", undefined],
  ["C:\\repositories\\a", undefined],
])("finds in %s the machine %s", (address, host) => expect(remoteHost(address)).toBe(host));

it("shows no password", () => {
  expect(withoutPassword("https://user:secret@git.example.com/a")).toBe("https://user@git.example.com/a");
  expect(withoutPassword("git@git.example.com:a/b")).toBe("git@git.example.com:a/b");
});
