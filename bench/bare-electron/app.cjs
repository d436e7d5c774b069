// The smallest Electron app that shows something: one window with one line, over a scheme of its own as ours does.
const { app, BrowserWindow, protocol } = require("electron");

protocol.registerSchemesAsPrivileged([{ scheme: "app", privileges: { standard: true, secure: true } }]);
app.whenReady().then(() => {
  protocol.handle("app", () => new Response("<!doctype html><p>Bare Electron</p>", { headers: { "content-type": "text/html" } }));
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    webPreferences: { sandbox: process.getuid?.() !== 0, contextIsolation: true },
  });
  window.loadURL("app://bench/index.html");
});
app.on("window-all-closed", () => app.quit());
