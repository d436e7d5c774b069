import { expect, test } from "vitest";
import { exportAttempts } from "./export.ts";

const attempt = {
  time: 0,
  process: "engine",
  host: "a.example",
  port: 443,
  purpose: "unknown",
  allowed: false,
  reason: 'Not "this", no.',
} as const;

test("CSV quotes what needs it, and is no formula", () => {
  const text = exportAttempts([attempt, { ...attempt, host: "=cmd()", port: undefined, sent: 5, received: 6 }], "CSV");
  expect(text.split("\r\n")).toEqual([
    "time,process,host,port,purpose,allowed,sent,received,reason",
    '1970-01-01T00:00:00.000Z,engine,a.example,443,unknown,false,,,"Not ""this"", no."',
    `1970-01-01T00:00:00.000Z,engine,'=cmd(),,unknown,false,5,6,"Not ""this"", no."`,
    "",
  ]);
});

test("JSON is what it was", () => {
  expect(JSON.parse(exportAttempts([attempt], "JSON"))).toEqual([attempt]);
});
