import type { InfillLayout } from "../contracts/inference.ts";

const anchors: Readonly<Record<InfillLayout["anchor"], string>> = {
  cursor: "the hole opens at the cursor",
  line: "the hole opens at the start of the line",
  above: "the hole opens some lines above",
  window: "the hole opens at the start of the window",
};

/** A layout in words that can stand in a sentence. */
export function layoutName({ anchor, healing, names }: InfillLayout): string {
  return [anchors[anchor], ...(healing ? [] : ["words are not written again"]), ...(names ? [] : ["no names before it"])].join(", ");
}
