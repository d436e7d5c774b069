import type { AssistAction } from "./action.ts";
import type { ProjectFacts } from "./readme/facts.ts";

const system =
  "You write the introduction of a README for programmers: two or three plain sentences that say what the project is and whom it helps. No headings, no lists, no praise, no commands. Say only what the facts show.";

/** Writes a README. Its facts are found by code and put there by code; the model writes the introduction alone. */
export const readme: AssistAction = {
  id: "readme",
  title: "Write a README",
  verb: "README",
  on: "project",
  role: "general",
  shows: "file",
  instruction: "optional",
  prompt({ facts, instruction }) {
    const known = facts === undefined ? "" : listed(facts);
    return {
      messages: [
        { role: "system", text: system },
        { role: "user", text: `${known}\n\nWrite the introduction of its README. ${instruction}`.trim() },
      ],
      // Begun for it: small models would begin with a heading, or with a fence.
      answerPrefix: facts === undefined ? "" : beginningOf(facts),
      stops: ["\n#", "\n```", "\n- "],
    };
  },
};

/** How the introduction begins. */
export function beginningOf({ name }: ProjectFacts): string {
  return `${name} is`;
}

/** The README of a project: the model's introduction between facts. */
export function composeReadme(facts: ProjectFacts, introduction: string): string {
  const code = (lines: readonly string[]) => `\`\`\`sh\n${lines.join("\n")}\n\`\`\``;
  const { name, install, commands, entryPoints, folders, licence, licenceFile } = facts;
  const parts = [
    `# ${name}`,
    introduction,
    install.length > 0 && `## Install\n\n${code(install)}`,
    commands.length > 0 &&
      `## Commands\n\n| command | runs |\n|---|---|\n${commands.map(({ command, runs }) => `| \`${command}\` | \`${runs.replaceAll("|", "\\|").replaceAll("`", "'")}\` |`).join("\n")}`,
    entryPoints.length > 0 && `## Where it begins\n\n${entryPoints.map((entry) => `- \`${entry}\``).join("\n")}`,
    folders.length > 0 &&
      `## Folders\n\n${folders.map(({ name: folder, files }) => `- \`${folder}/\`: ${files} ${files === 1 ? "file" : "files"}`).join("\n")}`,
    licence !== "" && `## Licence\n\n${licence}${licenceFile === "" ? "" : `, see [${licenceFile}](${licenceFile})`}.`,
  ];
  return `${parts.filter((part) => typeof part === "string" && part !== "").join("\n\n")}\n`;
}

/** The model's introduction without what it must not bring: headings, addresses and commands that nobody checked. */
export function tidyIntroduction(answer: string): string {
  const paragraph = answer
    .replace(/^```\w*\n?|```\s*$/g, "")
    .split("\n")
    .filter((line) => !/^\s*(?:#|[-*|>]|\d+\.)/.test(line))
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();
  return paragraph
    .split(/(?<=[.!?])\s+/)
    .filter((sentence) => sentence !== "" && !/https?:|www\./.test(sentence))
    .slice(0, 4)
    .join(" ");
}

function listed({ name, description, languages, commands, entryPoints, folders, words }: ProjectFacts): string {
  const list = (items: readonly string[]) => items.join(", ");
  return [
    `Project: ${name}`,
    description && `It says of itself: ${description}`,
    languages.length > 0 && `Languages: ${list(languages)}`,
    commands.length > 0 && `Commands: ${list(commands.map(({ command }) => command))}`,
    entryPoints.length > 0 && `It begins in: ${list(entryPoints)}`,
    folders.length > 0 && `Folders: ${list(folders.map((folder) => folder.name))}`,
    words.length > 0 && `Files: ${list(words)}`,
  ]
    .filter((line) => typeof line === "string" && line !== "")
    .join("\n");
}
