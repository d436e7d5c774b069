type Called = (...given: readonly unknown[]) => unknown;

/** What became of the calls of a function that stands in for another. */
export interface MockState {
  readonly calls: (readonly unknown[])[];
  readonly results: { readonly type: "return" | "throw"; readonly value: unknown }[];
}

/** A function that stands in for another and keeps what it was called with, as those of Jest and Vitest do. */
export type Mock = Called & { readonly mock: MockState };

/** True for a {@link Mock}. */
export function isMock(value: unknown): value is Mock {
  return typeof value === "function" && typeof (value as Partial<Mock>).mock === "object";
}

/** Makes a {@link Mock}. */
export function createMock(implementation?: Called): Mock {
  let usual = implementation;
  const next: Called[] = [];
  const mock: MockState = { calls: [], results: [] };
  function called(this: unknown, ...given: readonly unknown[]): unknown {
    mock.calls.push(given);
    try {
      const value = (next.shift() ?? usual)?.apply(this, [...given]);
      mock.results.push({ type: "return", value });
      return value;
    } catch (value) {
      mock.results.push({ type: "throw", value });
      throw value;
    }
  }
  const clear = () => {
    mock.calls.length = 0;
    mock.results.length = 0;
    return made;
  };
  const does = (other: Called) => {
    usual = other;
    return made;
  };
  const doesOnce = (other: Called) => {
    next.push(other);
    return made;
  };
  const reset = () => {
    usual = implementation;
    next.length = 0;
    return clear();
  };
  const made: Mock = Object.assign(called, {
    mock,
    mockClear: clear,
    mockReset: reset,
    mockRestore: reset,
    mockImplementation: does,
    mockImplementationOnce: doesOnce,
    mockReturnValue: (value: unknown) => does(() => value),
    mockReturnValueOnce: (value: unknown) => doesOnce(() => value),
    mockResolvedValue: (value: unknown) => does(async () => value),
    mockResolvedValueOnce: (value: unknown) => doesOnce(async () => value),
    mockRejectedValue: (value: unknown) =>
      does(async () => {
        throw value;
      }),
  });
  return made;
}

/** Puts a {@link Mock} in the place of a method, which it calls until it is told something else. */
export function spyOn(object: Record<string, unknown>, name: string): Mock {
  const before = object[name] as Called;
  const mock = createMock(before);
  object[name] = mock;
  const restore = () => {
    object[name] = before;
  };
  return Object.assign(mock, { mockRestore: restore });
}
