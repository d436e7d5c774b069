import { createAnnouncer } from "../assist/announce.ts";

/** Reads one answer after the other aloud while it comes; called with what there is of it, and without a text when none is written. */
export function announceAnswers(say: (text: string) => void): (text: string | undefined) => void {
  let announcer = createAnnouncer(say);
  let announced = "";
  return (text) => {
    if (text !== undefined) {
      if (announced === "") announcer = createAnnouncer(say);
      announced = text;
      announcer.text(text);
    } else if (announced !== "") {
      announcer.end(announced);
      announced = "";
    }
  };
}
