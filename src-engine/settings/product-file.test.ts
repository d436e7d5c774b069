import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkProduct } from "./product-file.ts";

const text = readFileSync(join(import.meta.dirname, "../../product.json"), "utf8");
const lineOf = (part: string) => text.slice(0, text.indexOf(part)).split("\n").length;

test("the product is as it should be", () => {
  expect(() => checkProduct(text, "product.json")).not.toThrow();
});

test.each([
  [
    "a value of another kind",
    (whole: string) => whole.replace('"enableTelemetry": false', '"enableTelemetry": true'),
    '"enableTelemetry"',
    /enableTelemetry: /,
  ],
  ["a name nobody knows", (whole: string) => whole.replace('"nameLong"', '"gallery": 1, "nameLong"'), '"nameLong"', /gallery: /],
  [
    "an address",
    (whole: string) => whole.replace('"signUpUrl": ""', '"signUpUrl": "https://a.example"'),
    '"signUpUrl"',
    /defaultChatAgent\.signUpUrl: /,
  ],
  ["a missing comma", (whole: string) => whole.replace('"nameLong"', '1 "nameLong"'), '"nameLong"', /not valid JSON/],
])("%s is named with its line", (_name, change, place, reason) => {
  const changed = change(text);
  expect(changed).not.toBe(text);
  expect(() => checkProduct(changed, "product.json")).toThrow(reason);
  expect(() => checkProduct(changed, "product.json")).toThrow(`product.json, line ${lineOf(place)}: `);
});

test("what is missing is looked for in what should hold it", () => {
  expect(() => checkProduct("{}", "product.json")).toThrow("product.json, line 1: nameShort: ");
  expect(() => checkProduct("", "product.json")).toThrow("product.json, line 1: ");
});
