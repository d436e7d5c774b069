import { expect, test } from "vitest";
import { describeError } from "#core/base/errors";
import { createAttempts } from "./attempts.ts";

function codeOf(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return describeError(error).code;
  }
}

test("one address waits after five wrong passwords, until the first of them is a minute old, and others do not", () => {
  let time = 0;
  const attempts = createAttempts(() => time);
  for (let count = 0; count < 5; count += 1) {
    expect(codeOf(() => attempts.check("192.0.2.1"))).toBeUndefined();
    attempts.wrong("192.0.2.1");
    time += 1000;
  }
  expect(codeOf(() => attempts.check("192.0.2.1"))).toBe("TOO_MANY_ATTEMPTS");
  expect(codeOf(() => attempts.check("192.0.2.2"))).toBeUndefined();
  time = 60_001;
  expect(codeOf(() => attempts.check("192.0.2.1"))).toBeUndefined();
  attempts.wrong("192.0.2.1");
  expect(codeOf(() => attempts.check("192.0.2.1"))).toBe("TOO_MANY_ATTEMPTS");
});

test("many addresses together get a hundred tries a minute", () => {
  const attempts = createAttempts(() => 0);
  for (let count = 0; count < 100; count += 1) attempts.wrong(`192.0.2.${count}`);
  expect(codeOf(() => attempts.check("198.51.100.1"))).toBe("TOO_MANY_ATTEMPTS");
});
