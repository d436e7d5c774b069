/** Calls a Python function once, and makes of all that came of it texts and tuples, so that two calls can be compared. */
export const pythonOutcomes = `class Late(BaseException):
    """A call that takes too long."""


def late(_signal, _frame):
    raise Late()


signal.signal(signal.SIGALRM, late)
sys.setrecursionlimit(600)


def plain(value, seen, depth=0):
    """A value as nothing but texts and tuples, so that two of them can be compared."""
    kind = type(value).__name__
    if value is None or isinstance(value, (bool, int, str, bytes)):
        return kind, value
    if isinstance(value, float):
        return kind, f"{value:.9g}"
    if isinstance(value, complex):
        return kind, f"{value:.9g}"
    if depth > 60:
        raise Unknown("what it gives is too deep")
    if isinstance(value, (list, tuple, collections.deque)):
        return kind, tuple(plain(each, seen, depth + 1) for each in value)
    if isinstance(value, dict):
        return kind, tuple(in_order(value.items(), seen, depth + 1))
    if isinstance(value, (set, frozenset)):
        return kind, tuple(in_order(value, seen, depth + 1))
    if hasattr(value, "__next__"):
        return "iterator", tuple(plain(each, seen, depth + 1) for each in itertools.islice(value, 200))
    if isinstance(value, range):
        return kind, repr(value)
    if any(value is each for each in (bool, abs, str, len)):
        return "function", value.__name__
    if callable(value):
        raise Unknown("it gives a function")
    if hasattr(value, "__dict__"):
        # Objects may lead to each other in a circle. Those of the arguments keep the numbers they got before the call.
        if id(value) in seen:
            return kind, seen[id(value)]
        seen[id(value)] = len(seen)
        return kind, seen[id(value)], tuple((name, plain(each, seen, depth + 1)) for name, each in sorted(vars(value).items()))
    return kind, repr(value)


def in_order(values, seen, depth):
    """Values whose own order says nothing: each gets its number after what it is, and not by chance."""
    ordered = sorted(values, key=lambda each: repr(plain(each, dict(seen), depth)))
    return [plain(each, seen, depth) for each in ordered]


class Outcome:
    """What came of one call: how it ended, and all that it did to its arguments."""

    def __init__(self, program, arguments, limit):
        given = copy.deepcopy(arguments)
        seen = {}
        for thing in given:
            if isinstance(thing, (Thing, list)):
                plain(thing, seen)
        printed.clear()
        self.shown = None
        began = time.process_time()
        try:
            signal.setitimer(signal.ITIMER_REAL, limit)
            try:
                value = program.function(*given)
                self.how, self.value = "gave", (plain(value, seen), plain(given, seen), plain(list(printed), seen))
                self.shown = repr(value) if self.value[0][0] != "iterator" else None
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        except (Late, RecursionError):
            self.how, self.value = "did not end", ()
        except Unknown:
            raise
        except Exception as error:
            self.how, self.value = "raised", (type(error).__name__,)
        self.seconds = time.process_time() - began

    def told(self, arguments):
        """What it gave and printed, and what became of its arguments where they are not as they were."""
        result, given, output = self.value
        return repr((result, output, None if given == plain(arguments, {}) else given))
`;
