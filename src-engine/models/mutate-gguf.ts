/** A change to the head of a GGUF file, as damage or malice would make it, always the same for a number. */
export interface Mutation {
  readonly name: string;
  readonly bytes: Buffer;
}

const kinds: readonly (readonly [string, (head: Buffer, random: () => number) => Buffer])[] = [
  [
    "a flipped bit",
    (head, random) => written(head, 1, random, (at) => void head.writeUInt8((head[at] ?? 0) ^ (1 << Math.floor(random() * 8)), at)),
  ],
  ["random bytes", (head, random) => written(head, 8, random, (at) => void head.writeDoubleLE(random() * 1e300, at))],
  [
    "an absurd length",
    (head, random) => written(head, 8, random, (at) => void head.writeBigUInt64LE(2n ** BigInt(Math.floor(random() * 64)), at)),
  ],
  ["the largest length", (head, random) => written(head, 8, random, (at) => void head.writeBigUInt64LE(2n ** 64n - 1n, at))],
  ["another type", (head, random) => written(head, 4, random, (at) => void head.writeUInt32LE(Math.floor(random() * 16), at))],
  [
    "a list in lists",
    (head, random) => written(head, 16, random, (at) => void head.set([9, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], at)),
  ],
  ["more values", (head, random) => counted(head, 16, random)],
  ["more tensors", (head, random) => counted(head, 8, random)],
  ["the other byte order", (head, random) => written(head, 8, random, (at) => void head.subarray(at, at + 8).reverse())],
  ["an odd alignment", (head, random) => named(head, "general.alignment", random)],
  ["a part twice", (head, random) => repeated(head, random)],
  ["a part left out", (head, random) => cut(head, random)],
];

/** Changes a copy of a head in the way that belongs to the number; places near the start, where counts and types stand, come more often. */
export function mutateGguf(head: Buffer, number: number): Mutation {
  const random = randomFrom(number);
  const [name, change] = kinds[number % kinds.length]!;
  return { name, bytes: change(Buffer.from(head), random) };
}

function placeIn(head: Buffer, length: number, random: () => number): number {
  return Math.max(0, Math.floor(random() ** 4 * (head.length - length)));
}

function written(head: Buffer, length: number, random: () => number, write: (at: number) => void): Buffer {
  write(placeIn(head, length, random));
  return head;
}

function counted(head: Buffer, at: number, random: () => number): Buffer {
  head.writeBigUInt64LE(head.readBigUInt64LE(at) + BigInt(Math.floor(random() * 1000)), at);
  return head;
}

/** Overwrites what follows a key; a head without the key gets a wrong key in its place. */
function named(head: Buffer, key: string, random: () => number): Buffer {
  const at = head.indexOf(key);
  if (at < 0) return written(head, key.length, random, (place) => void head.write(key, place));
  head.writeUInt32LE(Math.floor(random() * 2 ** 32), at + key.length + 4);
  return head;
}

function repeated(head: Buffer, random: () => number): Buffer {
  const at = 24 + placeIn(head.subarray(24), 64, random);
  const part = head.subarray(at, at + 64);
  return Buffer.concat([head.subarray(0, at), part, head.subarray(at)]);
}

function cut(head: Buffer, random: () => number): Buffer {
  const at = placeIn(head, 64, random);
  return Buffer.concat([head.subarray(0, at), head.subarray(at + 1 + Math.floor(random() * 63))]);
}

function randomFrom(seed: number): () => number {
  let state = seed * 2_654_435_761 + 12_345;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}
