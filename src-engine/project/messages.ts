import type { ProjectIndex } from "./project-index.ts";

/** What the thread of the index can be asked. */
export type Asked = Exclude<keyof ProjectIndex, "close">;

/** One call; arguments and results are plain data. */
export interface Question {
  readonly id: number;
  readonly method: Asked;
  readonly parameters: readonly unknown[];
}

/** Its result, or how it failed. */
export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: { readonly code: string; readonly message: string; readonly hint?: string } };
