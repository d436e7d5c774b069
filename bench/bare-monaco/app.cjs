// The smallest Electron app that shows bare Monaco, over a scheme of its own as ours does.
const { app, BrowserWindow, net, protocol } = require("electron");
const { join, normalize } = require("node:path");
const { pathToFileURL } = require("node:url");

const page = join(__dirname, "..", "..", "out", "bench", "bare-monaco");
protocol.registerSchemesAsPrivileged([
  { scheme: "app", privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
]);
app.whenReady().then(() => {
  protocol.handle("app", (request) => net.fetch(pathToFileURL(join(page, normalize(new URL(request.url).pathname))).href));
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    webPreferences: { sandbox: process.getuid?.() !== 0, contextIsolation: true },
  });
  window.loadURL("app://bench/index.html");
});
app.on("window-all-closed", () => app.quit());
