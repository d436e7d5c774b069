import { leadingBlanks } from "../../edits/indent.ts";

/** The first line, from 1, whose depth does not fit in a language where depth matters; undefined where all fit. `code` is without strings and comments. */
export function wrongDepth(code: string): number | undefined {
  const depths: string[] = [];
  let opensBlock = false;
  let brackets = 0;
  let continues = false;
  for (const [index, line] of code.split("\n").entries()) {
    if (line.trim() === "") continue;
    if (brackets === 0 && !continues) {
      const blanks = leadingBlanks(line);
      const top = depths.at(-1);
      if (top === undefined) depths.push(blanks);
      else if (opensBlock) {
        if (blanks.length <= top.length) return index + 1;
        depths.push(blanks);
      } else {
        while (depths.length > 1 && (depths.at(-1) as string).length > blanks.length) depths.pop();
        if (depths.at(-1) !== blanks) return index + 1;
      }
    }
    for (const character of line) {
      if ("([{".includes(character)) brackets++;
      else if (")]}".includes(character)) brackets = Math.max(0, brackets - 1);
    }
    continues = line.trimEnd().endsWith("\\");
    opensBlock = brackets === 0 && line.trimEnd().endsWith(":");
  }
  return undefined;
}
