import type * as vscodeApi from "vscode";
import type { AssistRequest } from "#core/contracts/assist";
import type { ModelStatus } from "../status/model-status.ts";
import { strings } from "../strings.ts";
import { type RunnableAction, titleOf } from "./runnable.ts";

/** Asks what should be done; undefined when the user goes back. */
export async function askFor(vscode: typeof vscodeApi, action: RunnableAction): Promise<string | undefined> {
  if (action.instruction === "none") return "";
  const required = action.instruction === "required";
  return vscode.window.showInputBox({
    title: titleOf(action),
    prompt: required
      ? strings.assist.instructionRequired
      : action.takesProblems
        ? strings.assist.whatIsWrong
        : action.shows === "file"
          ? strings.assist.whatToTest
          : strings.assist.instructionOptional,
    validateInput: (value) =>
      required && value.trim() === ""
        ? { message: strings.assist.instructionRequired, severity: vscode.InputBoxValidationSeverity.Info }
        : undefined,
  });
}

/** Asks what should be different in another try: a hint, a mode, or another model. Undefined when the user goes back. */
export async function askOther(
  vscode: typeof vscodeApi,
  status: ModelStatus,
  action: RunnableAction,
  before: string | undefined,
): Promise<Partial<AssistRequest> | undefined> {
  const words = strings.assist;
  const models = status
    .models()
    .filter(({ state, roles }) => state === "ready" && roles.some((role) => role === "code" || role === "general"));
  const hint = { label: words.otherHint, description: words.otherHintDetail, answeredBy: undefined };
  const modes = (["rush", "smart"] as const).map((mode) => ({
    label: strings.chat.modes[mode],
    description: words.modeDetails[mode],
    answeredBy: { mode, model: undefined },
  }));
  const rows = models.map(({ id, name }) => ({ label: name, description: "", answeredBy: { mode: undefined, model: id } }));
  // Where there is one model, it is the smallest and the largest.
  const chosen = await vscode.window.showQuickPick([hint, ...(models.length > 1 ? modes : []), ...rows], {
    placeHolder: words.otherPlaceholder,
    title: titleOf(action),
  });
  if (chosen === undefined) return undefined;
  if (chosen.answeredBy !== undefined) return chosen.answeredBy;
  const said = await vscode.window.showInputBox({ title: titleOf(action), prompt: words.hintPrompt });
  if (said === undefined || said.trim() === "") return undefined;
  return { instruction: before ? `${before.replace(/[.\s]+$/, "")}. ${said}` : said };
}
