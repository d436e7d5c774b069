import { fenceFor } from "../edits/fence.ts";
import { type EditorAction, fenced, fenceLanguage, surroundingParts } from "./action.ts";
import { frameworkNames } from "./tests/framework.ts";

const system =
  "You are an expert programmer. You write short tests with literal inputs and the exact results that the code gives for them. You answer with code in one code block and nothing else.";

/** Writes tests of the selection into a file of tests. Where it lies, its imports and how it begins are found by code. */
export const test: EditorAction = {
  id: "test",
  title: "Write tests",
  verb: "Test",
  on: "code",
  keybinding: "shift+t",
  role: "code",
  shows: "file",
  instruction: "optional",
  takesPurpose: true,
  prompt(context) {
    const { languageId, selection, instruction, tests, purpose } = context;
    const around = [
      ...(purpose === "" ? [] : [`What the code is for:\n${fenced(purpose, "plaintext")}`]),
      ...surroundingParts(context, "code"),
    ];
    const companions = tests?.companions ?? [];
    const code = [...companions.map(({ text }) => text).filter(Boolean), selection].join("\n\n\n");
    const fence = fenceFor(code);
    const objects = companions.length === 0 ? "" : `, and objects of ${companions.map(({ name }) => name).join(" and ")} made in the test,`;
    const how = tests === undefined ? "" : ` with ${frameworkNames[tests.framework]}`;
    const parts = [
      ...around,
      (around.length > 0 ? "The code:\n" : "") + fenced(code, languageId, fence),
      `Write at most four tests of ${tests?.name ?? "this code"}${how}: one usual case, then its limits. Each calls ${tests?.name ?? "it"} with small literal values${objects} and compares the result with what the code returns for them. ${instruction}`.trim(),
    ];
    return {
      messages: [
        { role: "system", text: system },
        { role: "user", text: parts.join("\n\n") },
      ],
      answerPrefix: `${fence}${fenceLanguage(languageId)}\n${tests?.file.head ?? ""}${tests?.file.opening ?? ""}`,
      stops: [`\n${fence}`],
    };
  },
};
