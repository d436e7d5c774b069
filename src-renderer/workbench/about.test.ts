import { describe, expect, it } from "vitest";
import { aboutText } from "./about.ts";

const engine = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)";

describe("the text about the program", () => {
  it("names the versions of what draws the window", () => {
    const text = aboutText(
      { version: "1.2.3", platform: "linux" },
      `${engine} LocalCoder/1.2.3 Chrome/130.0.1 Electron/33.2.1 Safari/537.36`,
    );
    expect(text).toBe("Version: 1.2.3\nElectron: 33.2.1\nChromium: 130.0.1\nSystem: Linux\nLicence: Apache-2.0");
  });

  it("names what is there in a browser, and nothing as unknown", () => {
    const text = aboutText(
      { version: "1.2.3", platform: "darwin" },
      "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    );
    expect(text).toBe("Version: 1.2.3\nFirefox: 140.0\nSystem: macOS\nLicence: Apache-2.0");
  });
});
