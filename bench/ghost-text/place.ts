/** A place in a document, and what stood there. */
export interface Place {
  readonly id: string;
  /** The file, relative to its workspace. */
  readonly path: string;
  readonly languageId: string;
  /** A folder with the other files of the project, if there are any. */
  readonly workspace?: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly wanted: string;
  /** Whether the rest of the cursor's line is judged, or all that was written. */
  readonly judged: "line" | "all";
  /** A program that ends well when the whole text is right. */
  readonly program?: (text: string) => string;
}

/** What somebody suggests at a place. */
export interface Answer {
  readonly text: string;
  /** Characters left and right of the cursor that the text replaces. */
  readonly takesBack: number;
  readonly replaces: number;
  /** Tokens of the prompt that were evaluated. */
  readonly evaluated: number;
  readonly generated: number;
  readonly milliseconds: number;
  /** Why nothing is shown, or why the writing ended. */
  readonly note: string;
  /** How the suggestion was checked, where it was. */
  readonly check?: string;
}

/** Somebody who completes code. */
export interface Subject {
  complete(place: Place): Promise<Answer>;
}

/** What counts of an answer at this place. */
export function judgedText(place: Place, answer: Answer): string {
  return place.judged === "line" ? (answer.text.split("\n")[0] ?? "") : answer.text;
}

/** The whole document with a text in it. */
export function insertedText(place: Place, text: string, { takesBack, replaces }: Pick<Answer, "takesBack" | "replaces">): string {
  return place.prefix.slice(0, place.prefix.length - takesBack) + text + place.suffix.slice(replaces);
}

/** The text left of the cursor in its line. */
export function leftOf(prefix: string): string {
  return prefix.slice(prefix.lastIndexOf("\n") + 1);
}

/** The text right of the cursor in its line. */
export function rightOf(suffix: string): string {
  return suffix.split("\n", 1)[0] ?? "";
}
