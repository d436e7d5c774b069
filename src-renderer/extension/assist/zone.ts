import type { ICodeEditor, IOverlayWidget, IViewZone } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import { EditorOption } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/config/editorOptions";
import { type Disposable, toDisposable } from "#core/base/disposable";
import { scrollByWheel } from "./internals.ts";

/** Room between two lines of an editor that holds elements one can click, focus and select in. */
export interface Zone extends Disposable {
  /** Puts the zone below another line; 0 is above the first. */
  moveTo(line: number): void;
}

let count = 0;

/**
 * Opens room below a line and lays an element over it. The element lies in an overlay because elements in the room
 * itself are below the text layer and get no mouse. The room is as high as the element.
 */
export function openZone(editor: ICodeEditor, content: HTMLElement, afterLine: number, order: number): Zone {
  content.classList.add("localcoder-zone");
  const room = document.createElement("div");
  const zone: IViewZone = {
    afterLineNumber: afterLine,
    heightInPx: 24,
    domNode: room,
    ordinal: order,
    showInHiddenAreas: true,
    suppressMouseDown: true,
    onDomNodeTop: (top) => {
      content.style.top = `${top}px`;
    },
  };
  let id = "";
  editor.changeViewZones((accessor) => {
    id = accessor.addZone(zone);
  });

  count++;
  const widgetId = `localcoder.zone.${count}`;
  const widget: IOverlayWidget = { getId: () => widgetId, getDomNode: () => content, getPosition: () => null };
  editor.addOverlayWidget(widget);

  const place = () => {
    const layout = editor.getOption(EditorOption.layoutInfo);
    content.style.left = `${layout.contentLeft}px`;
    content.style.width = `${Math.max(120, layout.width - layout.contentLeft - layout.minimap.minimapWidth - layout.verticalScrollbarWidth - 12)}px`;
    content.style.setProperty("--localcoder-editor-height", `${layout.height}px`);
  };
  place();
  const resized = new ResizeObserver(() => {
    const height = content.offsetHeight;
    // Zero while the editor is hidden: then the last height is the better guess.
    if (height === 0 || height === zone.heightInPx) return;
    zone.heightInPx = height;
    editor.changeViewZones((accessor) => accessor.layoutZone(id));
  });
  resized.observe(content);
  const layout = editor.onDidLayoutChange(place);
  // The wheel over the element scrolls the editor, unless something inside can scroll itself.
  const scroll = (event: WheelEvent) => {
    for (let node = event.target as HTMLElement | null; node && node !== content; node = node.parentElement) {
      if (node.scrollHeight > node.clientHeight + 1 && getComputedStyle(node).overflowY === "auto") return;
    }
    scrollByWheel(editor, event);
  };
  content.addEventListener("wheel", scroll, { passive: true });

  const closing = toDisposable(() => {
    resized.disconnect();
    layout.dispose();
    content.removeEventListener("wheel", scroll);
    const focused = content.contains(document.activeElement);
    editor.removeOverlayWidget(widget);
    editor.changeViewZones((accessor) => accessor.removeZone(id));
    if (focused) editor.focus();
  });
  return {
    moveTo(line) {
      if (zone.afterLineNumber === line) return;
      zone.afterLineNumber = line;
      editor.changeViewZones((accessor) => accessor.layoutZone(id));
    },
    dispose: closing.dispose,
  };
}
