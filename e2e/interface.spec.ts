import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { pseudoLocale, toPseudoLocale } from "../src-renderer/extension/pseudo-locale.ts";
import { better, cart, chord, selectLines } from "./assist.ts";
import { root, type Workbench } from "./launch.ts";
import { expect, runCommand, test } from "./scripted.ts";

// Small windows, large letters, no mouse, no motion: every view of ours stays whole.

const files = { "cart.ts": cart };

/** A view of ours: how a user comes to it, and what it is in the page. */
interface View {
  readonly name: string;
  readonly part: string;
  open(page: Page, run?: (page: Page, command: string) => Promise<void>): Promise<void>;
}

const runOurs = (page: Page, command: string) => runCommand(page, `LocalCoder: ${command}`);

const pages = ["Open models", "Open network", "Set up", "Show the last requests for ghost text", "Show statistics of ghost text"].map<View>(
  (command) => ({
    name: command,
    part: ".localcoder-page:visible",
    async open(page, run = runOurs) {
      await run(page, command);
      await expect(page.locator(".localcoder-page:visible h1")).toBeVisible();
    },
  }),
);

const views: readonly View[] = [
  {
    name: "answer",
    part: ".localcoder-card",
    async open(page) {
      await selectLines(page, "cart.ts", 3, 9);
      await chord(page, "x");
      await expect(page.locator('.localcoder-card [data-button="again"]')).toBeVisible();
    },
  },
  {
    name: "what the model saw",
    part: ".localcoder-page:visible",
    async open(page) {
      await page.locator(".localcoder-card .foot .localcoder-link").click();
      await expect(page.locator(".localcoder-budget")).toBeVisible();
    },
  },
  {
    name: "chat",
    part: ".localcoder-chat",
    async open(page, run = runOurs) {
      await runCommand(page, "View: Close Editor");
      await page.keyboard.press("Escape");
      await run(page, "Open chat");
      await page.locator(".localcoder-chat textarea").fill("What does total do? #file:cart.ts");
      await page.keyboard.press("Enter");
      await expect(page.locator(".localcoder-chat .turn.assistant:not(.running)")).toBeVisible();
    },
  },
  {
    name: "history",
    part: ".localcoder-history",
    async open(page, run = runOurs) {
      await run(page, "Open history");
      await expect(page.locator(".localcoder-history [data-session]").first()).toBeVisible();
    },
  },
  ...pages,
];

/** What stands out of a view at its sides, or is cut off within a control. */
function spilling(page: Page, part: string): Promise<string[]> {
  return page
    .locator(part)
    .first()
    .evaluate((view) => {
      const found: string[] = [];
      const scroller = view.scrollWidth > view.clientWidth + 1 ? `the view: ${view.scrollWidth} in ${view.clientWidth}` : undefined;
      if (scroller !== undefined) found.push(scroller);
      const edge = view.getBoundingClientRect();
      for (const each of view.querySelectorAll<HTMLElement>("button, input, select, textarea, a, summary, h1, h2, p, td, th")) {
        const box = each.getBoundingClientRect();
        if (box.width === 0 || box.height === 0) continue;
        // A table too wide for its page is scrolled in its frame; headings that only a screen reader needs are not drawn.
        const inScroller = each.closest(".localcoder-table-frame, thead") !== null;
        if (!inScroller && (box.right > edge.right + 1 || box.left < edge.left - 1)) found.push(`outside: ${each.outerHTML.slice(0, 120)}`);
        const isControl = each.matches("button, select");
        if (isControl && each.scrollWidth > each.clientWidth + 2) found.push(`cut off: ${each.outerHTML.slice(0, 120)}`);
      }
      return found;
    });
}

async function resize({ page, electron }: Workbench, width: number, height: number, zoom: number): Promise<void> {
  if (electron === undefined) await page.setViewportSize({ width: width / zoom, height: height / zoom });
  else
    await electron.evaluate(
      ({ BrowserWindow }, size) => {
        const [window] = BrowserWindow.getAllWindows();
        window?.setContentSize(size.width, size.height);
        window?.webContents.setZoomFactor(size.zoom);
      },
      { width, height, zoom },
    );
  await expect.poll(() => page.evaluate(() => innerWidth)).toBeLessThanOrEqual(Math.ceil(width / zoom));
}

/** Goes through a page with Tab alone; answers the controls that were not reached, or where nobody sees that they were. */
async function unreached(page: Page, part: string): Promise<string[]> {
  const view = page.locator(part).first();
  const mark = () =>
    view.evaluate((root) => {
      const focused = document.activeElement;
      if (!(focused instanceof HTMLElement) || !root.contains(focused)) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
      // A field of text shows its cursor.
      const hasCursor = focused.matches("textarea, input:not([type=checkbox])");
      const isVisible = hasCursor || (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
      focused.setAttribute("data-reached", isVisible ? "visible" : "unseen");
      return true;
    });
  await view.evaluate((root) => {
    for (const each of root.querySelectorAll("[data-reached]")) each.removeAttribute("data-reached");
    root.setAttribute("tabindex", "-1");
    (root as HTMLElement).focus();
  });
  const count = await view.locator("button, input, select, textarea, a[href], summary").count();
  for (let step = 0; step < count + 2; step += 1) {
    await page.keyboard.press("Tab");
    if (!(await mark())) break;
  }
  return view.evaluate((root) =>
    [...root.querySelectorAll<HTMLElement>("button, input, select, textarea, a[href], summary, [role=button], [role=checkbox]")]
      .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.matches(":disabled, [tabindex='-1']"))
      .filter((each) => each.dataset.reached !== "visible")
      .map((each) => `${each.dataset.reached ?? "not reached"}: ${each.outerHTML.slice(0, 140)}`),
  );
}

test("@electron every control is reached with Tab, and shows that it is", async ({ openScripted }) => {
  const { page } = await openScripted({ answer: better }, { files });
  for (const view of views) {
    await view.open(page);
    expect.soft([view.name, await unreached(page, view.part)]).toEqual([view.name, []]);
  }
});

test("@electron nothing moves for those who asked for that", async ({ openScripted }) => {
  const { page } = await openScripted({ answer: better, millisecondsPerToken: 300 }, { files });
  const moving = () =>
    page.evaluate(() =>
      document
        .getAnimations()
        .filter(({ playState }) => playState === "running")
        .map(({ effect }) => (effect as KeyframeEffect | null)?.target?.closest("[class*=localcoder]")?.className)
        .filter((name) => name !== undefined),
    );
  await selectLines(page, "cart.ts", 3, 9);
  await chord(page, "x");
  await expect.poll(moving).not.toEqual([]);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await expect.poll(moving).toEqual([]);
  await expect(page.locator('.localcoder-card [data-button="stop"]')).toBeVisible();
});

for (const { name, width, height, zoom } of [
  { name: "900 x 600", width: 900, height: 600, zoom: 1 },
  { name: "1280 x 800 at 200 %", width: 1280, height: 800, zoom: 2 },
]) {
  test(`@electron every view fits into ${name}`, async ({ openScripted }, testInfo) => {
    const workbench = await openScripted({ answer: better }, { files });
    const { page } = workbench;
    await resize(workbench, width, height, zoom);
    for (const view of views) {
      await view.open(page);
      await page.screenshot({ path: testInfo.outputPath(`${view.name}.png`) });
      expect.soft([view.name, await spilling(page, view.part)]).toEqual([view.name, []]);
    }
  });
}

/** Words of our views that were not taken from the list of all words: without the marks of the language that nobody speaks. */
function hardCoded(page: Page, part: string): Promise<string[]> {
  return page
    .locator(part)
    .first()
    .evaluate((view, known) => {
      const found: string[] = [];
      const look = (text: string | null | undefined, where: Element | null) => {
        let rest = text ?? "";
        // Words stand within words.
        while (/⟦[^⟦⟧]*⟧/.test(rest)) rest = rest.replaceAll(/⟦[^⟦⟧]*⟧/g, "");
        for (const name of known) rest = rest.replaceAll(name, "");
        // What a model wrote or was given is nobody's word of ours.
        if (/\p{L}{3}/u.test(rest) && !where?.closest("pre, .answer, .body"))
          found.push(`${where?.tagName.toLowerCase()}.${where?.className}: ${text?.trim()}`);
      };
      const texts = document.createTreeWalker(view, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) look(texts.currentNode.textContent, texts.currentNode.parentElement);
      for (const each of view.querySelectorAll("*"))
        for (const name of ["title", "aria-label", "placeholder", "alt"]) look(each.getAttribute(name), each);
      return found;
    }, names);
}

const catalogue = JSON.parse(readFileSync(join(root, "resources", "models.json"), "utf8")) as readonly {
  readonly name: string;
  readonly licence: { readonly name: string };
}[];

/**
 * What is not a word of the window: names of models, licences, files, of the machine and of this test, and what the engine says
 * in each face, which are the names of actions, of sessions, of what a model was given, and why a model is recommended.
 */
const names: readonly (string | RegExp)[] = [
  ...catalogue.flatMap(({ name, licence }) => [name, licence.name]),
  ...(cpus()[0]?.model.split(/\s+/) ?? []),
  /Recommended for [^:]+: it takes about [\d.]+ GB of this machine's \d+ GB of memory\./g,
  /Tiny random|scripted|this machine|#file:|\S*cart\.ts|What does total do\?/g,
  /Explain selection|Explain total in|, lines 3–9|Explain/g,
  /instructions|always|(before|after) the selection, 2 lines|selection|nearby code/g,
];

const runPseudo = (page: Page, command: string) => runCommand(page, `${toPseudoLocale("LocalCoder")}: ${toPseudoLocale(command)}`);

test("every word of ours comes from the list of all words", async ({ face, openScripted }, testInfo) => {
  test.skip(face === "electron", "The window has the language of the system.");
  const { page } = await openScripted({ answer: better }, { files, locale: pseudoLocale });
  for (const view of views) {
    await view.open(page, runPseudo);
    await page.screenshot({ path: testInfo.outputPath(`${view.name}.png`) });
    expect.soft([view.name, await hardCoded(page, view.part)]).toEqual([view.name, []]);
  }
});
