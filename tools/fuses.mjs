import { FuseState, FuseV1Options, getCurrentFuseWire } from "@electron/fuses";

// What a released program may and may not do, whoever starts it; electron-builder.yml sets them.
const wanted = {
  RunAsNode: "off",
  EnableCookieEncryption: "on",
  EnableNodeOptionsEnvironmentVariable: "off",
  EnableNodeCliInspectArguments: "off",
  EnableEmbeddedAsarIntegrityValidation: "on",
  OnlyLoadAppFromAsar: "on",
  GrantFileProtocolExtraPrivileges: "off",
};

/** Reads the fuses of a packaged program back, and says which are not as they have to be. */
export async function readFuses(program, { inspectable }) {
  const wire = await getCurrentFuseWire(program);
  const named = Object.entries(FuseV1Options).filter(([, index]) => typeof index === "number");
  const states = Object.fromEntries(named.map(([name, index]) => [name, stateOf(wire[index])]));
  const expected = { ...wanted, ...(inspectable && { EnableNodeCliInspectArguments: "on" }) };
  const problems = Object.entries(expected)
    .filter(([name, state]) => states[name] !== state)
    .map(([name, state]) => `The fuse ${name} is ${states[name]} and should be ${state}.`);
  return { states, problems };
}

function stateOf(byte) {
  if (byte === FuseState.ENABLE) return "on";
  if (byte === FuseState.DISABLE) return "off";
  return byte === FuseState.REMOVED ? "removed" : "not known to this Electron";
}
