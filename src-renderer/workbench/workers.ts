/** Stands in for the real Worker, so that Vite bundles each worker and the workbench starts it where it wants. */
class Worker {
  constructor(
    readonly url: URL,
    readonly options: WorkerOptions,
  ) {}
}

const workers: Readonly<Record<string, Worker>> = {
  editorWorkerService: new Worker(new URL("monaco-editor/esm/vs/editor/editor.worker.js", import.meta.url), { type: "module" }),
  extensionHostWorkerMain: new Worker(new URL("@codingame/monaco-vscode-api/workers/extensionHost.worker", import.meta.url), {
    type: "module",
  }),
  TextMateWorker: new Worker(new URL("@codingame/monaco-vscode-textmate-service-override/worker", import.meta.url), { type: "module" }),
  OutputLinkDetectionWorker: new Worker(new URL("@codingame/monaco-vscode-output-service-override/worker", import.meta.url), {
    type: "module",
  }),
  LanguageDetectionWorker: new Worker(
    new URL("@codingame/monaco-vscode-language-detection-worker-service-override/worker", import.meta.url),
    { type: "module" },
  ),
  NotebookEditorWorker: new Worker(new URL("@codingame/monaco-vscode-notebook-service-override/worker", import.meta.url), {
    type: "module",
  }),
  LocalFileSearchWorker: new Worker(new URL("@codingame/monaco-vscode-search-service-override/worker", import.meta.url), {
    type: "module",
  }),
};

/** Tells the workbench where its workers are. The one of the extension host must lie on the origin of its page. */
export function provideWorkers(extensionHostOrigin: string | undefined): void {
  window.MonacoEnvironment = {
    getWorkerUrl: (_moduleId, label) => {
      const url = workers[label]?.url.toString();
      if (!url || label !== "extensionHostWorkerMain" || !extensionHostOrigin) return url;
      return extensionHostOrigin + new URL(url).pathname;
    },
    getWorkerOptions: (_moduleId, label) => workers[label]?.options,
  };
}
