import { getLlama, LlamaLogLevel } from "node-llama-cpp";

/** The threads that the product computes with on this machine; all sides get as many. */
export async function threadsOfThisMachine(): Promise<number> {
  const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.error });
  const threads = llama.cpuMathCores;
  await llama.dispose();
  return threads;
}
