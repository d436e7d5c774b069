import { describe, expect, it } from "vitest";
import type { CatalogueEntry, ModelFile } from "../contracts/models.ts";
import { contradictions, readCatalogue } from "./catalogue.ts";
import { chooseModel } from "./choose.ts";
import { contextsFor } from "./context-use.ts";
import { estimateMemory, memoryBudget, memoryNeed } from "./fit.ts";
import { formatBytes, formatMemory, formatSeconds } from "./format.ts";
import { memoryWith } from "./memory-with.ts";
import { matchCatalogue, rolesOf } from "./model-file.ts";
import { explain, recommend } from "./tiers.ts";

const gigabyte = 2 ** 30;

function entry(change: Partial<CatalogueEntry>): CatalogueEntry {
  return {
    id: "model",
    name: "Model",
    family: "Family",
    parameters: 1,
    quantisation: "Q4_K_M",
    bytes: gigabyte,
    bytesEstimated: false,
    sha256: null,
    licence: { name: "MIT", url: "https://example.com", commercial: true },
    repository: "a/b",
    revision: "main",
    file: "model.gguf",
    roles: ["completion"],
    kind: "base",
    contextLength: 32_768,
    keyValueBytesPerToken: 10_000,
    architecture: "llama",
    dimensions: { embedding: 2048, feedForward: 8192, vocabulary: 32_000, merges: 0 },
    fillInTokens: { prefix: "<fim_prefix>", suffix: "<fim_suffix>", middle: "<fim_middle>" },
    chatTemplate: "none",
    listedOnly: false,
    ...change,
  };
}

function file(change: Partial<ModelFile>): ModelFile {
  return {
    path: "/models/model.gguf",
    name: "Model",
    architecture: "llama",
    bytes: gigabyte,
    parameters: 1,
    keyValueBytesPerToken: 10_000,
    repackedBytes: 0,
    layerBytes: [],
    outputBytes: 0,
    fillInTheMiddle: false,
    fillInTokens: [],
    chatTemplate: false,
    parts: [],
    ...change,
  };
}

describe("formats", () => {
  it.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [999, "999 bytes"],
    [1000, "1 kB"],
    [491_400_064, "491 MB"],
    [999_600_000, "1 GB"],
    [1_117_320_768, "1.1 GB"],
    [19_851_335_872, "19.9 GB"],
    [5e15, "5000 TB"],
  ])("writes %d bytes as %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));
  it("writes memory and times", () => {
    expect([formatMemory(1.5 * gigabyte), formatMemory(7.7 * gigabyte), formatMemory(31.3 * gigabyte)]).toEqual([
      "1.5 GB",
      "7.7 GB",
      "31 GB",
    ]);
    expect([0.2, 9, 41, 59, 200, 3600, 7800].map(formatSeconds)).toEqual(["1 s", "9 s", "45 s", "1 min", "3 min", "1 h", "2 h 10 min"]);
  });
});

describe("the catalogue", () => {
  it("refuses two entries of one name and file names that lead elsewhere", () => {
    expect(() => readCatalogue([entry({}), entry({})])).toThrow(/twice/);
    expect(() => readCatalogue([entry({ file: "../x.gguf" })])).toThrow(/plain file name/);
  });
  it("refuses an entry with a hash from nowhere, and one for ghost text without tokens to fill in with", () => {
    expect(() => readCatalogue([entry({ sha256: "a".repeat(64) })])).toThrow(/where its hash comes from/);
    expect(() => readCatalogue([entry({ hashFrom: "hub" })])).toThrow(/where its hash comes from/);
    expect(() => readCatalogue([entry({ fillInTokens: undefined })])).toThrow(/no tokens to fill in with/);
  });
  it("names each thing in which an entry and the head of its file differ", () => {
    const tokens = ["<fim_prefix>", "<fim_suffix>", "<fim_middle>"];
    const agreeing = { fillInTokens: tokens, quantisation: "Q4_K_M", contextLength: 32_768 };
    expect(contradictions(entry({}), file(agreeing))).toEqual([]);
    expect(contradictions(entry({ chatTemplate: "file" }), file({ ...agreeing, fillInTokens: tokens.slice(0, 2) }))).toEqual([
      "The vocabulary does not have <fim_middle>.",
      "The file has no template for conversations.",
    ]);
    expect(contradictions(entry({ bytes: 5, contextLength: 4096 }), file(agreeing))).toEqual([
      "The size is 1.1 GB and not 5 bytes.",
      "The context is 32768 and not 4096.",
    ]);
    expect(contradictions(entry({ bytes: 5, bytesEstimated: true }), file({ ...agreeing, quantisation: "Q8_0" }))).toEqual([
      "The quantisation is Q8_0 and not Q4_K_M.",
    ]);
  });
});

describe("memory", () => {
  const dimensions = { embedding: 1536, feedForward: 8960, vocabulary: 151_936, merges: 151_387 };
  const model = { bytes: 1_117_320_768, keyValueBytesPerToken: 28_672, contextLength: 32_768, dimensions };
  it("needs weights, cache for the contexts, numbers on their way and the vocabulary", () => {
    const contexts = [
      { size: 8192, sequences: 2 },
      { size: 100_000, sequences: 1 },
    ];
    const estimate = estimateMemory({ ...model, repackedBytes: 1000 }, contexts);
    expect(estimate).toEqual({
      weights: model.bytes,
      cache: (8192 * 2 + 32_768) * 28_672,
      working: 2 * (10 * 2 ** 20 + 512 * 4 * (151_936 + 2 * 1536)),
      vocabulary: 151_936 * 720 + 151_387 * 240,
      twice: 1000,
    });
    expect(estimateMemory({ ...model, repackedBytes: 1000 }, contexts, "gpu").twice).toBe(0);
    expect(memoryNeed(model, contexts)).toBe(estimate.weights + estimate.cache + estimate.working + estimate.vocabulary);
  });
  it("guesses where the dimensions are not known", () => {
    const unknown = { bytes: gigabyte, keyValueBytesPerToken: 1000, contextLength: 2048 };
    expect(memoryNeed(unknown, 1000)).toBe(gigabyte + 1_000_000 + 150 * 2 ** 20);
    expect(memoryNeed(unknown, 100_000)).toBe(gigabyte + 2_048_000 + 150 * 2 ** 20);
  });
  it("leaves room for the system", () => {
    expect(memoryBudget({ total: 16 * gigabyte, gpu: [] })).toBe(13 * gigabyte);
    expect(memoryBudget({ total: 4 * gigabyte, gpu: [] })).toBe(Math.round(1.8 * gigabyte));
    expect(memoryBudget({ total: 24 * gigabyte, gpu: [{ unified: true }] })).toBe(16 * gigabyte);
    expect(memoryBudget({ total: 16 * gigabyte, gpu: [{ unified: false, memory: 24 * gigabyte }] })).toBe(Math.round(21.6 * gigabyte));
  });
});

describe("recommend", () => {
  const sizes = { "0.5b": 0.5, "1.5b": 1.6, "7b": 4.7, "14b": 9, "32b": 20 };
  const catalogue = [
    ...Object.entries(sizes).flatMap(([size, gigabytes]) =>
      (["base", "instruct"] as const).map((kind) =>
        entry({ id: `qwen2.5-coder-${size}-${kind}`, bytes: gigabytes * 1e9, parameters: Number.parseFloat(size) }),
      ),
    ),
    entry({ id: "phi-3.5-mini-instruct", bytes: 2.4e9, parameters: 3.8 }),
    entry({ id: "llama-3.1-8b-instruct", bytes: 4.9e9, parameters: 8 }),
  ];
  const short = (id: string) => id.replace("qwen2.5-coder-", "");
  const forMachine = (total: number, gpu: Parameters<typeof recommend>[1]["gpu"] = []) =>
    recommend(catalogue, { total: total * gigabyte, gpu }, 8192).map((each) => short(each.entry.id));

  it.each([
    [5.6, ["0.5b-base", "1.5b-instruct", "1.5b-instruct"]],
    [7.7, ["1.5b-base", "1.5b-instruct", "phi-3.5-mini-instruct"]],
    [15.5, ["1.5b-base", "7b-instruct", "llama-3.1-8b-instruct"]],
    [31, ["1.5b-base", "14b-instruct", "llama-3.1-8b-instruct"]],
    [62, ["1.5b-base", "32b-instruct", "14b-instruct"]],
  ])("for %d GB without a graphics processor", (total, expected) => expect(forMachine(total)).toEqual(expected));

  it("takes larger models for ghost text where a graphics processor holds them", () => {
    expect(forMachine(31, [{ unified: false, memory: 12 * gigabyte }])[0]).toBe("7b-base");
    expect(forMachine(31, [{ unified: false, memory: 4 * gigabyte }])[0]).toBe("1.5b-base");
    expect(forMachine(62, [{ unified: true }])[0]).toBe("7b-base");
  });
  it("names what is smaller and faster, and what is bigger and better, and whether that fits", () => {
    const neighbours = (total: number, role: string) => {
      const found = recommend(catalogue, { total: total * gigabyte, gpu: [] }, 8192).find((each) => each.role === role);
      return [found?.smaller, found?.bigger].map((each) => each && `${short(each.id)} ${each.obstacle ?? "fits"}`);
    };
    expect(neighbours(7.7, "code")).toEqual(["0.5b-instruct fits", "7b-instruct memory"]);
    expect(neighbours(11, "code")).toEqual(["1.5b-instruct fits", "14b-instruct memory"]);
    expect(neighbours(31, "completion")).toEqual(["0.5b-base fits", "7b-base graphics"]);
    expect(neighbours(5.6, "completion")).toEqual([undefined, "1.5b-base fits"]);
  });
  it("recommends nothing for answers that the processor would write slower than people read", () => {
    const on = (total: number, cores: number, gpu: Parameters<typeof recommend>[1]["gpu"] = []) =>
      recommend(catalogue, { total: total * gigabyte, gpu, cores }, 8192);
    const ids = (...machine: Parameters<typeof on>) => on(...machine).map((each) => short(each.entry.id));
    expect(ids(31, 2)).toEqual(["1.5b-base", "1.5b-instruct", "phi-3.5-mini-instruct"]);
    expect(ids(62, 2)).toEqual(["1.5b-base", "1.5b-instruct", "phi-3.5-mini-instruct"]);
    expect(ids(31, 16)).toEqual(["1.5b-base", "7b-instruct", "llama-3.1-8b-instruct"]);
    expect(ids(31, 4, [{ unified: true }])).toEqual(forMachine(31, [{ unified: true }]));
    const { bigger } = on(31, 2).find(({ role }) => role === "code") ?? {};
    expect(bigger).toMatchObject({ id: "qwen2.5-coder-7b-instruct", obstacle: "processor" });
    expect(bigger?.writing).toBeCloseTo(4.3, 1);
  });
  it("takes a machine that gives models less for a smaller one", () => {
    const limit = 5.6 * gigabyte;
    const all = recommend(catalogue, { total: 64 * gigabyte, gpu: [], limit }, 8192);
    expect(all.map(({ entry }) => short(entry.id))).toEqual(forMachine(8));
    expect(explain(all.slice(0, 1))).toMatch(/of the 5\.6 GB that models may take\.$/);
  });
  it("never recommends what is only listed", () => {
    const listed = catalogue.map((each) => (each.id === "qwen2.5-coder-7b-instruct" ? { ...each, listedOnly: true } : each));
    const code = recommend(listed, { total: 16 * gigabyte, gpu: [] }, 8192).find((each) => each.role === "code");
    expect(code?.entry.id).toBe("qwen2.5-coder-1.5b-instruct");
  });
  it("gives the reason in one sentence", () => {
    const all = recommend(catalogue, { total: 5.6 * gigabyte, gpu: [] }, 8192);
    expect(explain(all.filter((each) => each.role === "completion"))).toBe(
      "Recommended for ghost text: it takes about 0.6 GB of this machine's 5.6 GB of memory.",
    );
    expect(explain(all.filter((each) => each.role !== "completion"))).toMatch(
      /^Recommended for actions on code, and for explanations and chat: it/,
    );
    expect(explain([])).toBeUndefined();
  });
  it("names as much memory as the roles take that the model is used for", () => {
    const code = recommend(catalogue, { total: 16 * gigabyte, gpu: [] }, 8192).filter(({ role }) => role === "code");
    const entry = code[0]?.entry as CatalogueEntry;
    const all = memoryWith(entry, contextsFor(["completion", "code", "general"], 8192, false), "f16");
    expect(explain(code, ["completion", "code", "general"])).toContain(`about ${formatMemory(all)} of`);
    expect(explain(code)).toContain(`about ${formatMemory(code[0]?.need ?? 0)} of`);
    expect(all).toBeGreaterThan(code[0]?.need ?? 0);
    const [short] = recommend(catalogue, { total: 16 * gigabyte, gpu: [] }, 8192, "q4_0").filter(({ role }) => role === "code");
    expect(short?.need).toBeLessThan(code[0]?.need ?? 0);
  });
});

describe("chooseModel", () => {
  const base = { file: file({ path: "/base", fillInTheMiddle: true, parameters: 1.5 }), entry: undefined };
  const chat = { file: file({ path: "/chat", fillInTheMiddle: true, chatTemplate: true, parameters: 1.5 }), entry: undefined };
  const large = { file: file({ path: "/large", chatTemplate: true, parameters: 32, bytes: 20 * gigabyte }), entry: undefined };
  const limits = { budget: 8 * gigabyte, contextSize: 4096, parameters: 7 };
  const pick = (role: Parameters<typeof chooseModel>[1], ...models: Parameters<typeof chooseModel>[0]) =>
    chooseModel(models, role, limits)?.file.path;

  it("prefers base for ghost text and instruct for actions", () => {
    expect(pick("completion", chat, base)).toBe("/base");
    expect(pick("code", base, chat)).toBe("/chat");
  });
  it("prefers what fits, and takes what does not when there is nothing else", () => {
    expect(pick("code", large, chat)).toBe("/chat");
    expect(pick("code", large)).toBe("/large");
  });
  it("takes the recommended one where it is there, and never one that is only listed", () => {
    const wanted = { file: file({ path: "/wanted", parameters: 0.5 }), entry: entry({ id: "wanted" }) };
    expect(chooseModel([base, wanted], "completion", { ...limits, recommended: "wanted" })?.file.path).toBe("/wanted");
    const listed = { file: file({ path: "/listed" }), entry: entry({ id: "listed", listedOnly: true }) };
    expect(pick("completion", listed)).toBeUndefined();
  });
  it("finds nothing for a role nobody suits", () => {
    expect(pick("embedding", base, chat)).toBeUndefined();
    expect(rolesOf(file({ architecture: "nomic-bert" }))).toEqual(["embedding"]);
  });
});

describe("matchCatalogue", () => {
  const known = entry({ id: "known", file: "Model-Q4.gguf", bytes: 1000, sha256: "a".repeat(64) });
  it("knows a file by its hash, or by name and size", () => {
    expect(matchCatalogue([known], { fileName: "blob", bytes: 5, sha256: "a".repeat(64) })?.id).toBe("known");
    expect(matchCatalogue([known], { fileName: "model-q4.gguf", bytes: 1000 })?.id).toBe("known");
    expect(matchCatalogue([known], { fileName: "someone_repository_model-q4.gguf", bytes: 1000 })?.id).toBe("known");
    expect(matchCatalogue([known], { fileName: "model-q4.gguf", bytes: 1001 })).toBeUndefined();
    expect(matchCatalogue([{ ...known, bytesEstimated: true }], { fileName: "model-q4.gguf", bytes: 1050 })?.id).toBe("known");
  });
});
