import { expect, test } from "vitest";
import { chooseOne } from "./choose-one.ts";

const vocabulary = ["yes", "no", "maybe"];
const model = { tokenize: (text: string) => [vocabulary.indexOf(text)] };
const turn = { pause: async () => {} };

const trackThatSays = (candidates: readonly { token: number; probability: number }[]) => ({
  predict: async () => ({ token: 2, probability: 0.7, candidates }),
});

test("the likeliest of the choices is taken, whatever the model would rather say", async () => {
  const track = trackThatSays([
    { token: 2, probability: 0.7 },
    { token: 1, probability: 0.15 },
    { token: 0, probability: 0.05 },
  ]);
  const { text, chances } = await chooseOne({ model, track, turn }, [], ["yes", "no"]);
  expect(text).toBe("no");
  expect(chances).toEqual([expect.closeTo(0.25), expect.closeTo(0.75)]);
});

test("where none of them is likely at all, none is likelier than the others", async () => {
  const { chances } = await chooseOne({ model, track: trackThatSays([{ token: 2, probability: 1 }]), turn }, [], ["yes", "no"]);
  expect(chances).toEqual([0.5, 0.5]);
});
