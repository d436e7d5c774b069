/**
 * What the tests of QuixBugs, and tests that models write, use of pytest, as one Python file: so that nothing has to be installed, and
 * tests run where there is no network. `run` runs all tests of a module and fails with the first that fails, or when there is none.
 */
export const pytest = `import inspect

use_correct = False
run_slow = False


class Skipped(Exception):
    pass


def skip(reason=""):
    raise Skipped(reason)


class approx:
    def __init__(self, expected, rel=None, abs=None, nan_ok=False):
        self.expected, self.rel, self.abs = expected, rel, abs

    def __eq__(self, actual):
        if isinstance(self.expected, (list, tuple)):
            return len(actual) == len(self.expected) and all(approx(e, self.rel, self.abs) == a for e, a in zip(self.expected, actual))
        near = max(self.abs if self.abs is not None else 1e-12, (self.rel if self.rel is not None else 1e-6) * abs_of(self.expected))
        return abs_of(actual - self.expected) <= near


abs_of = abs


class raises:
    def __init__(self, kind, match=None):
        self.kind, self.match = kind, match

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            raise AssertionError("nothing was raised")
        self.value = value
        return issubclass(kind, self.kind)


class mark:
    @staticmethod
    def parametrize(names, values, ids=None):
        names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)

        def wrap(function):
            function.cases = [dict(zip(names, value if len(names) > 1 else [value])) for value in values]
            return function

        return wrap


def run(module):
    count = 0
    for name, function in list(vars(module).items()):
        if name.startswith("test") and inspect.isfunction(function):
            count += run_one(function, [])
        elif name.startswith("Test") and inspect.isclass(function):
            for method, body in list(vars(function).items()):
                if method.startswith("test") and inspect.isfunction(body):
                    case = function(method) if hasattr(function, "assertEqual") else function()
                    for before in ("setup_method", "setUp"):
                        if hasattr(case, before):
                            getattr(case, before)()
                    count += run_one(body, [case])
    if count == 0:
        raise AssertionError("there is no test")


def run_one(function, first):
    for case in getattr(function, "cases", [{}]):
        try:
            function(*first, **case)
        except Skipped:
            pass
    return 1
`;
