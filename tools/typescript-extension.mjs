// VS Code's own TypeScript extension, over the engine's language server instead of one within the page, which knows single files only.

/**
 * Stands in the extension for the process it would start: what it writes goes to the engine by commands of the page, and what the
 * server says comes back by a command of its own. Becomes text; it may use nothing from outside.
 */
function startEngineServer(vscode) {
  const key = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  const listeners = { data: [], exit: [], error: [] };
  const registrations = [
    vscode.commands.registerCommand(`_localcoder.typescript.said.${key}`, (messages) => {
      for (const message of messages) for (const listener of listeners.data) listener(message);
    }),
    vscode.commands.registerCommand(`_localcoder.typescript.exited.${key}`, (code) => {
      for (const registration of registrations) registration.dispose();
      for (const listener of listeners.exit) listener(code, null);
    }),
  ];
  const run = (name, ...parameters) =>
    vscode.commands.executeCommand(`_localcoder.typescript.${name}`, key, ...parameters).then(undefined, (error) => {
      for (const listener of listeners.error) listener(error);
    });
  run("open");
  return {
    write: (request) => void run("write", request),
    onData: (listener) => void listeners.data.push(listener),
    onExit: (listener) => void listeners.exit.push(listener),
    onError: (listener) => void listeners.error.push(listener),
    kill: () => void run("close"),
  };
}

/** Replaces what must be there exactly once; another version of the extension ends the build instead of the feature. */
function replaceOnce(source, pattern, replacement) {
  const found = source.match(new RegExp(pattern, "g")) ?? [];
  if (found.length !== 1) throw new Error(`VS Code's TypeScript extension has ${found.length} places like ${pattern}.`);
  return source.replace(pattern, replacement);
}

/** Gives the text of the extension a server of the engine. */
export function overEngine(source) {
  // It takes itself for one in a browser; with a server that has the files it is one on a desktop: whole projects, real paths.
  const onDesktop = replaceOnce(
    source,
    /return!\(typeof process=="object"&&process\.versions\.node\)&&[\w$]+\.env\.uiKind===[\w$]+\.UIKind\.Web/,
    "return false",
  );
  const overCommands = replaceOnce(
    onDesktop,
    /return new [\w$]+\([\w$]+,[\w$]+,this\._extensionUri,[\w$]+,[\w$]+,this\._logger\)/,
    'return startEngineServer(require("vscode"))',
  );
  return `${overCommands}\n${startEngineServer}\n`;
}
