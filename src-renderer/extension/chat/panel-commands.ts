import { chatCommands } from "#core/chat/commands";
import { strings } from "../strings.ts";
import type { Choice } from "./model-choice.ts";

const words = strings.chat;

/** What commands typed in the chat do; those that answer with a boolean say whether what was typed may go. */
export interface PanelCommands {
  open(): Promise<void>;
  chooseThread(typed: string): Promise<boolean>;
  branch(): Promise<void>;
  handoff(goal: string): boolean;
  offerOpinion(): Promise<void>;
  remember(text: string): Promise<void>;
  chooseModel(): Promise<boolean>;
  chooseMode(): Promise<boolean>;
  choose(choice: Choice): void;
  /** What each mode is answered by and takes. */
  status(): Promise<string>;
  /** Shows a line in the chat; always false. */
  tell(text: string): false;
  /** Runs a command of the window. */
  run(command: string): void;
}

/** Does what a command says that asks no model; answers whether what was typed may go. */
export async function runChatCommand(name: string, rest: string, to: PanelCommands): Promise<boolean> {
  switch (name) {
    case "new":
      await to.open();
      return true;
    case "session":
      return to.chooseThread(rest);
    case "branch":
      await to.branch();
      return true;
    case "handoff":
      return to.handoff(rest);
    case "opinion":
      await to.offerOpinion();
      return true;
    case "remember":
      if (rest === "") to.run("localcoder.memory");
      else await to.remember(rest);
      return true;
    case "connect":
      to.run("localcoder.modelServer");
      return true;
    case "theme":
      to.run("workbench.action.selectTheme");
      return true;
    case "models":
      if (rest === "") return to.chooseModel();
      to.choose(rest === "auto" ? { mode: "auto" } : { model: rest });
      return true;
    case "mode":
      if (rest === "") return to.chooseMode();
      if (rest !== "rush" && rest !== "smart" && rest !== "auto") return to.tell(words.noMode(rest));
      to.choose({ mode: rest });
      return true;
    case "rush":
    case "smart":
      to.choose({ mode: name });
      return true;
    case "status":
      to.tell(await to.status());
      return true;
    default:
      to.tell(chatCommands.map(({ name: one, takes, about }) => `/${one}${takes === "" ? "" : ` (${takes})`}: ${about}`).join("\n"));
      return true;
  }
}
