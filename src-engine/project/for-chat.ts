import { codeLanguageOf } from "#core/context/languages";
import type { Attachment } from "#core/contracts/message-context";
import type { SettingsService } from "../settings/settings.ts";
import type { Project } from "./project.ts";

/** The share of the room that notes such as AGENTS.md may take. */
const notesShare = 0.2;

/** What a chat asks of the project of its workspace. */
export interface ProjectForChat {
  /** Notes of the project and places that a question is about, as attachments, within so many tokens. */
  find(workspace: string, question: string, tokens: number): Promise<readonly Attachment[]>;
  /** What an answer names that is not there, each as a sentence. */
  check(workspace: string, answer: string): Promise<readonly string[]>;
}

/** Gives a chat what it asks of a project. Notes that tell the model what to do are those of a trusted folder only. */
export function projectForChat(
  project: Pick<Project, "find" | "notes" | "checkCitations">,
  settings: Pick<SettingsService, "isTrusted">,
): ProjectForChat {
  return {
    async find(workspace, question, tokens) {
      const notes = settings.isTrusted(workspace)
        ? (await project.notes({ workspace, tokens: Math.max(1, Math.floor(tokens * notesShare)) })).pieces
        : [];
      const taken = notes.reduce((sum, piece) => sum + piece.tokens, 0);
      const { pieces } = await project.find({ workspace, question, tokens: Math.max(50, tokens - taken) });
      return [...notes, ...pieces].map(({ path, from, to, text }) => {
        const languageId = codeLanguageOf(path);
        return { kind: "found", path, from, to, text, ...(languageId !== undefined && { languageId }) };
      });
    },
    async check(workspace, answer) {
      const citations = await project.checkCitations({ workspace, text: answer });
      return [
        ...new Set(citations.flatMap(({ valid, text, problem }) => (valid || problem === undefined ? [] : [`“${text}”: ${problem}`]))),
      ];
    },
  };
}
