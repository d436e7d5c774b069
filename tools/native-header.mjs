import { closeSync, openSync, readSync } from "node:fs";

const elfMachines = { 3: "ia32", 40: "arm", 62: "x64", 183: "arm64", 243: "riscv64" };
const machProcessors = { 16777223: "x64", 16777228: "arm64" };
const peMachines = { 332: "ia32", 34404: "x64", 43620: "arm64" };
// Enough for the header of every format, as far as it says what the file is for.
const enough = 4096;
// A Java class begins like a Mach-O for several processors, and has its version, from 45 on, where that has their number.
const mostProcessors = 16;

/**
 * Which system and processors a program or library was made for, by its first bytes; undefined for any other file.
 * @returns {{platform: "linux" | "darwin" | "win32", architectures: string[]} | undefined}
 */
export function nativeTarget(bytes) {
  if (bytes.length < 64) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) === 0x7f454c46) {
    // Byte 5 says in which order the bytes of a number stand.
    const machine = view.getUint16(18, bytes[5] === 1);
    return { platform: "linux", architectures: [elfMachines[machine] ?? `ELF machine ${machine}`] };
  }
  if (view.getUint32(0, true) === 0xfeedfacf) return { platform: "darwin", architectures: [processor(view.getUint32(4, true))] };
  if (view.getUint32(0) === 0xcafebabe && view.getUint32(4) <= mostProcessors) {
    const architectures = Array.from({ length: view.getUint32(4) }, (_, index) => processor(view.getUint32(8 + index * 20)));
    return { platform: "darwin", architectures };
  }
  if (view.getUint16(0) === 0x4d5a) {
    const header = view.getUint32(0x3c, true);
    if (header + 6 > bytes.length || view.getUint32(header) !== 0x50450000) return undefined;
    const machine = view.getUint16(header + 4, true);
    return { platform: "win32", architectures: [peMachines[machine] ?? `PE machine ${machine}`] };
  }
  return undefined;
}

function processor(type) {
  return machProcessors[type] ?? `Mach-O processor ${type}`;
}

/** {@link nativeTarget} of a file. */
export function nativeTargetOf(path) {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(enough);
    return nativeTarget(bytes.subarray(0, readSync(file, bytes, 0, enough, 0)));
  } finally {
    closeSync(file);
  }
}
