import { expect, test } from "vitest";
import { aboutProject, withoutCode } from "./about-project.ts";

const nothing = { files: [], names: [] };

test("names of the project decide before anything else", () => {
  expect(aboutProject("What is a linked list?", { files: [], names: ["chooseModel"] })).toEqual({
    about: true,
    reason: "it names chooseModel",
  });
  expect(aboutProject("Thanks. And src/a.ts?", { files: ["src/a.ts"], names: [] })?.reason).toBe("it names src/a.ts");
});

test.each([
  ["Where is the timeout set?", true],
  ["Which file decides how long it waits?", true],
  ["Give me an overview of the code base.", true],
  ["Is there a test for that?", true],
  ["Add a setting for the delay.", true],
  ["What is a mutex?", false],
  ["How do I sort a list in Python?", false],
  ["Thanks, that helped!", false],
  ["Write a function that adds two numbers.", false],
  ["Why is this slow?\n```js\nwhile (true);\n```", false],
])("%s", (question, about) => {
  expect(aboutProject(question, nothing)?.about).toBe(about);
});

test("what the rules do not know is left open", () => {
  expect(aboutProject("How are downloads resumed after a crash?", nothing)).toBeUndefined();
  expect(aboutProject("Wo wird das entschieden?", nothing)).toBeUndefined();
});

test("code between fences is no part of the question, also where the fence is never closed", () => {
  expect(withoutCode("Why?\n```js\nretryDelay()\n```\nTell me.")).toBe("Why?\n\nTell me.");
  expect(withoutCode("Why?\n```js\nretryDelay()\nmore()")).toBe("Why?\n");
});
