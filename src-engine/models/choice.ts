import { basename, dirname, isAbsolute } from "node:path";
import { describeError, UserError } from "#core/base/errors";
import type { ModelRole } from "#core/contracts/common";
import type { CatalogueEntry, Machine, ModelFile } from "#core/contracts/models";
import { chooseModel, rolesOfModel } from "#core/models/choose";
import { memoryNeed } from "#core/models/fit";
import type { Recommendation } from "#core/models/tiers";
import type { Settings } from "#core/settings/schema";
import { echo } from "../inference/echo.ts";
import type { ModelReference } from "../inference/host.ts";
import type { Servers } from "../servers/servers.ts";
import type { FoundModel } from "./discover.ts";
import { type Library, roleSettings } from "./library.ts";
import { nameOf, referenceOf } from "./merge.ts";
import { bestServed, servedReference } from "./served.ts";

/** Where a model is wanted: a workspace has settings of its own, and so may a language. */
export interface ModelPlaceOfUse {
  readonly workspace?: string;
  readonly languageId?: string;
}

/** Which model serves which role: as the settings say, else the best there is. */
export interface Choice {
  /**
   * Throws NO_MODEL with what can be done, or what is wrong with what was chosen. With a model that failed: the next one in the order of
   * file, then server on this machine.
   */
  forRole(role: ModelRole, place?: ModelPlaceOfUse, failed?: FailedModel): Promise<ModelReference>;
  /** The smallest model for explanations and chat on this machine, or the largest that fits; where there is no file, the one of the role. */
  bySize(size: "smallest" | "largest", place?: ModelPlaceOfUse): Promise<ModelReference>;
  /** The largest model for explanations and chat on this machine that fits and is not called so; undefined where there is none. */
  another(than: string): Promise<ModelReference | undefined>;
  /** The model that was chosen to sort questions, or a server that a variable names for it; undefined: nobody chose one. */
  router(place?: ModelPlaceOfUse): Promise<ModelReference | undefined>;
  /** Roles by the path of the model that serves them. */
  used(place?: ModelPlaceOfUse): Promise<Map<string, ModelRole[]>>;
  /** The model of that name that serves a role, in whichever folder. */
  serving(role: ModelRole, name: string | undefined): Promise<ModelReference | undefined>;
  /** Roles whose chosen model cannot be used; that nothing is there at all is said elsewhere. */
  problems(): Promise<Machine["problems"]>;
}

/** A model that could not be used just now; one that was not even found has no path. */
export type FailedModel = Partial<Pick<ModelReference, "path" | "served">>;

/** What {@link createChoice} needs. */
export interface ChoiceOptions {
  readonly settings: { current(workspace?: string): Settings };
  readonly library: Library;
  readonly servers: Pick<Servers, "find" | "forRole">;
  readonly catalogue: readonly CatalogueEntry[];
  recommendations(): readonly Recommendation[];
  /** Bytes models may take. */
  budget(): number;
  /** The file a variable of the environment names, for this run and all roles it suits. */
  readonly forThisRun?: string;
}

/** Roles that a face shows and that can be chosen. */
export const choosableRoles = ["completion", "code", "general"] as const;

const roleNames: Readonly<Record<ModelRole, string>> = {
  completion: "ghost text",
  code: "actions on code",
  general: "explanations and chat",
  router: "sorting questions",
  embedding: "search by meaning",
};

/** Where a role borrows the choice when none was made for it: one model in memory is better than two. */
const borrows: Readonly<Partial<Record<ModelRole, readonly (keyof typeof roleSettings)[]>>> = {
  code: ["general"],
  general: ["code"],
};

type Readable = FoundModel & { readonly file: ModelFile };

const isReadable = (model: FoundModel): model is Readable => model.file !== undefined;

/** The model the settings name for a role, also where they name another role whose model it shares; empty for none. */
function chosenFor(current: Settings, role: ModelRole): string {
  const seen = new Set<string>();
  let value: string = role;
  while (isRole(value) && !seen.has(value)) {
    seen.add(value);
    value = current[roleSettings[value]];
  }
  return isRole(value) ? "" : value;
}

const isRole = (name: string): name is ModelRole => Object.hasOwn(roleSettings, name);

/** Creates the {@link Choice}. */
export function createChoice({ settings, library, servers, catalogue, recommendations, budget, forThisRun }: ChoiceOptions): Choice {
  async function named(idOrPath: string, role: ModelRole): Promise<ModelReference> {
    const served = await servers.find(idOrPath);
    if (served) return servedReference(served);
    const model = await library.find(idOrPath);
    if (model && isReadable(model)) return referenceOf(model);
    if (model?.problem && model.problem.code !== "NOT_FOUND") {
      throw new UserError(model.problem.code, model.problem.message, model.problem.hint);
    }
    if (isAbsolute(idOrPath)) {
      throw new UserError(
        "NO_MODEL",
        `The model chosen for ${roleNames[role]}, ${basename(idOrPath)}, is no longer in ${dirname(idOrPath)}.`,
        "Put it back, or choose another model.",
      );
    }
    const name = catalogue.find((entry) => entry.id === idOrPath)?.name ?? idOrPath;
    throw new UserError(
      "NO_MODEL",
      `The model chosen for ${roleNames[role]}, ${name}, is not on this machine.`,
      "Download it, or choose another model.",
    );
  }

  function best(found: readonly FoundModel[], role: ModelRole): Readable | undefined {
    const wanted = recommendations().find((each) => each.role === role)?.entry;
    return chooseModel(found.filter(isReadable), role, {
      budget: budget(),
      contextSize: role === "completion" ? 4096 : settings.current()["localcoder.inference.contextSize"],
      recommended: wanted?.id,
      parameters: wanted?.parameters,
    });
  }

  /** A model as it is used in a folder that has adapters of its own. */
  function inFolder(model: ModelReference, { workspace }: ModelPlaceOfUse): ModelReference {
    if (workspace === undefined) return model;
    const [own, usual] = [settings.current(workspace), settings.current()].map((each) =>
      JSON.stringify(each["localcoder.models.adapters"]),
    );
    return own === usual ? model : { ...model, workspace };
  }

  const forRole: Choice["forRole"] = async (role, place = {}, failed) => inFolder(await choose(role, place, failed), place);

  async function choose(role: ModelRole, place: ModelPlaceOfUse, failed?: FailedModel): Promise<ModelReference> {
    if (failed) return unchosen(role, failed);
    if (settings.current()["localcoder.inference.backend"] === "echo") return echo;
    if (forThisRun !== undefined) {
      const model = await library.find(forThisRun);
      if (!model?.file || rolesOfModel({ file: model.file, entry: model.entry }).includes(role)) return named(forThisRun, role);
    }
    const current = settings.current(place.workspace);
    const perLanguage =
      role === "completion" || role === "code" ? current["localcoder.models.languages"][place.languageId ?? ""] : undefined;
    if (perLanguage) return named(perLanguage, role);
    const own = chosenFor(current, role);
    if (own !== "") return named(own, role);
    if (role === "router") return choose("general", place);
    for (const each of borrows[role] ?? []) {
      const value = chosenFor(current, each);
      if (value !== "") return named(value, role);
    }
    return unchosen(role, {});
  }

  /** The best there is, where nothing was chosen or what was chosen fails. */
  async function unchosen(role: ModelRole, failed: FailedModel): Promise<ModelReference> {
    const fileFailed = failed.path !== undefined && failed.served === undefined;
    const model = fileFailed ? undefined : (best(await library.known(), role) ?? best(await library.lookAgain(), role));
    if (model && (await library.find(model.path))) return referenceOf(model);
    // It has gone since the last look, and the library has looked again.
    if (model) return unchosen(role, failed);
    // No file suits, so a server on this machine answers. One beyond it is asked only when it was chosen.
    const served = bestServed((await servers.forRole(role)).filter(({ here, id }) => here && id !== failed.path));
    if (served) return servedReference(served);
    throw new UserError(
      "NO_MODEL",
      `There is no model for ${roleNames[role]} on this machine yet.`,
      role === "embedding"
        ? "Download an embedding model, such as Nomic Embed Text, or choose a GGUF file."
        : "Download the recommended one, or choose a GGUF file.",
    );
  }

  /** The files that can answer, and what limits them. */
  async function answering() {
    const suitable = (await library.known()).filter(isReadable).filter((model) => rolesOfModel(model).includes("general"));
    return { suitable, limits: { budget: budget(), contextSize: settings.current()["localcoder.inference.contextSize"] } };
  }

  async function another(than: string): Promise<ModelReference | undefined> {
    const { suitable, limits } = await answering();
    const fitting = suitable.filter(({ file }) => memoryNeed(file, limits.contextSize) <= limits.budget);
    const model = chooseModel(
      fitting.filter((each) => referenceOf(each).name !== than),
      "general",
      limits,
    );
    return model && referenceOf(model);
  }

  async function bySize(size: "smallest" | "largest", place: ModelPlaceOfUse = {}): Promise<ModelReference> {
    if (forThisRun !== undefined || settings.current()["localcoder.inference.backend"] === "echo") return forRole("general", place);
    const { suitable, limits } = await answering();
    const smallest = [...suitable].sort((one, other) => one.file.bytes - other.file.bytes)[0];
    const model = size === "largest" ? chooseModel(suitable, "general", limits) : smallest;
    return model ? inFolder(referenceOf(model), place) : forRole("general", place);
  }

  async function router(place: ModelPlaceOfUse = {}): Promise<ModelReference | undefined> {
    const current = settings.current(place.workspace);
    if (forThisRun !== undefined || current["localcoder.inference.backend"] === "echo") return undefined;
    if (current[roleSettings.router] !== "") return forRole("router", place);
    const served = bestServed(await servers.forRole("router"));
    return served && servedReference(served);
  }

  /** Nothing is said of a role that only works where a model was chosen for it. */
  const isWanted = (role: ModelRole, { workspace }: ModelPlaceOfUse) =>
    !["router", "embedding"].includes(role) || settings.current(workspace)[roleSettings[role]] !== "";

  return {
    forRole,
    bySize,
    another,
    router,
    async used(place = {}) {
      const used = new Map<string, ModelRole[]>();
      for (const role of [...choosableRoles, "router", "embedding"] as const) {
        if (!isWanted(role, place)) continue;
        const model = await forRole(role, place).catch(() => undefined);
        if (model) used.set(model.path, [...(used.get(model.path) ?? []), role]);
      }
      return used;
    },
    async serving(role, name) {
      for (const workspace of [undefined, ...Object.keys(settings.current()["localcoder.models.workspaces"])]) {
        const model = await forRole(role, { workspace }).catch(() => undefined);
        if (model?.name === name) return model;
      }
      return undefined;
    },
    async problems() {
      const problems = new Map<string, string>();
      const forAll = forThisRun === undefined ? undefined : await library.find(forThisRun);
      if (forAll?.file && rolesOfModel({ file: forAll.file, entry: forAll.entry }).length === 0) {
        problems.set(`${nameOf(forAll)}, which the environment names for this run, can neither fill in nor chat.`, "Name another file.");
      }
      for (const role of [...choosableRoles, "router"] as const) {
        if (settings.current()[roleSettings[role]] === "") continue;
        const error = await forRole(role).then(() => undefined, describeError);
        if (error) problems.set(error.message, error.hint ?? "Choose another model.");
      }
      return [...problems].map(([message, hint]) => ({ message, hint }));
    },
  };
}
