import { expect } from "./expect.ts";
import { createMock, spyOn } from "./mock.ts";

type Body = (...given: readonly unknown[]) => unknown;

/** How a test or a group of tests ended, by its outermost name. */
export type Note = (name: string, failure?: unknown) => void;

/** Milliseconds for a test that waits for something. */
const mostWaiting = 3000;

interface Group {
  readonly name: string;
  readonly parent?: Group;
  readonly before: Body[];
  readonly after: Body[];
  readonly beforeAll: Body[];
  readonly afterAll: Body[];
  readonly items: (Group | Single)[];
}

interface Single {
  readonly name: string;
  readonly body: Body;
}

/** What tests written for Vitest, Jest, Mocha and node:test use of these, so that nothing has to be installed or written to run them. */
export interface Testing {
  /** By the name under which it is imported or, with some, simply there. */
  readonly names: Readonly<Record<string, unknown>>;
  /** Runs the tests that were declared, in their order. */
  run(note: Note): Promise<void>;
}

/** Creates a {@link Testing} without tests. */
export function createTesting(): Testing {
  const group = (name: string, parent?: Group): Group => ({
    name,
    ...(parent && { parent }),
    before: [],
    after: [],
    beforeAll: [],
    afterAll: [],
    items: [],
  });
  const root = group("");
  let current = root;

  const bodyIn = (rest: readonly unknown[]) => rest.find((each): each is Body => typeof each === "function");
  const each =
    (declare: (name: string, body: Body) => void) =>
    (table: readonly unknown[]) =>
    (name: string, body: Body): void => {
      for (const row of table) declare(name, () => body(...(Array.isArray(row) ? row : [row])));
    };
  const nothing = () => {};
  const skipped = Object.assign(nothing, { each: () => nothing });

  const addTest = (name: string, body: Body) => void current.items.push({ name, body });
  const test = Object.assign(
    (name: string, ...rest: readonly unknown[]) => {
      const body = bodyIn(rest);
      if (body) addTest(name, body);
    },
    {
      each: each(addTest),
      skip: skipped,
      todo: nothing,
      skipIf: (no: unknown) => (no ? skipped : test),
      concurrent: addTest,
      only: addTest,
    },
  );
  const addGroup = (name: string, body: Body) => {
    const outer = current;
    current = group(name, outer);
    outer.items.push(current);
    try {
      body();
    } finally {
      current = outer;
    }
  };
  const describe = Object.assign(
    (name: string, ...rest: readonly unknown[]) => {
      const body = bodyIn(rest);
      if (body) addGroup(name, body);
    },
    { each: each(addGroup), skip: skipped, only: addGroup },
  );
  const hook = (list: "before" | "after" | "beforeAll" | "afterAll") => (body: Body) => void current[list].push(body);
  const mocks = { fn: createMock, spyOn, mock: nothing, restoreAllMocks: nothing, clearAllMocks: nothing, resetAllMocks: nothing };

  const names = {
    test,
    it: test,
    describe,
    suite: describe,
    expect,
    vi: mocks,
    jest: mocks,
    beforeEach: hook("before"),
    afterEach: hook("after"),
    beforeAll: hook("beforeAll"),
    afterAll: hook("afterAll"),
    // As Mocha and node:test call them.
    before: hook("beforeAll"),
    after: hook("afterAll"),
  };
  return { names, run: (note) => runGroup(root, [], note) };
}

async function runGroup(group: Group, outer: readonly Group[], note: Note): Promise<void> {
  const groups = [...outer, group];
  const [, outermost] = groups;
  try {
    for (const body of group.beforeAll) await ended(body);
    for (const item of group.items) {
      if ("items" in item) await runGroup(item, groups, note);
      else await runTest(item, groups, outermost?.name ?? item.name, note);
    }
    for (const body of group.afterAll) await ended(body);
  } catch (failure) {
    note(outermost?.name ?? "", failure);
  }
}

async function runTest({ body }: Single, groups: readonly Group[], name: string, note: Note): Promise<void> {
  try {
    for (const each of groups.flatMap(({ before }) => before)) await ended(each);
    await ended(body);
    for (const each of groups.toReversed().flatMap(({ after }) => after)) await ended(each);
    note(name);
  } catch (failure) {
    note(name, failure);
  }
}

/** Waits for what a test does, but not for ever. */
async function ended(body: Body): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_resolve, refuse) => {
    timer = setTimeout(() => refuse(new Error("It did not end.")), mostWaiting);
  });
  try {
    await Promise.race([body(), late]);
  } finally {
    clearTimeout(timer);
  }
}
