import type * as vscodeApi from "vscode";
import { document } from "#core/assist/document";
import { fix } from "#core/assist/fix";
import { improve } from "#core/assist/improve";
import { expectedSeconds, roughly } from "#core/assist/one-by-one";
import { refactor } from "#core/assist/refactor";
import { describeError } from "#core/base/errors";
import type { AssistPlace, OwnAction } from "#core/contracts/assist";
import { placeOf } from "../../documents.ts";
import { showError } from "../../errors.ts";
import type { Features } from "../../features.ts";
import { strings } from "../../strings.ts";
import { askFor } from "../ask-for.ts";
import { progressText } from "../run.ts";
import type { RunnableAction } from "../runnable.ts";
import { type AskedFile, answerFile, type FileAnswer } from "./answer-file.ts";
import { type ActionOnFiles, type Plan, type PlannedFile, placesIn, planOf } from "./plan.ts";
import { leftRow, type Proposals } from "./proposals.ts";

const words = strings.files;

/** Milliseconds in which nobody wonders whether anything happens. */
const aWhile = 800;
/** So many places are asked about without a further word. */
const mostUnasked = 20;

/** What a job has come to. */
interface Job {
  readonly proposed: number;
  readonly left: readonly { readonly file: PlannedFile; readonly left: FileAnswer["left"][number] }[];
  readonly ended: FileAnswer["ended"];
}

/** Registers the actions on the files and folders that are marked in the Explorer, or chosen where nothing is. */
export function registerActionsOnFiles(
  features: Features,
  proposals: Proposals,
  chooseOwn: (pick: (action: OwnAction) => boolean) => Promise<OwnAction | undefined>,
): void {
  const { vscode, engine, own } = features;
  let isAtWork = false;

  const builtIn = [
    [improve, words.titles.improve],
    [refactor, words.titles.refactor],
    [fix, words.titles.fix],
    [document, words.titles.document],
  ] as const;
  for (const [action, title] of builtIn)
    command(`localcoder.files.${action.id}`, async (chosen) => {
      const { id, takesProblems, takesDocumentation } = action;
      const parts = { id, title, languages: [], takesProblems: takesProblems === true, takesDocumentation: takesDocumentation === true };
      // What is wrong is known, or there is nothing to do; an improvement needs no word.
      const instruction = action.instruction === "required" ? await askFor(vscode, action) : "";
      if (instruction !== undefined) await run({ ...parts, instruction: instruction || undefined }, chosen);
    });
  command("localcoder.files.own", async (chosen) => {
    const action = await chooseOwn(({ shows }) => shows === "diff");
    if (action === undefined) return;
    const { id, title, languages } = action;
    const instruction = await askFor(vscode, { ...action, takesProblems: undefined } satisfies RunnableAction);
    const parts = { id, title, languages, takesProblems: false, takesDocumentation: false };
    if (instruction !== undefined) await run({ ...parts, instruction: instruction || undefined }, chosen);
  });

  function command(id: string, start: (chosen: readonly vscodeApi.Uri[]) => Promise<void>): void {
    own(
      vscode.commands.registerCommand(id, async (clicked?: vscodeApi.Uri, marked?: readonly vscodeApi.Uri[]) => {
        if (isAtWork) return void vscode.window.setStatusBarMessage(words.atWork, 5000);
        try {
          const chosen = marked && marked.length > 0 ? marked : clicked ? [clicked] : await chooseFiles();
          if (chosen !== undefined && chosen.length > 0) await start(chosen);
        } catch (error) {
          await showError(vscode, error);
        }
      }),
    );
  }

  /** Where nothing is marked: the file in the editor, those that are open, or the folder. */
  async function chooseFiles(): Promise<readonly vscodeApi.Uri[] | undefined> {
    const isFile = ({ scheme }: vscodeApi.Uri) => scheme === "file";
    const active = vscode.window.activeTextEditor?.document.uri;
    const open = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .flatMap(({ input }) => (input instanceof vscode.TabInputText && isFile(input.uri) ? [input.uri] : []));
    const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri).filter(isFile);
    const rows = [
      ...(active && isFile(active)
        ? [{ label: words.thisFile, description: vscode.workspace.asRelativePath(active), uris: [active] }]
        : []),
      ...(open.length > 1 ? [{ label: words.openFiles, description: words.files(open.length), uris: open }] : []),
      ...folders.map((uri) => ({ label: words.wholeFolder, description: uri.fsPath, uris: [uri] })),
    ];
    return (await vscode.window.showQuickPick(rows, { placeHolder: rows.length > 0 ? words.which : words.noFile }))?.uris;
  }

  async function run(action: ActionOnFiles, chosen: readonly vscodeApi.Uri[]): Promise<void> {
    isAtWork = true;
    try {
      const plan = await look(action, chosen);
      if (plan.isStopped) return;
      if (plan.files.length === 0) return void vscode.window.showInformationMessage(words.nothing(plan.reason));
      const files = await confirmed(action, plan);
      if (files.length === 0) return;
      const job = await withProgress(action.title, (progress, signal) => work(action, files, progress, signal));
      await tellEnd(action, files, job);
    } finally {
      isAtWork = false;
    }
  }

  /** Tells that it looks through the files where that takes a while. */
  async function look(action: ActionOnFiles, chosen: readonly vscodeApi.Uri[]): Promise<Plan> {
    const stopping = new AbortController();
    const looking = planOf(features, action, chosen, stopping.signal);
    const isQuick = await Promise.race([looking.then(() => true), new Promise<false>((resolve) => setTimeout(resolve, aWhile, false))]);
    if (isQuick) return looking;
    return withProgress(words.looking, async (_, signal) => {
      signal.addEventListener("abort", () => stopping.abort());
      return looking;
    });
  }

  /** Of many places it is asked whether all are meant; answers the files that are. */
  async function confirmed(action: ActionOnFiles, { files }: Plan): Promise<readonly PlannedFile[]> {
    const places = files.flatMap((file) => file.places);
    if (places.length <= mostUnasked) return files;
    const all = words.askAll(places.length);
    const some = words.askSome(mostUnasked);
    const { model, time } = await expected(action, places);
    const answer = await vscode.window.showInformationMessage(
      words.many(action.title, places.length, files.length),
      { modal: true, detail: words.manyDetail(model, time) },
      all,
      some,
    );
    return answer === all ? files : answer === some ? firstOf(files, mostUnasked) : [];
  }

  async function expected(action: ActionOnFiles, places: PlannedFile["places"]): Promise<{ model?: string; time?: string }> {
    const models = await engine.models.list({ glance: true });
    const model = models.find(({ used }) => used.includes("code"));
    if (model?.speed === undefined) return {};
    const like = action.takesDocumentation ? { takesDocumentation: true as const } : {};
    return { model: model.name, time: roughly(expectedSeconds(like, places, model.speed)) };
  }

  async function work(action: ActionOnFiles, files: readonly PlannedFile[], progress: Progress, signal: AbortSignal): Promise<Job> {
    const left: Job["left"][number][] = [];
    let proposed = 0;
    const pace = createPace(files.flatMap((file) => file.places));
    for (const [index, file] of files.entries()) {
      if (signal.aborted) break;
      const asked = await open(action, file).catch((error: unknown) => describeError(error).message);
      if (typeof asked === "string") {
        left.push(...file.places.map((place) => ({ file, left: { place, why: asked } })));
        continue;
      }
      const { text, places } = asked;
      const answer = await answerFile(engine, asked, {
        action: action.id,
        instruction: action.instruction,
        signal,
        tell(place, state) {
          const increment = pace.at(place);
          const where = words.at(
            file.name,
            words.of(index + 1, files.length),
            place.name,
            words.of(places.indexOf(place) + 1, places.length),
          );
          progress.report({ increment, message: words.progress(where, state && progressText(state), pace.left()) });
        },
      });
      progress.report({ increment: pace.at(undefined) });
      left.push(...answer.left.map((one) => ({ file, left: one })));
      if (answer.text !== text) {
        proposed += 1;
        proposals.add({ uri: file.uri, name: file.name, title: action.title, answer });
      }
      if (answer.ended) return { proposed, left, ended: answer.ended };
    }
    return { proposed, left, ended: undefined };
  }

  /** The file as its editor reads it, with the places that were counted. */
  async function open(action: ActionOnFiles, { uri, places: planned }: PlannedFile): Promise<AskedFile> {
    const opened = await vscode.workspace.openTextDocument(uri);
    const text = opened.getText();
    const { places } = await placesIn(features, action, { uri, text, languageId: opened.languageId });
    return { ...placeOf(vscode, opened), text, places: places.slice(0, planned.length) };
  }

  /** Says what came of it, with the way to it. */
  async function tellEnd(action: ActionOnFiles, files: readonly PlannedFile[], { proposed, left, ended }: Job): Promise<void> {
    if (ended) await showError(vscode, ended);
    // Whoever asked about one file waits for it.
    if (proposed > 0 && files.length === 1) await proposals.showFirst();
    if (proposed > 0 && files.length === 1 && left.length === 0) return;
    const message = words.ended(action.title, proposed, left.length);
    const buttons = [...(proposed > 0 && files.length > 1 ? [words.show] : []), ...(left.length > 0 ? [words.showLeft] : [])];
    const chosen = await vscode.window.showInformationMessage(message, ...buttons);
    if (chosen === words.show) await proposals.showFirst();
    if (chosen !== words.showLeft) return;
    const rows = left.map(({ file, left: one }) => leftRow(vscode, file, one));
    await (await vscode.window.showQuickPick(rows, { placeHolder: words.stayed }))?.run();
  }

  async function withProgress<Result>(title: string, work: (progress: Progress, signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return vscode.window.withProgress(options, async (progress, token) => {
      const stopping = new AbortController();
      token.onCancellationRequested(() => stopping.abort());
      return work(progress, stopping.signal);
    });
  }
}

type Progress = vscodeApi.Progress<{ message?: string; increment?: number }>;

/** Follows how much of the code of places is behind, and how long the rest takes at that pace. */
function createPace(places: readonly AssistPlace[]) {
  const units = ({ start, end }: AssistPlace) => end - start + 1;
  const all = places.reduce((sum, place) => sum + units(place), 0);
  const began = performance.now();
  let past = 0;
  let current: AssistPlace | undefined;
  return {
    /** A place is begun, or none; answers how many hundredths of all the one before was. */
    at(place: AssistPlace | undefined): number {
      const done = current === undefined || current === place ? 0 : units(current);
      past += done;
      current = place;
      return (done / all) * 100;
    },
    /** Undefined until the first place is behind. */
    left: () => (past === 0 ? undefined : roughly(((performance.now() - began) / 1000 / past) * Math.max(0, all - past))),
  };
}

/** Files with so many places together, from the first one on. */
function firstOf(files: readonly PlannedFile[], most: number): readonly PlannedFile[] {
  let room = most;
  return files.flatMap((file) => {
    const places = file.places.slice(0, Math.max(0, room));
    room -= places.length;
    return places.length > 0 ? [{ ...file, places }] : [];
  });
}
