import { expect, test } from "vitest";
import { openScriptedCompletion } from "./scripted-completion.ts";

const edits = process.env.LOCALCODER_LONG === "1" ? 10_000 : 1_000;

const known = Array.from(
  { length: 12 },
  (_, index) => `function part${index}(values, limit) {
  const total = values.reduce((sum, value) => sum + value, ${index});
  if (total > limit) {
    report("part${index} is over", { total, limit });
    return undefined;
  }
  return [total, values.length].map((each) => each * ${index + 1});
}
`,
).join("\n");

/** A small generator of numbers that are the same in every run. */
function createRandom(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test(`what is shown after each of ${edits} edits is what a fresh request would give, or nothing`, async () => {
  const random = createRandom(7);
  const { complete, quiet } = openScriptedCompletion({ knows: [known], probability: (piece) => (piece.includes("report") ? 0.15 : 0.9) });
  let text = known.slice(0, 700);
  let cursor = 400;
  let suggested = { text: "", replaces: 0 };
  let shown = 0;
  let silent = 0;

  const insert = (added: string, replaces = 0) => {
    text = text.slice(0, cursor) + added + text.slice(cursor + replaces);
    cursor += added.length;
  };
  const steps: readonly (() => void)[] = [
    () => insert(suggested.text.slice(0, 1 + random(4))),
    () => insert(suggested.text, suggested.replaces),
    // What comes next in the text known by heart, as somebody types who means the same.
    () => insert(known.charAt((known.indexOf(text.slice(Math.max(0, cursor - 12), cursor)) + Math.min(12, cursor)) % known.length)),
    () => insert("abc({ ;x\n😀'".charAt(random(12))),
    () => {
      const from = Math.max(0, cursor - 1 - random(3));
      text = text.slice(0, from) + text.slice(cursor);
      cursor = from;
    },
    () => {
      cursor = random(text.length);
    },
    () => insert("\n  "),
    () => {
      text = text.slice(0, cursor) + text.slice(cursor + random(5));
    },
    () => insert("()", 0),
  ];
  const weights = [0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 3, 4, 4, 5, 6, 7, 8];

  for (let edit = 0; edit < edits; edit += 1) {
    steps[weights[random(weights.length)] ?? 0]?.();
    // Scribbling leads to where the model knows nothing: begin anew in the middle of what it knows, mostly at the end of a line.
    if (silent > 2 || text.length > 3000) {
      cursor = 200 + random(500);
      const rest = random(4) === 0 ? cursor + random(60) : known.indexOf("\n", cursor);
      text = known.slice(0, cursor) + known.slice(rest, 1200);
      silent = 0;
    }
    const place = `${text.slice(0, cursor)}‸${text.slice(cursor)}`;
    if (random(3) === 0) await quiet();
    const answer = await complete(place, { asShown: true });
    // Nothing is known of a document that was never asked about, and its hole is opened anew.
    const fresh = await complete(place, { asShown: true, path: `/work/fresh-${edit}.ts` });
    suggested = { text: answer.text, replaces: answer.replaces };
    silent = answer.text === "" ? silent + 1 : 0;
    if (answer.text === "") continue;
    shown += 1;
    expect({ place, text: answer.text, replaces: answer.replaces }).toEqual({ place, text: fresh.text, replaces: fresh.replaces });
  }
  // A test in which nothing is ever shown would prove nothing.
  expect(shown).toBeGreaterThan(edits / 4);
}, 600_000);
