import { safeStorage } from "electron";

/** What the engine asks of the keyring, which only this process reaches. */
export interface KeyringQuestion {
  readonly action: "available" | "lock" | "unlock";
  readonly text: string;
}

/** Locks and unlocks texts with the keyring of the system; "yes" or "no" says whether there is one. Throws where it refuses. */
export function askKeyring({ action, text }: KeyringQuestion): string {
  switch (action) {
    case "available":
      return hasKeyring() ? "yes" : "no";
    case "lock":
      return safeStorage.encryptString(text).toString("base64");
    case "unlock":
      return safeStorage.decryptString(Buffer.from(text, "base64"));
  }
}

/** On Linux Electron falls back to a password that everybody knows, which is none. */
function hasKeyring(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false;
  return process.platform !== "linux" || safeStorage.getSelectedStorageBackend() !== "basic_text";
}
