import type * as vscodeApi from "vscode";
import type { Disposable } from "#core/base/disposable";
import type { Connection } from "../connection.ts";

/** What each of our features gets: the connection, the `vscode` API, and a place to leave what must be closed. */
export interface Features extends Connection {
  readonly vscode: typeof vscodeApi;
  /** Keeps something open until the window ends. */
  readonly own: <T extends Disposable>(item: T) => T;
}
