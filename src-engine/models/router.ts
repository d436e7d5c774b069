import { implement } from "@orpc/server";
import { UserError } from "#core/base/errors";
import { modelsContract } from "#core/contracts/models";
import { rolesOfModel } from "#core/models/choose";
import { reportHeader } from "#core/models/header-report";
import type { Calibrator } from "../completion/calibrator.ts";
import type { Layouts } from "../completion/layouts.ts";
import type { Inference, ModelReference } from "../inference/host.ts";
import { checkAdapters, readAdapterFor } from "./adapters.ts";
import { benchModel } from "./bench-model.ts";
import type { Models } from "./models.ts";
import { inspectModel } from "./read-model.ts";
import { readable, writesNothing } from "./using.ts";
import { verifyModel } from "./verify.ts";

/** The models service as its contract. */
export function modelsRouter(models: Models, calibrator: Calibrator, layouts: Layouts, inference: Inference) {
  const contract = implement(modelsContract);

  /** A model by its id or file that writes: one of vectors cannot be asked anything. */
  async function writing(id: string): Promise<ModelReference> {
    const model = await models.reference(id);
    if (model.served || !rolesOfModel(readable(await models.find(id))).includes("embedding")) return model;
    throw writesNothing(model.name);
  }

  return contract.router({
    list: contract.list.handler(({ input }) => models.list(input?.glance, input?.folder)),
    machine: contract.machine.handler(() => models.machine()),
    inspect: contract.inspect.handler(({ input }) => models.inspect(input.path)),
    header: contract.header.handler(async ({ input }) => {
      const { path } = await models.find(input.model);
      const { header, file } = await inspectModel(path);
      const files = (await models.adapters(input.model)).flatMap((list) => list.files);
      return { ...reportHeader(header), adapters: await checkAdapters(file, [...new Set(files)]) };
    }),
    verify: contract.verify.handler(async function* ({ input, signal }) {
      const { path, file, entry } = await models.find(input.model);
      yield* verifyModel({ paths: file?.parts ?? [path], sha256: entry?.sha256 ?? undefined }, signal);
    }),
    bench: contract.bench.handler(async function* ({ input, signal }) {
      const model = input.model === undefined ? await models.forRole("completion") : await writing(input.model);
      for await (const event of benchModel(inference, model, signal)) {
        if (event.type === "done" && !model.served) await models.keepSpeed(event.bench);
        yield event;
      }
    }),
    get: contract.get.handler(({ input, signal }) => models.get(input.id, input, signal)),
    searchHub: contract.searchHub.handler(({ input, signal }) => models.searchHub(input.text, input.permit, signal)),
    hubFiles: contract.hubFiles.handler(({ input, signal }) => models.hubFiles(input.repository, input.permit, signal)),
    hubHead: contract.hubHead.handler(({ input, signal }) => models.hubHead(input.id, signal)),
    pause: contract.pause.handler(({ input }) => models.pause(input.id)),
    discard: contract.discard.handler(({ input }) => models.discard(input.id)),
    downloads: contract.downloads.handler(({ signal }) => models.downloads(signal)),
    import: contract.import.handler(({ input, signal }) => models.import(input.path, signal)),
    hub: contract.hub.handler(() => models.hub()),
    setHubToken: contract.setHubToken.handler(({ input }) => models.setHubToken(input.token)),
    resumeDownloads: contract.resumeDownloads.handler(() => models.resumeDownloads()),
    use: contract.use.handler(({ input }) => models.use(input.model, input.roles, input.folder)),
    folderChoices: contract.folderChoices.handler(({ input }) => models.folderChoices(input.folder)),
    leaveFolderChoice: contract.leaveFolderChoice.handler(({ input }) => models.leaveFolderChoice(input.folder, input.role)),
    test: contract.test.handler(({ input, signal }) => models.test(input.role, signal)),
    load: contract.load.handler(async ({ input, signal }) => {
      const model = await (input.model === undefined ? models.forRole(input.role) : models.reference(input.model));
      inference.forgive(model.path);
      await inference.ensure(model, input.role, signal);
    }),
    adapters: contract.adapters.handler(async ({ input }) => {
      const { file } = readable(await models.find(input.model));
      const lists = await models.adapters(input.model);
      return Promise.all(lists.map(async (list) => ({ ...list, checks: await checkAdapters(file, list.files) })));
    }),
    inspectAdapter: contract.inspectAdapter.handler(async ({ input }) =>
      readAdapterFor(readable(await models.find(input.model)).file, input.file),
    ),
    setAdapters: contract.setAdapters.handler(({ input }) => models.setAdapters(input.model, input)),
    ask: contract.ask.handler(async function* ({ input, signal }) {
      const messages = [{ role: "user" as const, text: input.prompt }];
      const request = { messages, temperature: 0.2, maxTokens: 512, priority: "chat" as const };
      yield* inference.generate(await writing(input.model), "general", request, signal);
    }),
    preload: contract.preload.handler(async ({ input }) => {
      const model = await models.forRole(input.role).catch(() => undefined);
      if (model) await inference.preload(model, input.role);
    }),
    unload: contract.unload.handler(({ input }) => models.unload(input?.model)),
    release: contract.release.handler(({ input }) => models.release(input.id)),
    remove: contract.remove.handler(({ input }) => models.remove(input.id)),
    calibrate: contract.calibrate.handler(async function* ({ input, signal }) {
      const model = await models.forGhostText(input.model);
      if (model.served) {
        const message = `${model.name} is asked through its server, which lays out prompts by itself.`;
        throw new UserError("UNSUPPORTED", message, "Choose a model file to find its best layout.");
      }
      yield* calibrator.calibrate(model, signal);
    }),
    calibration: contract.calibration.handler(async ({ input }) => {
      const { path } = await models.forGhostText(input.model);
      return (await layouts.found(path)) ?? null;
    }),
    resetCalibration: contract.resetCalibration.handler(async ({ input }) => {
      const { path } = await models.forGhostText(input.model);
      await layouts.forget(path);
    }),
    slow: contract.slow.handler(({ signal }) => models.slow(signal)),
    states: contract.states.handler(({ input, signal }) => models.states(input?.folder, signal)),
  });
}
