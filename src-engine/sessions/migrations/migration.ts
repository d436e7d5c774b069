/** One step of the database. A step that was released never changes: a later one corrects it. */
export interface Migration {
  /** 1, 2, 3 ... in the order of the list; SQLite's user_version says up to which one a file has come. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}
