/** Text as HTML shows it, also within attributes. */
export function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => names[character] as string);
}

/**
 * The Markdown that models write, as HTML: fences, headings, lists, quotes, code, bold and italics. Everything else, HTML
 * and links among it, stays text: nothing of an answer may become active in a page that is passed on.
 */
export function markdownToHtml(markdown: string): string {
  const lines = markdown.replace(/\r\n?/g, "\n").split("\n");
  const html: string[] = [];
  let paragraph: string[] = [];
  let list: { readonly tag: "ul" | "ol"; readonly items: string[] } | undefined;

  const endParagraph = () => {
    if (paragraph.length > 0) html.push(`<p>${paragraph.map(inline).join("<br>\n")}</p>`);
    paragraph = [];
  };
  const endList = () => {
    if (list) html.push(`<${list.tag}>${list.items.map((item) => `<li>${inline(item)}</li>`).join("")}</${list.tag}>`);
    list = undefined;
  };

  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] as string;
    const fence = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    const item = /^\s*(?:([-*+])|\d+[.)])\s+(.*)$/.exec(line);
    if (fence === undefined && item) {
      endParagraph();
      const tag = item[1] === undefined ? "ol" : "ul";
      if (list?.tag !== tag) endList();
      list ??= { tag, items: [] };
      list.items.push(item[2] as string);
      continue;
    }
    if (list && fence === undefined && line.trim() !== "" && /^\s/.test(line)) {
      list.items.push(`${list.items.pop()} ${line.trim()}`);
      continue;
    }
    endList();
    if (fence !== undefined) {
      endParagraph();
      const end = lines.findIndex(
        (other, at) => at > index && other.trim().startsWith(fence) && other.trim().replaceAll(fence[0] as string, "") === "",
      );
      const last = end === -1 ? lines.length : end;
      html.push(`<pre><code>${escapeHtml(lines.slice(index + 1, last).join("\n"))}</code></pre>`);
      index = last;
    } else if (heading) {
      endParagraph();
      // Below the headings of the page itself.
      const level = Math.min(6, (heading[1] as string).length + 2);
      html.push(`<h${level}>${inline(heading[2] as string)}</h${level}>`);
    } else if (line.trim() === "") endParagraph();
    else paragraph.push(line);
  }
  endParagraph();
  endList();
  return html.join("\n");
}

function inline(text: string): string {
  return text
    .split(/(`+[^`]*`+)/)
    .map((part) => {
      const code = /^(`+)([^`]*)\1$/.exec(part)?.[2];
      if (code !== undefined) return `<code>${escapeHtml(code)}</code>`;
      return escapeHtml(part)
        .replace(/\*\*([^*\n]+)\*\*/g, "<strong>$1</strong>")
        .replace(/(?<![\w*])\*([^*\s][^*\n]*)\*(?![\w*])/g, "<em>$1</em>");
    })
    .join("");
}
