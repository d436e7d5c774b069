import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createLoadAttempts } from "./load-attempts.ts";

const folder = mkdtempSync(join(tmpdir(), "localcoder-attempts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = join(folder, "model.gguf");
writeFileSync(path, "one");
const model = { path, name: "Coder" };
const wanted = { gpu: "auto", gpuLayers: -1, contextSize: 8192 } as const;

test("after each crash the next load is a safer one, and after the last nothing is tried by itself", () => {
  const attempts = createLoadAttempts();
  expect(attempts.plan(model, wanted)).toEqual({ options: wanted });
  attempts.crashed(path, wanted);
  const second = attempts.plan(model, wanted);
  expect(second).toMatchObject({ options: { gpu: "off", contextSize: 8192 }, reason: expect.stringContaining("graphics card") });
  attempts.crashed(path, second.options);
  const third = attempts.plan(model, wanted);
  expect(third).toMatchObject({ options: { gpu: "off", contextSize: 2048 }, reason: expect.stringContaining("larger context") });
  attempts.crashed(path, third.options);
  expect(() => attempts.plan(model, wanted)).toThrow("ended each time");
  expect(attempts.plan({ path: "/other.gguf", name: "Other" }, wanted)).toEqual({ options: wanted });
  attempts.forgive(path);
  expect(attempts.plan(model, wanted)).toEqual({ options: wanted });
});

test("it is remembered over restarts, per setting and per file, and not for ever", async () => {
  const file = join(folder, "attempts.json");
  createLoadAttempts(file, () => 1000).crashed(path, wanted);
  await expect.poll(() => createLoadAttempts(file, () => 2000).plan(model, wanted).options.gpu).toBe("off");
  const later = createLoadAttempts(file, () => 2000);
  expect(later.plan(model, { ...wanted, gpuLayers: 10 }).reason).toBeUndefined();
  expect(createLoadAttempts(file, () => 15 * 24 * 3_600_000).plan(model, wanted).reason).toBeUndefined();
  writeFileSync(path, "another one");
  expect(later.plan(model, wanted).reason).toBeUndefined();
});
