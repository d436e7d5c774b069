import { implement } from "@orpc/server";
import { UserError } from "#core/base/errors";
import { modelsContract } from "#core/contracts/models";
import { reportHeader } from "#core/models/header-report";
import type { Calibrator } from "../completion/calibrator.ts";
import type { Layouts } from "../completion/layouts.ts";
import type { Inference } from "../inference/host.ts";
import { benchModel } from "./bench-model.ts";
import type { Models } from "./models.ts";
import { inspectModel } from "./read-model.ts";
import { verifyModel } from "./verify.ts";

/** The models service as its contract. */
export function modelsRouter(models: Models, calibrator: Calibrator, layouts: Layouts, inference: Inference) {
  const contract = implement(modelsContract);
  return contract.router({
    list: contract.list.handler(({ input }) => models.list(input?.glance)),
    machine: contract.machine.handler(() => models.machine()),
    inspect: contract.inspect.handler(({ input }) => models.inspect(input.path)),
    header: contract.header.handler(async ({ input }) => {
      const { path } = await models.find(input.model);
      return reportHeader((await inspectModel(path)).header);
    }),
    verify: contract.verify.handler(async function* ({ input, signal }) {
      const { path, file, entry } = await models.find(input.model);
      yield* verifyModel({ paths: file?.parts ?? [path], sha256: entry?.sha256 ?? undefined }, signal);
    }),
    bench: contract.bench.handler(async function* ({ input, signal }) {
      const model = input.model === undefined ? await models.forRole("completion") : await models.reference(input.model);
      yield* benchModel(inference, model, signal);
    }),
    get: contract.get.handler(({ input, signal }) => models.get(input.id, input, signal)),
    pause: contract.pause.handler(({ input }) => models.pause(input.id)),
    discard: contract.discard.handler(({ input }) => models.discard(input.id)),
    downloads: contract.downloads.handler(({ signal }) => models.downloads(signal)),
    import: contract.import.handler(({ input, signal }) => models.import(input.path, signal)),
    hub: contract.hub.handler(() => models.hub()),
    setHubToken: contract.setHubToken.handler(({ input }) => models.setHubToken(input.token)),
    resumeDownloads: contract.resumeDownloads.handler(() => models.resumeDownloads()),
    use: contract.use.handler(({ input }) => models.use(input.model, input.roles)),
    test: contract.test.handler(({ input, signal }) => models.test(input.role, signal)),
    load: contract.load.handler(async ({ input, signal }) => {
      const model = await (input.model === undefined ? models.forRole(input.role) : models.reference(input.model));
      inference.forgive(model.path);
      await inference.ensure(model, input.role, signal);
    }),
    ask: contract.ask.handler(async function* ({ input, signal }) {
      const messages = [{ role: "user" as const, text: input.prompt }];
      const request = { messages, temperature: 0.2, maxTokens: 512, priority: "chat" as const };
      yield* inference.generate(await models.reference(input.model), "general", request, signal);
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
    states: contract.states.handler(({ signal }) => models.states(signal)),
  });
}
