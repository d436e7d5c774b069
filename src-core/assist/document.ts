import { fenceFor } from "../edits/fence.ts";
import { type EditorAction, fenced, fenceLanguage, surroundingParts } from "./action.ts";
import { putTogether, takeApart } from "./documentation.ts";

const system =
  "You are an expert programmer. You write the documentation comment of one declaration: what it is for, then its parameters and result where their names do not say it. Be brief.";

/**
 * Documents the selected declaration. The model writes the comment alone, and the code stands as it stood: what it does cannot
 * change.
 */
export const document: EditorAction = {
  id: "document",
  title: "Document selection",
  verb: "Document",
  on: "code",
  keybinding: "shift+d",
  role: "code",
  shows: "diff",
  instruction: "none",
  takesDocumentation: true,
  prompt(context) {
    const { languageId, selection } = context;
    const { style, head, rest, indent } = takeApart(selection, languageId);
    const code = head === "" ? rest : `${head}\n${rest}`;
    const fence = fenceFor(code);
    const around = surroundingParts(context, "code");
    const parts = [
      ...around,
      (around.length > 0 ? "The code:\n" : "") + fenced(code, languageId, fence),
      "Write its documentation comment. Do not repeat the code.",
    ];
    const firstWords = rest.trim().split("\n", 1)[0]?.trim() ?? "";
    return {
      messages: [
        { role: "system", text: system },
        { role: "user", text: parts.join("\n\n") },
      ],
      // A blank at its end would be a word of its own, after which small models go on in any language.
      answerPrefix: `${fence}${fenceLanguage(languageId)}\n${head === "" ? "" : `${head}\n`}${indent}${style.open.trimEnd().replaceAll("\n", `\n${indent}`)}`,
      stops: [style.close.trim() === "" ? "\n\n" : style.close.trim(), `\n${fence}`, ...(firstWords.length > 3 ? [`\n${firstWords}`] : [])],
    };
  },
  compose: (answer, { selection, languageId }) => putTogether(takeApart(selection, languageId), answer, languageId),
};
