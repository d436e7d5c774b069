import { type IEditorGroup, StandaloneServices } from "@codingame/monaco-vscode-api/services";
import { Codicon } from "@codingame/monaco-vscode-api/vscode/vs/base/common/codicons";
import type { IDisposable } from "@codingame/monaco-vscode-api/vscode/vs/base/common/lifecycle";
import type { ThemeIcon } from "@codingame/monaco-vscode-api/vscode/vs/base/common/themables";
import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import { IEditorService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/editor/common/editorService.service";
import {
  type EditorInput,
  RegisteredEditorPriority,
  registerEditor,
  registerEditorPane,
  registerEditorSerializer,
  SimpleEditorInput,
  SimpleEditorPane,
} from "@codingame/monaco-vscode-workbench-service-override";
import { type Disposable, disposableStack } from "#core/base/disposable";

const scheme = "localcoder";

/** A page of ours that opens as an editor tab. */
export interface PageOptions {
  readonly id: string;
  readonly title: string;
  readonly icon: keyof typeof Codicon;
}

/** Fills a page. `subject` is what it was opened for, for example a session. */
export type FillPage = (page: HTMLElement, subject: string, tab: PageTab) => Disposable;

/** The tab a page stands in. */
export interface PageTab {
  setTitle(title: string): void;
  close(): void;
}

/** A page the workbench knows. */
export interface Page {
  /** Opens the page, or goes to it where it is open already. */
  readonly open: (subject?: string) => Promise<void>;
  /** Says how it is filled. Tabs that were restored before that are filled now. */
  readonly fillWith: (fill: FillPage) => void;
}

/** Registers a kind of page with the workbench: before that starts, or it could not restore the tabs of the last time. */
export function registerPage({ id, title, icon }: PageOptions): Page {
  const typeId = `localcoder.page.${id}`;
  const filling = Promise.withResolvers<FillPage>();

  class PageInput extends SimpleEditorInput {
    constructor(
      readonly subject: string,
      name = title,
    ) {
      super(URI.from({ scheme, path: `/${id}/${subject}` }));
      this.setName(name);
    }
    override get typeId(): string {
      return typeId;
    }
    override getIcon(): ThemeIcon {
      return Codicon[icon];
    }
    override matches(other: EditorInput): boolean {
      return other instanceof PageInput && other.subject === this.subject;
    }
  }

  class PagePane extends SimpleEditorPane {
    constructor(group: IEditorGroup) {
      super(typeId, group);
    }
    override initialize(): HTMLElement {
      const page = document.createElement("div");
      page.className = "localcoder-page";
      page.tabIndex = 0;
      page.addEventListener("keydown", (event) => scrollByKey(event, this.wrapper));
      return page;
    }
    override async renderInput(input: EditorInput): Promise<IDisposable> {
      this.container.replaceChildren();
      this.wrapper.scrollTop = 0;
      this.container.setAttribute("aria-label", title);
      if (!(input instanceof PageInput)) return { dispose() {} };
      const shown = disposableStack();
      let gone = false;
      void filling.promise.then((fill) => {
        if (gone) return;
        const close = () => void this.group.closeEditor(input);
        shown.add(fill(this.container, input.subject, { setTitle: (name) => input.setName(name), close }));
      });
      return {
        dispose() {
          gone = true;
          shown.dispose();
        },
      };
    }
  }

  registerEditorPane(typeId, title, PagePane, [PageInput]);
  registerEditorSerializer(
    typeId,
    class {
      canSerialize = () => true;
      serialize = (input: EditorInput) => (input instanceof PageInput ? JSON.stringify([input.subject, input.getName()]) : undefined);
      deserialize(_accessor: unknown, text: string) {
        const [subject, name]: string[] = JSON.parse(text);
        return new PageInput(subject ?? "", name);
      }
    },
  );
  // The history of editors and quick open know a page by its address only.
  registerEditor(
    `${scheme}:/${id}/**`,
    {
      id: typeId,
      label: title,
      priority: {
        editor: RegisteredEditorPriority.exclusive,
        diff: RegisteredEditorPriority.exclusive,
        merge: RegisteredEditorPriority.exclusive,
      },
    },
    { singlePerResource: true, canSupportResource: (resource) => resource.scheme === scheme },
    { createEditorInput: ({ resource }) => ({ editor: new PageInput(resource.path.slice(id.length + 2)) }) },
  );
  return {
    async open(subject = "") {
      await StandaloneServices.get(IEditorService).openEditor(new PageInput(subject), { pinned: true });
    },
    fillWith: filling.resolve,
  };
}

/** The workbench's scroll area does not listen to keys by itself. */
function scrollByKey(event: KeyboardEvent, area: HTMLElement): void {
  if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
  const by: Readonly<Record<string, number>> = {
    ArrowDown: 40,
    ArrowUp: -40,
    PageDown: area.clientHeight * 0.9,
    PageUp: area.clientHeight * -0.9,
    Home: -area.scrollHeight,
    End: area.scrollHeight,
  };
  const distance = by[event.key];
  if (distance === undefined) return;
  area.scrollBy({ top: distance });
  event.preventDefault();
}
