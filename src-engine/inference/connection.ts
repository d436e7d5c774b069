import type { ContractRouterClient } from "@orpc/contract";
import type { inferenceContract } from "#core/contracts/inference";

/** A running inference process. */
export interface InferenceConnection {
  readonly client: ContractRouterClient<typeof inferenceContract>;
  /** Resolves when the process is gone, whoever ended it; never rejects. */
  readonly exited: Promise<{ reason: string }>;
  /** Ends the process at once. */
  kill(): void;
}

/** Starts an inference process: the one thing that differs between the desktop and a headless engine. */
export type OpenInference = () => Promise<InferenceConnection>;
