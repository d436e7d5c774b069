export function resolveElectron(options?: { say?: (text: string) => void }): Promise<{
  executable: string;
  folder: string;
  version: string;
  source: "named" | "official" | "npm package";
}>;
