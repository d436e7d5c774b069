import type { ContractRouterClient } from "@orpc/contract";
import { UserError } from "#core/base/errors";
import type { inferenceContract } from "#core/contracts/inference";
import type { OwnProcess } from "#core/processes";
import { connectClient } from "#core/transport/connect";

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

/** Connects to the inference process that `open` starts. Throws INFERENCE_STOPPED where it does not start. */
export async function connectInference(open: () => Promise<OwnProcess>): Promise<InferenceConnection> {
  const { wire, exited, kill } = await open().catch((error: Error): never => {
    throw new UserError("INFERENCE_STOPPED", `The model process did not start (${error.message}).`, "Try again; doctor tells more.");
  });
  const connection = connectClient<typeof inferenceContract>(
    wire,
    () => new UserError("INFERENCE_STOPPED", "The model process has stopped.", "Try again: the next request starts it anew."),
  );
  return { client: connection.client, exited, kill };
}
