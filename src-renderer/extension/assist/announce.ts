/** Reads a streaming text aloud at the ends of its sentences, not at each token. */
export function createAnnouncer(say: (text: string) => void): { text(text: string): void; end(text: string): void } {
  let said = 0;
  return {
    text(text) {
      const rest = text.slice(said);
      const ends = [...rest.matchAll(/[.!?:](?=\s)|\n/g)];
      const last = ends.at(-1);
      if (!last) return;
      const upTo = last.index + last[0].length;
      const sentence = plain(rest.slice(0, upTo));
      said += upTo;
      if (sentence !== "") say(sentence);
    },
    end(text) {
      const rest = plain(text.slice(said));
      said = text.length;
      if (rest !== "") say(rest);
    },
  };
}

function plain(markdown: string): string {
  return markdown.replace(/[`*_#>]+/g, "").trim();
}
