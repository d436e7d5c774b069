import { expect, it } from "vitest";
import { createQuestions } from "./questions.ts";

const hub = { host: "models.example", port: 443, purpose: "model-download" as const };

it("asks once for all that wait, and the first answer counts", async () => {
  const questions = createQuestions();
  const window = questions.watch();
  const shown = window.next();
  const answers = [questions.ask(hub), questions.ask(hub)];
  const question = (await shown).value;
  expect(question).toMatchObject(hub);
  questions.answer(question?.id ?? 0, "once");
  questions.answer(question?.id ?? 0, "never");
  expect(await Promise.all(answers)).toEqual(["once", "once"]);
  const next = window.next();
  void questions.ask({ ...hub, host: "other.example" });
  expect((await next).value).toMatchObject({ host: "other.example" });
});

it("permits nothing where nobody sits at a window, or the last one goes away", async () => {
  const questions = createQuestions();
  expect(await questions.ask(hub)).toBe("not-now");
  const window = questions.watch();
  const shown = window.next();
  const answer = questions.ask(hub);
  await shown;
  await window.return();
  expect(await answer).toBe("not-now");
});

it("shows an open question to a window that comes later, unless what wanted it was stopped", async () => {
  const questions = createQuestions();
  void questions.watch().next();
  const stop = new AbortController();
  const stopped = questions.ask({ ...hub, host: "stopped.example" }, stop.signal);
  void questions.ask(hub);
  stop.abort();
  expect(await stopped).toBe("not-now");
  expect((await questions.watch().next()).value).toMatchObject(hub);
});
