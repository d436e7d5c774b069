import * as monaco from "bare-monaco-editor";

// The peer of our start and memory figures: the editor alone, with the TypeScript worker that its users have.
const text = new URLSearchParams(location.search).get("text") ?? "";
const editor = monaco.editor.create(document.getElementById("editor") as HTMLElement, { value: text, language: "typescript" });
editor.focus();
performance.mark("localcoder:typed-ready");
