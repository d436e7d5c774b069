import { contextBridge, ipcRenderer, webFrame, webUtils } from "electron";

// Hands ports to the page, and nothing else: the page speaks to the engine and to main over them.
contextBridge.exposeInMainWorld("localcoder", {
  desktop: true,
  /** Where a file lies that the user dropped on the window. */
  pathOf: (file: File) => webUtils.getPathForFile(file),
  setZoomLevel: (level: number) => webFrame.setZoomLevel(level),
});

ipcRenderer.on("localcoder:port", (event, { name }: { name: string }) => {
  window.postMessage({ type: "localcoder:port", name }, "*", [...event.ports]);
});

// Module scripts have run by then, so the page listens.
window.addEventListener("DOMContentLoaded", () => ipcRenderer.send("localcoder:ready"));
