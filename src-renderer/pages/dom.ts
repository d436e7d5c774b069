type Child = Node | string | false | null | undefined;

/** Attributes and listeners of an element; `onclick` and the like are listeners, `true` is an attribute without a value. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>>;

/** Makes one element. Text is always text: nothing here parses HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.replace(/^on/, ""), value as unknown as (event: Event) => void);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== undefined && value !== false) node.setAttribute(name, String(value));
  }
  node.append(...present(children));
  return node;
}

/** Puts other children in the place of all there are. */
export function replaceChildren(node: Element, ...children: readonly Child[]): void {
  node.replaceChildren(...present(children));
}

/** A button of the workbench's look. */
export function button(
  label: string,
  press: () => void,
  options: { primary?: boolean; disabled?: boolean; title?: string; icon?: string; id?: string; key?: string } = {},
): HTMLButtonElement {
  return element(
    "button",
    {
      type: "button",
      class: `localcoder-button ${options.primary ? "primary" : "secondary"}`,
      disabled: options.disabled,
      title: options.title,
      "data-button": options.id,
      "data-key": options.key,
      onclick: press,
    },
    options.icon && icon(options.icon),
    element("span", {}, label),
  );
}

/** A button that looks like a link. */
export function link(label: string, press: () => void, title?: string): HTMLButtonElement {
  return element("button", { type: "button", class: "localcoder-link", title, onclick: press }, label);
}

/** A button with nothing but an icon; its label is read aloud and shown as a hint. */
export function iconButton(name: string, label: string, press: () => void): HTMLButtonElement {
  return element(
    "button",
    { type: "button", class: "localcoder-icon-button", title: label, "aria-label": label, onclick: press },
    icon(name),
  );
}

/** A table that scrolls by itself where the page is too narrow for it, also with the keys alone. */
export function table(label: string, columns: readonly string[], rows: readonly HTMLElement[]): HTMLElement {
  return element(
    "div",
    // Scrolled from the keyboard it must have the focus, and keep it while it is drawn anew.
    { class: "localcoder-table-frame", role: "region", "aria-label": label, tabindex: 0, "data-key": `table ${label}` },
    element(
      "table",
      { "aria-label": label },
      element("thead", {}, element("tr", {}, ...columns.map((column) => element("th", { scope: "col" }, column)))),
      element("tbody", {}, ...rows),
    ),
  );
}

/** One of the workbench's own icons. */
export function icon(name: string): HTMLSpanElement {
  return element("span", { class: `codicon codicon-${name}`, "aria-hidden": "true" });
}

/** A bar from 0 to 1; without a value it only says that something goes on. */
export function progressBar(label: string, value?: number): HTMLProgressElement {
  return element("progress", { class: "localcoder-progress", "aria-label": label, max: 1, value });
}

function present(children: readonly Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => child instanceof Node || (typeof child === "string" && child !== ""));
}

/** Like {@link replaceChildren}, but the focus goes to the new element with the same `data-key` as the old one. */
export function redraw(node: Element, ...children: readonly Child[]): void {
  keepingFocus(node, () => node.replaceChildren(...present(children)));
}

/** Like {@link redraw} for elements of which most are there already: these stay in the document and are not laid out anew. */
export function arrange(node: Element, children: readonly Element[]): void {
  keepingFocus(node, () => {
    const wanted = new Set(children);
    for (const child of [...node.children]) if (!wanted.has(child)) child.remove();
    let next = node.firstElementChild;
    for (const child of children) {
      if (child === next) next = next.nextElementSibling;
      else node.insertBefore(child, next);
    }
  });
}

function keepingFocus(node: Element, change: () => void): void {
  const focused = document.activeElement;
  const key = focused && node.contains(focused) ? focused.closest("[data-key]")?.getAttribute("data-key") : undefined;
  change();
  if (key && document.activeElement !== focused) node.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
}
