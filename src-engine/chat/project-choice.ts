import { takesLong } from "#core/base/takes-long";
import { type AboutProject, aboutProject, type Recognised, withoutCode } from "#core/chat/about-project";
import { asksWhetherProject, saysProject } from "#core/chat/ask-about-project";
import { mentionsOf } from "#core/chat/mentions";
import type { ChatEvent, ChatMode } from "#core/contracts/chat";
import type { Attachment } from "#core/contracts/message-context";
import type { Settings } from "#core/settings/schema";
import type { Inference, ModelReference } from "#engine/inference/host";
import type { ModelPlaceOfUse } from "#engine/models/choice";

/** What {@link createProjectChoice} needs. */
export interface ProjectChoiceOptions {
  readonly settings: { current(workspace?: string): Settings };
  readonly inference: Pick<Inference, "ensure" | "generate">;
  readonly models: {
    /** The model that was chosen to sort questions; undefined: the one that answers. */
    router(place: ModelPlaceOfUse): Promise<ModelReference | undefined>;
  };
  /** What a question names that is in the workspace; missing: there is no project to look in. */
  readonly recognise?: (workspace: string, question: string) => Promise<Recognised>;
}

/** A message, and what it is to be answered with. */
export interface ChoiceQuestion {
  readonly text: string;
  readonly workspace?: string;
  readonly attachments: readonly Attachment[];
  readonly mode?: ChatMode;
  readonly model: ModelReference;
}

/** Whether the project is looked through for a question; the reason is missing where there was nothing to decide. */
export interface ProjectChoice {
  readonly search: boolean;
  readonly reason?: string;
}

/** Decides whether the project is looked through for a question. */
export interface ProjectChooser {
  /** Without asking a model; undefined where one is to be asked. */
  byRules(question: Omit<ChoiceQuestion, "model">): Promise<ProjectChoice | undefined>;
  choose(question: ChoiceQuestion, signal: AbortSignal | undefined): AsyncGenerator<ChatEvent, ProjectChoice, void>;
}

const open: ProjectChoice = { search: false, reason: "nothing in it says that it is about this project" };

/** Bytes of weights below which a model that nobody chose for it is not asked: those of 0.5B parameters sort by chance (docs/figures.md). */
const leastBytes = 700_000_000;

/** True for a question that the project is looked up for: each one of smart mode, and one that says so in any mode. */
function asksProject(text: string, mode: ChatMode | undefined): boolean {
  return mode === "smart" || /(?<!\S)@project\b/i.test(text);
}

/**
 * Decides for each question whether the project is looked through: where the user says so; else, unless a setting forbids it, by rules,
 * and where they do not decide and the setting wants it, by one token of a model. Rush mode is about time, so it waits for neither.
 */
export function createProjectChoice({ settings, inference, models, recognise }: ProjectChoiceOptions): ProjectChooser {
  /** Undefined where there is no model that could tell. */
  async function ask(question: ChoiceQuestion, signal: AbortSignal | undefined): Promise<AboutProject | undefined> {
    const own = await models.router({ workspace: question.workspace }).catch(() => undefined);
    const model = own ?? question.model;
    if (!own && (await inference.ensure(model, "general", signal)).bytes < leastBytes) return undefined;
    for await (const event of inference.generate(model, own ? "router" : "general", asksWhetherProject(question.text), signal))
      if (event.type === "done") return { about: saysProject(event), reason: `${model.name} says so` };
    return undefined;
  }

  async function byRules({ text, workspace, attachments, mode }: Omit<ChoiceQuestion, "model">): Promise<ProjectChoice | undefined> {
    if (asksProject(text, mode)) return { search: true };
    const by = settings.current(workspace)["localcoder.chat.searchProject"];
    if (!recognise || workspace === undefined || mode === "rush" || by === "asked") return { search: false };
    if (attachments.length > 0 || mentionsOf(text).length > 0) return { search: false, reason: "what it is about is attached" };
    // Nothing that fails here is a reason not to answer.
    const known = await recognise(workspace, withoutCode(text)).catch(() => ({ files: [], names: [] }));
    const ruled = aboutProject(text, known);
    if (ruled) return { search: ruled.about, reason: ruled.reason };
    return by === "model" ? undefined : open;
  }

  async function* choose(question: ChoiceQuestion, signal: AbortSignal | undefined): AsyncGenerator<ChatEvent, ProjectChoice, void> {
    const ruled = await byRules(question);
    if (ruled) return ruled;
    const asking = ask(question, signal);
    if (await takesLong(asking)) yield { type: "waiting", reason: "Deciding whether to look in the project." };
    try {
      const told = await asking;
      return told ? { search: told.about, reason: told.reason } : open;
    } catch (error) {
      if (signal?.aborted) throw error;
      return open;
    }
  }

  return { byRules, choose };
}
