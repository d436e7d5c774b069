import type { Page } from "@playwright/test";
import { expect, runCommand, test } from "./scripted.ts";

// What a screen reader is given of the Models page and of the wizard: the accessibility tree as the browser makes it, not our markup.

interface AccessibleNode {
  readonly role: string;
  readonly name: string;
  /** Properties such as `live`, `pressed`, `expanded`, `level`. */
  readonly has: Readonly<Record<string, unknown>>;
}

/** The nodes of our page in the order they are read. */
async function readPage(page: Page): Promise<readonly AccessibleNode[]> {
  const session = await page.context().newCDPSession(page);
  try {
    const { root } = await session.send("DOM.getDocument");
    const { nodeId } = await session.send("DOM.querySelector", {
      nodeId: root.nodeId,
      selector: ".localcoder-page.shown, .localcoder-page",
    });
    const { node } = await session.send("DOM.describeNode", { nodeId });
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const byId = new Map(nodes.map((each) => [each.nodeId, each]));
    const ours: AccessibleNode[] = [];
    const walk = (id: string) => {
      const each = byId.get(id);
      if (!each) return;
      if (!each.ignored) {
        ours.push({
          role: String(each.role?.value ?? ""),
          name: String(each.name?.value ?? ""),
          has: Object.fromEntries((each.properties ?? []).map(({ name, value }) => [name, value.value])),
        });
      }
      for (const child of each.childIds ?? []) walk(child);
    };
    const start = nodes.find((each) => each.backendDOMNodeId === node.backendNodeId);
    if (!start) throw new Error("The page is not in the accessibility tree.");
    walk(start.nodeId);
    return ours;
  } finally {
    await session.detach();
  }
}

const operable = ["button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "spinbutton", "DisclosureTriangle"];

function expectNames(nodes: readonly AccessibleNode[]): void {
  const things = nodes.filter(({ role }) => operable.includes(role));
  expect(things.length).toBeGreaterThan(1);
  expect(things.filter(({ name }) => name.trim() === "")).toEqual([]);
}

const named = (nodes: readonly AccessibleNode[], role: string) => nodes.filter((each) => each.role === role).map(({ name }) => name);

test("the Models page is a named table of named things for a screen reader, and a download is told as it goes", async ({
  openScripted,
}) => {
  const { page } = await openScripted({ answer: "yes" });
  await runCommand(page, "LocalCoder: Open models");
  await expect(page.locator(".localcoder-page:visible tbody tr").nth(3)).toBeVisible();
  const nodes = await readPage(page);
  expectNames(nodes);
  expect(nodes.filter(({ role }) => role === "heading").map(({ has }) => has.level)).toContain(1);
  expect(named(nodes, "table")).toContain("Models");
  expect(named(nodes, "columnheader").length).toBeGreaterThan(4);
  expect(named(nodes, "columnheader").filter((name) => name === "")).toEqual([]);
  // One row is told from another by the name of its model, which is read with each of its cells.
  const headers = named(nodes, "rowheader");
  expect(headers).toHaveLength(named(nodes, "row").length - 1);
  expect(headers.filter((name) => name.trim() === "")).toEqual([]);
  // What changes by itself is said, and nothing is said over what somebody reads.
  const live = nodes.filter(({ has }) => has.live !== undefined && has.live !== "off");
  expect(live.length).toBeGreaterThan(0);
  expect(live.every(({ has }) => has.live === "polite")).toBe(true);
  // Filters say which one is on.
  expect(nodes.filter(({ role, has }) => role === "button" && has.pressed === "true")).toHaveLength(1);
});

test("the wizard says where one is, and each of its steps is read and gone through by keys", async ({ openScripted }) => {
  const { page } = await openScripted({}, { firstRun: true });
  const wizard = page.locator(".localcoder-page");
  for (const step of ["This machine", "The model", "Done"]) {
    await expect(wizard.locator("h1")).toHaveText(step);
    if (step === "The model") await expect(wizard).toContainText("Recommended");
    const nodes = await readPage(page);
    expectNames(nodes);
    expect(named(nodes, "heading")).toContain(step);
    expect(named(nodes, "listitem").length + named(nodes, "StaticText").filter((name) => name.includes(step)).length).toBeGreaterThan(0);
    await wizard.locator('[data-button="next"]').focus();
    if (step !== "Done") await page.keyboard.press("Enter");
    // The next step is where the keyboard is.
    if (step !== "Done") await expect(wizard.locator("h1")).toBeFocused();
  }
});
