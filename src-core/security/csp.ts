/** Where the page may take its two side pages from: own origins on the desktop, its own origin in the browser. */
export type PolicyPlace = "desktop" | "browser";

/** The Content-Security-Policy header of the window's page. Whoever serves index.html and our own workers sends exactly this. */
export function windowPolicy(place: PolicyPlace): string {
  const webview = place === "desktop" ? "app://webview" : "'self'";
  const extensionHost = place === "desktop" ? "app://exthost" : "'self'";
  return [
    "default-src 'none'",
    // WebAssembly runs the grammars; there is no eval and no inline script.
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "child-src 'self' blob:",
    `frame-src 'self' ${unique([webview, extensionHost])}`.trim(),
    // The workbench sets style attributes.
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' ${webview} data: blob:`,
    "font-src 'self' data:",
    "media-src 'self' data: blob:",
    // WebSockets of the browser version are on the same origin, which 'self' covers.
    `connect-src 'self' ${extensionHost}`,
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

/** The policy of the page that holds the extension host: code from our own origin, and no network. */
export function extensionHostPolicy(scriptHash: string): string {
  return [
    "default-src 'none'",
    "child-src 'self' data: blob:",
    "worker-src 'self' data: blob:",
    `script-src 'self' 'unsafe-eval' ${scriptHash} data: extension-file: app: blob:`,
    "connect-src 'self' data: extension-file: app: blob:",
  ].join("; ");
}

function unique(words: readonly string[]): string {
  return [...new Set(words)].filter((word) => word !== "'self'").join(" ");
}
