import type { Recognised } from "#core/chat/about-project";
import { codeLanguageOf } from "#core/context/languages";
import type { Attachment } from "#core/contracts/message-context";
import type { ProjectPiece } from "#core/contracts/project";
import { namedPlaces } from "#core/project/citations";
import type { SettingsService } from "../settings/settings.ts";
import type { Project } from "./project.ts";

/** The share of the room that notes such as AGENTS.md may take. */
const notesShare = 0.2;

/** What was found for a question. */
export interface FoundForChat {
  readonly attachments: readonly Attachment[];
  /** What would have followed and has no room, the best first. */
  readonly leftOut: readonly Pick<ProjectPiece, "path" | "from" | "to" | "tokens">[];
  /** False while files are still being read: more may be found later. */
  readonly complete: boolean;
}

/**
 * Milliseconds that a question waits at most to know whether it names something of the project: as long as a folder of some hundred
 * files takes to be read, for whoever asks as soon as a window is open.
 */
const longestRecognition = 5000;

/** What a chat asks of the project of its workspace. */
export interface ProjectForChat {
  /** Notes of the project and places that a question is about, as attachments, within so many tokens. */
  find(workspace: string, question: string, tokens: number): Promise<FoundForChat>;
  /** What a question names that is in the workspace; a project that is not read yet knows less. */
  recognise(workspace: string, question: string): Promise<Recognised>;
  /** What an answer names that is not there, each as a sentence; names in code only where the answer is about the project. */
  check(
    workspace: string,
    answer: string,
    about: { readonly file?: string | undefined; readonly names: boolean },
  ): Promise<readonly string[]>;
}

/** Gives a chat what it asks of a project. Notes that tell the model what to do are those of a trusted folder only. */
export function projectForChat(
  project: Pick<Project, "find" | "notes" | "recognise" | "checkCitations">,
  settings: Pick<SettingsService, "isTrusted">,
): ProjectForChat {
  return {
    async find(workspace, question, tokens) {
      const { pieces: notes, leftOut: ofNotes } = settings.isTrusted(workspace)
        ? await project.notes({ workspace, tokens: Math.max(1, Math.floor(tokens * notesShare)) })
        : { pieces: [], leftOut: [] };
      const taken = notes.reduce((sum, piece) => sum + piece.tokens, 0);
      const { pieces, leftOut, complete } = await project.find({ workspace, question, tokens: Math.max(50, tokens - taken) });
      const attachments = [...notes, ...pieces].map(({ path, from, to, text }): Attachment => {
        const languageId = codeLanguageOf(path);
        return { kind: "found", path, from, to, text, ...(languageId !== undefined && { languageId }) };
      });
      return { attachments, leftOut: [...ofNotes, ...leftOut], complete };
    },
    recognise: (workspace, question) => project.recognise({ workspace, question, wait: longestRecognition }),
    async check(workspace, answer, { file, names }) {
      const places = namedPlaces(answer).filter(({ kind }) => kind !== "symbol" || names);
      if (places.length === 0) return [];
      const citations = await project.checkCitations({ workspace, text: answer, about: file });
      const doubts = citations.filter(({ valid, kind }) => !valid && (kind !== "symbol" || names));
      return [...new Set(doubts.flatMap(({ text, problem }) => (problem === undefined ? [] : [`“${text}”: ${problem}`])))];
    },
  };
}
