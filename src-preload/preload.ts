import { contextBridge, ipcRenderer, webFrame, webUtils } from "electron";

// Hands ports to the page, and nothing else: the page speaks to the engine and to main over them.
contextBridge.exposeInMainWorld("localcoder", {
  desktop: true,
  /** Where a file lies that the user dropped on the window. */
  pathOf: (file: File) => webUtils.getPathForFile(file),
  setZoomLevel: (level: number) => webFrame.setZoomLevel(level),
});

// Ports for the page before a reload may arrive in the one after it, whose own would then cut off what it has begun.
const pageId = crypto.randomUUID();

ipcRenderer.on("localcoder:port", (event, { name, page }: { name: string; page: string }) => {
  if (page === pageId) window.postMessage({ type: "localcoder:port", name }, "*", [...event.ports]);
  else for (const port of event.ports) port.close();
});

// Module scripts have run by then, so the page listens.
window.addEventListener("DOMContentLoaded", () => ipcRenderer.send("localcoder:ready", pageId));
