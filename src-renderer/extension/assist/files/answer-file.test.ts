import { describe, expect, it } from "vitest";
import { UserError } from "#core/base/errors";
import type { AssistAnswer, AssistRequest, Doubt } from "#core/contracts/assist";
import { answerFile } from "./answer-file.ts";

const text = "one();\ntwo();\nthree();\n";
const places = ["one();", "two();", "three();"].map((line, index) => ({
  start: text.indexOf(line),
  end: text.indexOf(line) + line.length,
  name: line,
  lines: { from: index + 1, to: index + 1 },
}));
const file = { path: "/a.ts", languageId: "typescript", workspace: undefined, text, places };
const tokens = { prompt: 1, reused: 0, evaluated: 1, generated: 1 };

function answerOf(answer: Partial<AssistAnswer>): AssistAnswer {
  return { sessionId: "s", text: "", diff: "d", doubts: [], model: "tiny", tokens, milliseconds: 1, stop: "end", ...answer };
}

/** An engine that answers by the line that is asked about, and the requests it got. */
function engineOf(answer: (line: string) => AssistAnswer) {
  const asked: AssistRequest[] = [];
  async function* run(request: AssistRequest) {
    asked.push(request);
    yield { type: "finished" as const, answer: answer(request.text.slice(request.selection.start, request.selection.end)) };
  }
  return { asked, engine: { assist: { run: async (request: AssistRequest) => run(request) } } };
}

function asking(stop = new AbortController(), tell: (name: string) => void = () => {}) {
  return { action: "document", instruction: undefined, signal: stop.signal, tell: ({ name }: { name: string }) => tell(name) };
}

const doubt = (blocks: boolean): Doubt => ({ kind: "syntax", message: "It is odd.", blocks });

describe("the places of a file", () => {
  it("are asked about one by one as the file is, and put together with what is doubtful", async () => {
    const { engine, asked } = engineOf((line) =>
      line === "two();"
        ? answerOf({ diff: "" })
        : answerOf({ text: `// Said.\n${line}`, doubts: line === "three();" ? [doubt(false)] : [] }),
    );
    const found = await answerFile(engine, file, asking());
    expect(asked.map((request) => request.text)).toEqual([text, text, text]);
    expect(found.text).toBe("// Said.\none();\ntwo();\n// Said.\nthree();\n");
    expect(found.doubts.map(({ message }) => message)).toEqual(["Line 3: It is odd."]);
    expect([found.left, found.sessions, found.by?.tokens.generated]).toEqual([[], ["s", "s"], 2]);
  });

  it("stay as they are where an answer cannot be used or fails, and lose no other", async () => {
    const { engine } = engineOf((line) => {
      if (line === "one();") throw new UserError("SELECTION_TOO_LONG", "It is too long.");
      return line === "two();" ? answerOf({ text: "(", doubts: [doubt(true)] }) : answerOf({ text: "3();" });
    });
    const found = await answerFile(engine, file, asking());
    expect(found.text).toBe("one();\ntwo();\n3();\n");
    expect(found.left.map(({ place, why }) => [place.name, why])).toEqual([
      ["one();", "It is too long."],
      ["two();", "It is odd."],
    ]);
  });

  it("are not asked about any more after a failure that the next would have, or a stop; what is ready stays", async () => {
    const failing = engineOf((line) => {
      if (line === "two();") throw new UserError("NO_MODEL", "There is no model.");
      return answerOf({ text: "1();" });
    });
    const failed = await answerFile(failing.engine, file, asking());
    expect([failed.text, failed.ended?.code, failing.asked.length]).toEqual(["1();\ntwo();\nthree();\n", "NO_MODEL", 2]);

    const stop = new AbortController();
    const stopped = engineOf(() => answerOf({ text: "1();" }));
    const found = await answerFile(
      stopped.engine,
      file,
      asking(stop, (name) => name === "two();" && stop.abort()),
    );
    expect([found.text, found.ended]).toEqual(["1();\ntwo();\nthree();\n", undefined]);
  });
});
