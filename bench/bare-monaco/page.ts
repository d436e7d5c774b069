import * as monaco from "bare-monaco-editor";

// The peer of our start and memory figures: the editor alone, with the TypeScript worker that its users have.
const text = "export function area(width: number, height: number): number {\n  return width * height;\n}\n".repeat(40);
const editor = monaco.editor.create(document.getElementById("editor") as HTMLElement, { value: text, language: "typescript" });
editor.focus();
performance.mark("localcoder:typed-ready");
