import type { OpinionExpectation } from "#core/contracts/chat";
import { formatBytes } from "#core/models/format";
import { strings } from "../strings.ts";
import type { Offer } from "./turns.ts";

const words = strings.chat;

/** A second opinion and what it takes: "Qwen2.5-Coder 1.5B · this machine · 1.1 GB to load · about 40 s". */
export function opinionOffer(
  { model, place, bytes, isLoaded, seconds }: OpinionExpectation,
  nameOf: (model: string) => string,
  answer: (ask: boolean) => void,
): Offer {
  const { inMemory, toLoad, confirm, notNow } = words.opinion;
  const parts = [
    nameOf(model),
    place,
    isLoaded ? inMemory : bytes !== undefined && toLoad(formatBytes(bytes)),
    seconds === undefined ? words.notMeasured : words.expected(seconds),
  ];
  return {
    text: parts.filter(Boolean).join(" · "),
    choices: [
      { label: confirm, id: "ask-opinion", isFirst: true, choose: () => answer(true) },
      { label: notNow, id: "no-opinion", choose: () => answer(false) },
    ],
  };
}
