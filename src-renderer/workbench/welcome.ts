import { getService, ICommandService, IConfigurationService, type IEditorGroup, IEditorService } from "@codingame/monaco-vscode-api";
import { Codicon } from "@codingame/monaco-vscode-api/vscode/vs/base/common/codicons";
import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import { Action2, MenuId, registerAction2 } from "@codingame/monaco-vscode-api/vscode/vs/platform/actions/common/actions";
import type { IConfigurationNode } from "@codingame/monaco-vscode-api/vscode/vs/platform/configuration/common/configurationRegistry";
import { IHostService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/host/browser/host.service";
import { ConfigurationScope, configurationRegistry } from "@codingame/monaco-vscode-configuration-service-override";
import {
  EditorInputCapabilities,
  registerEditorPane,
  registerEditorSerializer,
  SimpleEditorInput,
  SimpleEditorPane,
} from "@codingame/monaco-vscode-workbench-service-override";
import { createEmitter } from "#core/base/emitter";
import type { Connection } from "../connection.ts";
import { button, element, link, replaceChildren } from "../pages/dom.ts";
import "./welcome.css";

/** One line on the welcome page with at most one button, for something that is missing. */
export interface WelcomeNotice {
  readonly text: string;
  readonly button?: { readonly label: string; run(): void };
}

const words = {
  title: "Welcome",
  help: "Help",
  recent: "Recent folders",
  noRecent: "No folder was opened yet.",
  start: "Start",
  openFolder: "Open folder…",
  openFile: "Open file…",
  newFile: "New file",
  showOnStart: "Show this page when a window opens",
  setting: "What a new window shows when there is nothing to restore.",
  settingWelcome: "Show the welcome page.",
  settingNone: "Show nothing.",
};

const setting = "workbench.startupEditor";
const mostRecent = 8;
let notice: WelcomeNotice | undefined;
const noticeChanged = createEmitter<void>();

/** Shows a notice on the welcome page, or takes it away. */
export function setWelcomeNotice(value: WelcomeNotice | undefined): void {
  notice = value;
  noticeChanged.emit();
}

class WelcomeInput extends SimpleEditorInput {
  static readonly id = "localcoder.welcome";

  constructor() {
    super(URI.from({ scheme: "localcoder", path: "/welcome" }));
    this.setName(words.title);
    this.addCapability(EditorInputCapabilities.Singleton | EditorInputCapabilities.Readonly);
  }

  override get typeId(): string {
    return WelcomeInput.id;
  }

  override getIcon() {
    return Codicon.home;
  }
}

/** Registers the page, its command and its setting. Must run before the workbench is initialized. */
export function registerWelcome(connection: Connection): void {
  class WelcomePane extends SimpleEditorPane {
    #page: HTMLElement | undefined;

    constructor(group: IEditorGroup) {
      super(WelcomeInput.id, group);
    }

    initialize(): HTMLElement {
      this.#page = element("div", { class: "localcoder-page narrow", role: "document", "aria-label": words.title });
      return this.#page;
    }

    override focus(): void {
      this.#page?.querySelector("button")?.focus();
    }

    async renderInput() {
      const render = async () => {
        if (this.#page) replaceChildren(this.#page, ...(await content(connection, render)));
      };
      await render();
      return noticeChanged.listen(() => void render());
    }
  }

  registerEditorPane(WelcomeInput.id, words.title, WelcomePane, [WelcomeInput]);
  registerEditorSerializer(
    WelcomeInput.id,
    class {
      canSerialize = () => true;
      serialize = () => "";
      deserialize = () => new WelcomeInput();
    },
  );
  registerAction2(
    class extends Action2 {
      constructor() {
        const title = { value: words.title, original: words.title };
        super({
          // The name under which the menus of the desktop know such a page.
          id: "workbench.action.openWalkthrough",
          title,
          category: { value: words.help, original: words.help },
          f1: true,
          menu: [{ id: MenuId.MenubarHelpMenu, group: "1_welcome", order: 1 }],
        });
      }

      run(): Promise<void> {
        return openWelcome();
      }
    },
  );
  configurationRegistry.registerConfiguration({
    id: "workbench",
    properties: {
      [setting]: {
        scope: ConfigurationScope.RESOURCE,
        type: "string",
        enum: ["welcomePage", "none"],
        enumDescriptions: [words.settingWelcome, words.settingNone],
        default: "welcomePage",
        description: words.setting,
      },
    },
  } satisfies IConfigurationNode);
}

/** Opens the welcome page in a window that has nothing else to show. */
export async function showWelcomeAtStart(): Promise<void> {
  const [editors, configuration] = await Promise.all([getService(IEditorService), getService(IConfigurationService)]);
  if (editors.count === 0 && configuration.getValue(setting) !== "none") await openWelcome();
}

async function openWelcome(): Promise<void> {
  const editors = await getService(IEditorService);
  await editors.openEditor(new WelcomeInput(), { pinned: true });
}

async function content({ desktop }: Connection, render: () => Promise<void>): Promise<HTMLElement[]> {
  const [commands, host, configuration, recent] = await Promise.all([
    getService(ICommandService),
    getService(IHostService),
    getService(IConfigurationService),
    desktop.recent(),
  ]);
  const run = (command: string) => () => void commands.executeCommand(command);
  const open = (path: string) => void host.openWindow([toOpen(path)], { forceReuseWindow: true });

  const rows = recent.slice(0, mostRecent).map((path) => {
    const { name, parent } = splitPath(path);
    return element(
      "li",
      {},
      link(name, () => open(path), path),
      " ",
      element("span", { class: "localcoder-quiet" }, parent),
    );
  });
  const box = element("input", {
    type: "checkbox",
    checked: configuration.getValue(setting) !== "none",
    onchange: () => void configuration.updateValue(setting, box.checked ? "welcomePage" : "none").then(render),
  });
  const parts: HTMLElement[] = [
    element("h1", {}, "LocalCoder"),
    element("h2", {}, words.recent),
    rows.length > 0
      ? element("ul", { class: "localcoder-welcome-list" }, ...rows)
      : element("p", { class: "localcoder-quiet" }, words.noRecent),
    element("h2", {}, words.start),
    element(
      "div",
      { class: "localcoder-bar" },
      button(words.openFolder, run("workbench.action.files.openFolder"), { primary: rows.length === 0 }),
      button(words.openFile, run("workbench.action.files.openFile")),
      button(words.newFile, run("workbench.action.files.newUntitledFile")),
    ),
  ];
  if (notice) {
    const { text, button: choice } = notice;
    parts.push(element("div", { class: "localcoder-bar", role: "status" }, text, choice && button(choice.label, () => choice.run())));
  }
  parts.push(element("label", { class: "localcoder-radio localcoder-quiet" }, box, words.showOnStart));
  return parts;
}

function toOpen(path: string) {
  const uri = URI.file(path);
  return path.endsWith(".code-workspace") ? { workspaceUri: uri } : { folderUri: uri };
}

function splitPath(path: string): { name: string; parent: string } {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return { name: path.slice(end + 1) || path, parent: path.slice(0, end) };
}
