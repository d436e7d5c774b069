import type { Sqlite } from "../sessions/sqlite.ts";

/** A vector of length 1 that says what a text means, and the model it is of. */
export interface Meaning {
  readonly model: string;
  readonly vector: readonly number[];
}

/** A place of the index. */
export interface VectorPlace {
  readonly place: number;
  readonly path: string;
  readonly first: number;
  readonly last: number;
}

/** Places that have no vector of this model yet; those of code first. */
export function placesWithout(sqlite: Sqlite, model: string, most: number): VectorPlace[] {
  return sqlite
    .prepare(
      `SELECT places.id AS place, path, first, last FROM places JOIN files ON files.id = places.file
       LEFT JOIN vectors ON vectors.place = places.id AND vectors.model = ?
       WHERE vectors.place IS NULL AND files.kind != 'data' ORDER BY files.kind = 'code' DESC, places.id LIMIT ?`,
    )
    .all(model, most) as VectorPlace[];
}

/** Keeps vectors in place of what was there; an empty one says that the place has none, so that nobody tries again. */
export function keepVectors(
  sqlite: Sqlite,
  model: string,
  vectors: readonly { readonly place: number; readonly vector: readonly number[] }[],
): void {
  const keep = sqlite.prepare("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)");
  sqlite.transaction(() => {
    for (const { place, vector } of vectors) keep.run(place, model, Buffer.from(Float32Array.from(vector).buffer));
  })();
}

/** The places whose texts mean most nearly the same, the nearest first. */
export function similarPlaces(
  sqlite: Sqlite,
  { model, vector }: Meaning,
  most: number,
): { readonly place: number; readonly file: number }[] {
  const nearest: { place: number; file: number; likeness: number }[] = [];
  const rows = sqlite.prepare("SELECT place, file, vector FROM vectors JOIN places ON places.id = place WHERE model = ?").iterate(model);
  for (const { place, file, vector: bytes } of rows as Iterable<{ place: number; file: number; vector: Buffer }>) {
    if (bytes.length !== vector.length * 4) continue;
    const numbers = new Float32Array(new Uint8Array(bytes).buffer);
    let likeness = 0;
    for (let index = 0; index < numbers.length; index += 1) likeness += (numbers[index] ?? 0) * (vector[index] ?? 0);
    const last = nearest.at(-1);
    if (nearest.length >= most && last !== undefined && likeness <= last.likeness) continue;
    const at = nearest.findIndex((one) => one.likeness < likeness);
    nearest.splice(at < 0 ? nearest.length : at, 0, { place, file, likeness });
    if (nearest.length > most) nearest.pop();
  }
  return nearest;
}
