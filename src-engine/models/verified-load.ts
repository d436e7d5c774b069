import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { UserError } from "#core/base/errors";
import type { CatalogueEntry } from "#core/contracts/models";
import { matchCatalogue } from "#core/models/model-file";
import type { Settings } from "#core/settings/schema";
import { untilAborted } from "../inference/failures.ts";
import type { Inference, ModelReference } from "../inference/host.ts";
import { readModel } from "./read-model.ts";
import { verifyModel } from "./verify.ts";

/** Adds to an {@link Inference} that a file's SHA-256 is looked at before it is loaded, where the user wants that; once while it stays the same. */
export function withVerification(
  inference: Inference,
  { settings, catalogue }: { readonly settings: { current(): Settings }; readonly catalogue: readonly CatalogueEntry[] },
): Inference {
  const verified = new Map<string, { readonly version: string; readonly look: Promise<void> }>();

  async function verify(model: ModelReference, signal: AbortSignal | undefined): Promise<void> {
    if (!settings.current()["localcoder.models.verifyBeforeLoad"] || model.served || model.echo) return;
    const found = await stat(model.path).catch(() => undefined);
    // One that has gone is told by whoever loads it.
    if (!found) return;
    const version = `${found.size} ${found.mtimeMs}`;
    let known = verified.get(model.path);
    if (known?.version !== version) {
      known = { version, look: look(model, catalogue) };
      verified.set(model.path, known);
      known.look.catch(() => verified.delete(model.path));
    }
    await untilAborted(known.look, signal);
  }

  return {
    ...inference,
    async ensure(model, role, signal) {
      await verify(model, signal);
      return inference.ensure(model, role, signal);
    },
    async infill(model, request, signal, onPiece) {
      await verify(model, signal);
      return inference.infill(model, request, signal, onPiece);
    },
    async prepare(model, request, signal) {
      await verify(model, signal);
      return inference.prepare(model, request, signal);
    },
    async *generate(model, role, request, signal) {
      await verify(model, signal);
      yield* inference.generate(model, role, request, signal);
    },
    async embed(model, request, signal) {
      await verify(model, signal);
      return inference.embed(model, request, signal);
    },
    async countTokens(model, role, text, signal) {
      await verify(model, signal);
      return inference.countTokens(model, role, text, signal);
    },
    async preload(model, role) {
      await verify(model, undefined);
      return inference.preload(model, role);
    },
  };
}

/** Reads the whole file; what nobody has a hash of cannot be checked, and is let through. */
async function look({ path, name }: ModelReference, catalogue: readonly CatalogueEntry[]): Promise<void> {
  const { parts, bytes } = await readModel(path);
  const sha256 = matchCatalogue(catalogue, { fileName: basename(path), bytes, sha256: undefined })?.sha256 ?? undefined;
  for await (const event of verifyModel({ paths: parts, sha256 }, undefined)) {
    if (event.type !== "done" || event.verification.matches !== false) continue;
    throw new UserError(
      "HASH_MISMATCH",
      `${name} is not loaded: its SHA-256 is not the one it should have.`,
      "Download or copy it again, or switch localcoder.models.verifyBeforeLoad off.",
    );
  }
}
