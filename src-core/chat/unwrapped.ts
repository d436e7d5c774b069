const asksForMarkdown = /markdown|readme|changelog|\.md\b/i;

/**
 * An answer that a small model put as a whole into one block of Markdown, without that block, also while it is being written: so that it is
 * drawn, and code in it is code. It stays where the question asks for a text in Markdown, and where more follows the block.
 */
export function unwrapped(answer: string, question: string): string {
  const [opening, ...lines] = answer.trimStart().split("\n");
  if (!/^```(?:markdown|md)\s*$/i.test(opening ?? "") || lines.length === 0 || asksForMarkdown.test(question)) return answer;
  let isCode = false;
  for (const [index, line] of lines.entries()) {
    const fence = /^\s*```(.*)$/.exec(line)?.[1]?.trim();
    if (fence === undefined) continue;
    // One that names no language, where no code is open, closes the block around all.
    if (!isCode && fence === "")
      return lines
        .slice(index + 1)
        .join("")
        .trim() === ""
        ? lines.slice(0, index).join("\n")
        : answer;
    isCode = !isCode;
  }
  return lines.join("\n");
}
