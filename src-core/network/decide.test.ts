import { describe, expect, it } from "vitest";
import { decideNetwork, hostMatches, isWorthRecording } from "./decide.ts";

const permissions = [
  { host: "models.example.com", purpose: "model-download" },
  { host: "*.files.example", purpose: "model-download" },
] as const;

describe("decideNetwork", () => {
  it("lets this machine pass, even offline", () => {
    expect(decideNetwork({ host: "localhost", purpose: "unknown" }, { permissions, offline: true })).toMatchObject({
      allowed: true,
      local: true,
    });
  });
  it("lets a permitted host pass for its purpose only", () => {
    const rules = { permissions, offline: false };
    expect(decideNetwork({ host: "Models.Example.com.", purpose: "model-download" }, rules).allowed).toBe(true);
    expect(decideNetwork({ host: "models.example.com", purpose: "unknown" }, rules).allowed).toBe(false);
    expect(decideNetwork({ host: "models.example.com", purpose: "model-server" }, rules).allowed).toBe(false);
    expect(decideNetwork({ host: "evil.models.example.com", purpose: "model-download" }, rules).allowed).toBe(false);
  });
  it("refuses everything that leaves this machine when offline", () => {
    const verdict = decideNetwork({ host: "models.example.com", purpose: "model-download" }, { permissions, offline: true });
    expect(verdict).toEqual({ allowed: false, local: false, reason: "Offline is switched on in the settings." });
  });
});

describe("hostMatches", () => {
  it("matches below a star and not beside it", () => {
    expect(hostMatches("a.b.files.example", "*.files.example")).toBe(true);
    expect(hostMatches("files.example", "*.files.example")).toBe(false);
    expect(hostMatches("evilfiles.example", "*.files.example")).toBe(false);
  });
});

describe("isWorthRecording", () => {
  it("keeps ordinary traffic on this machine out of the ledger, but not a declared one", () => {
    const local = { allowed: true, local: true, reason: "" };
    expect(isWorthRecording({ host: "::1", purpose: "unknown" }, local)).toBe(false);
    expect(isWorthRecording({ host: "::1", purpose: "model-download" }, local)).toBe(true);
    expect(isWorthRecording({ host: "x.example", purpose: "unknown" }, { ...local, local: false, allowed: false })).toBe(true);
  });
});
