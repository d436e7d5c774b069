import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { productSchema } from "./product.ts";

const product = JSON.parse(readFileSync(join(import.meta.dirname, "../../product.json"), "utf8"));

describe("product.json", () => {
  it("is of the expected form", () => {
    expect(productSchema.safeParse(product).error).toBeUndefined();
  });

  it("names no host and nobody else", () => {
    expect(JSON.stringify(product)).not.toMatch(/https?:|wss?:|microsoft|copilot|github|codingame|vscode/i);
  });

  it("may not name an extension gallery", () => {
    expect(productSchema.safeParse({ ...product, extensionsGallery: { serviceUrl: "" } }).success).toBe(false);
  });
});
