import { expect, test } from "vitest";
import { type ErrorCode, UserError } from "#core/base/errors";
import { createTerminal } from "../terminal.ts";
import { beginAgain } from "./begin-again.ts";

/** Does work that fails with these one after the other, and then succeeds with the number of times it was begun. */
function failing(failures: readonly UserError[], options: { readonly aborted?: boolean; readonly isOver?: boolean } = {}) {
  let notes = "";
  const stderr = {
    isTTY: false,
    write(text: string) {
      notes += text;
      return true;
    },
  };
  const terminal = createTerminal({ json: false, stdout: stderr, stderr, env: {} });
  const signal = options.aborted ? AbortSignal.abort() : new AbortController().signal;
  let begun = 0;
  const work = async () => {
    const failure = failures[begun];
    begun += 1;
    if (failure) throw failure;
    return begun;
  };
  return { done: beginAgain({ terminal, signal }, work, () => options.isOver === true), notes: () => notes };
}

const gone = (code: ErrorCode, hint = "Try again: it is being restarted.") => new UserError(code, "It ended.", hint);

test("work is begun again where the engine was lost, up to three times", async () => {
  const { done, notes } = failing([gone("ENGINE_GONE"), gone("ENGINE_GONE")]);
  expect(await done).toBe(3);
  expect(notes()).toContain("Another command ended");
  await expect(failing(Array(3).fill(gone("ENGINE_GONE"))).done).rejects.toMatchObject({ code: "ENGINE_GONE" });
});

test("and once where the model's process was lost", async () => {
  const { done, notes } = failing([gone("INFERENCE_STOPPED")]);
  expect(await done).toBe(2);
  expect(notes()).toBe("It ended. Asking again.\n");
  await expect(failing([gone("INFERENCE_STOPPED"), gone("INFERENCE_STOPPED")]).done).rejects.toMatchObject({ message: "It ended." });
  expect(await failing([gone("ENGINE_GONE"), gone("INFERENCE_STOPPED"), gone("ENGINE_GONE")]).done).toBe(4);
});

test("not where that cannot help, where the user stopped it, or where something was shown", async () => {
  await expect(failing([gone("INFERENCE_STOPPED", "Close other programs.")]).done).rejects.toThrow();
  await expect(failing([gone("NO_MODEL")]).done).rejects.toThrow();
  await expect(failing([gone("ENGINE_GONE")], { aborted: true }).done).rejects.toThrow();
  await expect(failing([gone("ENGINE_GONE")], { isOver: true }).done).rejects.toThrow();
});
