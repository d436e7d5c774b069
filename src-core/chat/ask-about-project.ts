import type { GenerateEvent, GenerateRequest } from "../contracts/inference.ts";

const instructions =
  "You sort questions of a programmer. Answer with one word: project, if the question is about the code of the program that is open and can only be answered by reading its files; general, if anybody who knows programming can answer it.";

/** So that the smallest models see what is meant. */
const examples: readonly (readonly [question: string, answer: string])[] = [
  ["Where is the timeout of a request set?", "project"],
  ["What is a linked list?", "general"],
  ["Why does parseOrder return null?", "project"],
  ["Write a function that adds two numbers in Java.", "general"],
  ["How are users logged in here?", "project"],
  ["How do I delete a branch in git?", "general"],
];

/** UTF-16 units of a question that are enough to sort it. */
const longestQuestion = 1000;

/** Asks a model for one token: is the question about the project? All but the question stays the same, so that it is read once. */
export function asksWhetherProject(question: string): GenerateRequest {
  return {
    messages: [
      { role: "system", text: instructions },
      ...examples.flatMap(([asked, answer]) => [
        { role: "user" as const, text: asked },
        { role: "assistant" as const, text: answer },
      ]),
      { role: "user", text: question.slice(0, longestQuestion) },
    ],
    choices: ["project", "general"],
    temperature: 0,
    maxTokens: 4,
    priority: "inline-action",
  };
}

/** Below it a model is not sure enough to have the project read: chosen on one half of the questions of bench/project-questions. */
const leastChance = 0.6;

/** True where the model says that it is about the project. */
export function saysProject({ chances }: Extract<GenerateEvent, { type: "done" }>): boolean {
  return (chances?.[0] ?? 0) >= leastChance;
}
