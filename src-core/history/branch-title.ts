const numbered = /^(.*) \(branch(?: (\d+))?\)$/su;

/** What a branch of a thread is called: as the thread, with a word and, where that is taken, a number behind it. */
export function branchTitle(title: string, taken: (title: string) => boolean): string {
  const own = numbered.exec(title)?.[1] ?? title;
  let found = `${own} (branch)`;
  for (let number = 2; taken(found); number += 1) found = `${own} (branch ${number})`;
  return found;
}
