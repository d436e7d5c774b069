import { strings } from "../extension/strings.ts";
import { type Page, registerPage } from "./page.ts";

/** Our pages by what they are about. */
export interface Pages {
  readonly setUp: Page;
  readonly models: Page;
  readonly network: Page;
  readonly session: Page;
  readonly seen: Page;
  readonly requests: Page;
  readonly statistics: Page;
}

/** Registers all of them. Must run before the workbench is initialized; what is in them comes with our features. */
export function registerPages(): Pages {
  return {
    setUp: registerPage({ id: "setup", title: strings.wizard.title, icon: "checklist" }),
    models: registerPage({ id: "models", title: strings.models.title, icon: "chip" }),
    network: registerPage({ id: "network", title: strings.network.title, icon: "globe" }),
    session: registerPage({ id: "session", title: strings.history.title, icon: "history" }),
    seen: registerPage({ id: "seen", title: strings.seen.title, icon: "eye" }),
    requests: registerPage({ id: "ghost-text-requests", title: strings.requests.title, icon: "listUnordered" }),
    statistics: registerPage({ id: "ghost-text-statistics", title: strings.statistics.title, icon: "graph" }),
  };
}
