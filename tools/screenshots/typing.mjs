import { setTimeout as wait } from "node:timers/promises";

/** What is typed in the recording, line by line; the editor indents. */
const lines = [
  "return items.reduce((sum, item) => sum + lineTotal(item), 0);",
  "}",
  "",
  "/** How many pieces are in the cart. */",
  "export function count(items: readonly Item[]): number {",
  "return items.reduce((sum, item) => sum + item.quantity, 0);",
  "}",
  "",
  "/** The names of what is in the cart. */",
  "export function names(items: readonly Item[]): string[] {",
  "return items.map((item) => item.name);",
  "}",
];

/** Milliseconds: between keys, in thought at the start of a line, and to read a suggestion before it is taken. */
const pace = { key: 170, spread: 100, line: 900, read: 800 };

/** Types as a person who knows what is to be written, and takes each suggestion that says just that. Answers how many were taken. */
export async function typeAsAPerson(page) {
  const random = createRandom(5);
  let taken = 0;
  for (let number = 0; number < lines.length; number++) {
    let rest = lines[number] ?? "";
    await wait(pace.line * (0.5 + random()));
    while (rest !== "") {
      const suggested = await suggestion(page);
      const more = suggested.length < 4 ? -1 : linesWhere(suggested, rest, number);
      if (more >= 0) {
        await wait(pace.read);
        if ((await suggestion(page)) !== suggested) continue;
        await page.keyboard.press("Tab");
        taken += 1;
        number += more;
        break;
      }
      await page.keyboard.type(rest.charAt(0));
      rest = rest.slice(1);
      await wait(pace.key + pace.spread * (random() - 0.5));
    }
    if (number < lines.length - 1) await page.keyboard.press("Enter");
  }
  return taken;
}

/** How many further lines a suggestion completes besides the rest of this one; -1 where it says something else. */
function linesWhere(suggested, rest, number) {
  let wanted = withoutBlanks(rest);
  for (let more = 0; number + more < lines.length; more++) {
    if (more > 0) wanted += withoutBlanks(lines[number + more]);
    if (wanted === suggested) return more;
  }
  return -1;
}

async function suggestion(page) {
  const texts = await page.locator(".view-lines .ghost-text-decoration, .view-lines .ghost-text, .suggest-preview-text").allTextContents();
  return withoutBlanks(texts.join(""));
}

function withoutBlanks(text) {
  return text.replace(/[\s\u00a0·]/g, "");
}

/** The same pauses in each recording. */
function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
