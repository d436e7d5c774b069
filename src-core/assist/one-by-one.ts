import type { ErrorCode } from "../base/errors.ts";
import type { AssistAction } from "./action.ts";

/** Failures that are about the lines that were asked about; with any other one, the next lines fail as well. */
const aboutLines: readonly ErrorCode[] = [
  "SELECTION_TOO_LONG",
  "BAD_INPUT",
  "POSITION_OUTSIDE_FILE",
  "UNSUPPORTED",
  "INFERENCE_STOPPED",
  "INTERNAL",
];

/** True for a failure after which the other places are asked about all the same. */
export function isOfOnePlace(code: ErrorCode): boolean {
  return aboutLines.includes(code);
}

/** UTF-16 units of code that a token is worth. */
const unitsPerToken = 3.3;
/** Tokens of what a model is told to do, and of the comment it writes where only that is wanted. */
const instructions = 200;
const comment = 60;

/** How many seconds places take, by the speed that was measured of the model: an estimate, without further tries. */
export function expectedSeconds(
  action: Pick<AssistAction, "takesDocumentation">,
  places: readonly { readonly start: number; readonly end: number }[],
  { reading, writing }: { readonly reading: number; readonly writing: number },
): number {
  const of = ({ start, end }: { readonly start: number; readonly end: number }) => {
    const tokens = (end - start) / unitsPerToken;
    return (instructions + tokens) / reading + (action.takesDocumentation ? comment : tokens) / writing;
  };
  return places.reduce((sum, place) => sum + of(place), 0);
}

/** Seconds as somebody would say them, who does not know them exactly. */
export function roughly(seconds: number): string {
  if (seconds < 50) return "less than a minute";
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `about ${minutes <= 1 ? "a minute" : `${minutes} minutes`}`;
  return `about ${Math.round(minutes / 60)} hours`;
}
