import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  root: here,
  base: "./",
  build: { outDir: `${here}../../out/bench/bare-monaco`, emptyOutDir: true, target: "chrome130", chunkSizeWarningLimit: 20_000 },
  worker: { format: "es" },
});
