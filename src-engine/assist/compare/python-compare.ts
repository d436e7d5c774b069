/**
 * Calls a Python function before and after a change with the same arguments, and tells whether both do the same: what they give, raise and
 * print, and what they make of their arguments. The arguments must reach every line, else nothing is said.
 */
export const pythonCompare = `rounds, least = 300, 12


class Reached:
    """The lines of a program that calls went through."""

    def __init__(self, program):
        self.file = program.file
        self.lines = set()
        self.wanted = set()
        self.collect(program.function.__code__ if hasattr(program.function, "__code__") else None)
        for each in ast.walk(program.node):
            if isinstance(each, (ast.Raise, ast.ExceptHandler)):
                self.wanted -= set(range(each.lineno, each.end_lineno + 1))

    def collect(self, code):
        if code is None:
            raise Unknown("it is wrapped by another function")
        own = {line for _start, _end, line in code.co_lines() if line is not None and line != code.co_firstlineno}
        self.wanted |= own
        for constant in code.co_consts:
            if hasattr(constant, "co_code"):
                self.collect(constant)

    def __enter__(self):
        sys.settrace(self.trace)
        return self

    def __exit__(self, *_rest):
        sys.settrace(None)

    def trace(self, frame, event, _argument):
        if frame.f_code.co_filename != self.file:
            return None
        self.lines.add(frame.f_lineno)
        return self.trace

    def missing(self):
        return sorted(self.wanted - self.lines)


def find_ways(inputs, old, patience):
    """The kinds of values with which most of the code is reached, the likeliest first, and those that reach what these do not."""
    found = []
    end = time.monotonic() + 3
    for number, way in enumerate(inputs.ways()):
        if time.monotonic() > end:
            break
        lines, good, late, results = set(), 0, 0, set()
        for attempt in range(8):
            reached = Reached(old)
            arguments = inputs.make(way)
            with reached:
                outcome = Outcome(old, arguments, patience)
            # What is reached by arguments that the code does not take shows nothing.
            if outcome.how == "gave":
                lines |= reached.lines
                results.add(outcome.told(arguments))
            good += outcome.how == "gave"
            late += outcome.how == "did not end"
            if late > 2 or (attempt == 3 and good == 0):
                break
        if good >= 3:
            found.append((-len(lines), len(results) < 2, late > 0, number, lines, way))
    found.sort(key=lambda each: each[:4])
    chosen, lines = [], set()
    while found and len(chosen) < 3:
        further = max(found, key=lambda each: len(each[4] - lines))
        if chosen and not further[4] - lines:
            break
        chosen.append(further)
        lines |= further[4]
    most = found[0][0] if found else 0
    # Of those that reach about as much the likeliest: eight calls may miss a line by chance.
    chosen += sorted((each for each in found if each[0] <= most + 1 and each not in chosen), key=lambda each: each[1:4])
    return [each[-1] for each in chosen[:3]]


known = {}


def compare(old_text, new_text, name):
    old = Program(old_text, name, "<old>")
    try:
        new = Program(new_text, name, "<new>")
    except Missing as reason:
        return {"verdict": "different", "why": f"There is no “{str(reason).split()[-1]}” that {name} could use."}
    before, after = tops(ast.parse(old_text))[name], tops(ast.parse(new_text))[name]
    if ast.dump(strip_types(before.args)) != ast.dump(strip_types(after.args)):
        return {"verdict": "different", "why": f"The parameters of {name} are not the same."}
    if name not in known:
        inputs = Inputs(old, before)
        # What is slow is tried again with more patience.
        known[name] = inputs, find_ways(inputs, old, 0.03) or find_ways(inputs, old, 0.4)
    inputs, ways = known[name]
    if not ways and not inputs.seeds:
        raise Unknown(f"no arguments were found that {name} takes")
    reached, useful, seen = Reached(old), 0, []
    calls = itertools.chain(inputs.seeds * 2, (inputs.make(ways[number % len(ways)]) for number in range(rounds if ways else 0)))
    end = time.monotonic() + 4
    for number, arguments in enumerate(calls):
        if time.monotonic() > end:
            break
        with reached:
            was = Outcome(old, arguments, 0.1)
        if was.how == "did not end":
            continue
        if number < 10 and Outcome(old, arguments, 0.5).value != was.value:
            raise Unknown("it does not do the same twice")
        now = Outcome(new, arguments, max(0.5, was.seconds * 50))
        if was.how == "raised":
            explicit = was.value[0] in old.raised
            if now.how != "raised" or (explicit and was.value != now.value):
                return different(name, arguments, was, now)
            continue
        if now.how != was.how or now.value != was.value:
            return different(name, arguments, was, now)
        useful += 1
        if len(seen) < 120:
            seen.append((arguments, was))
    missing = reached.missing()
    if useful < (1 if not inputs.parameters else least):
        raise Unknown(f"too few arguments were found that {name} takes")
    if missing:
        line = old_text.splitlines()[missing[0] - 1].strip()
        raise Unknown(f"no arguments were found that reach “{line[:60]}”")
    if inputs.parameters and not notices(old_text, name, seen):
        raise Unknown("the arguments that were found would not notice a mistake there")
    return {"verdict": "same", "count": useful}


exchanges = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.And: ast.Or, ast.Or: ast.And, ast.In: ast.NotIn, ast.NotIn: ast.In}


class Mistake(ast.NodeTransformer):
    """Makes one mistake: at the place with a number, counted over all signs, numbers and arguments."""

    def __init__(self, number):
        self.left, self.made = number, False

    def here(self):
        self.left -= 1
        self.made = self.made or self.left == -1
        return self.left == -1

    def generic_visit(self, node):
        super().generic_visit(node)
        if isinstance(node, ast.Compare) and type(node.ops[0]) in exchanges and self.here():
            node.ops[0] = exchanges[type(node.ops[0])]()
        elif isinstance(node, (ast.BinOp, ast.AugAssign, ast.BoolOp)) and type(node.op) in exchanges and self.here():
            node.op = exchanges[type(node.op)]()
        elif isinstance(node, ast.Constant) and type(node.value) is int and self.here():
            return ast.copy_location(ast.Constant(node.value + 1), node)
        elif isinstance(node, ast.Call) and len(node.args) > 1 and self.here():
            # The order says nothing to these two.
            other = {"max": "min", "min": "max"}.get(getattr(node.func, "id", ""))
            if other:
                node.func = ast.Name(other, ast.Load())
            else:
                node.args = [*node.args[1:], node.args[0]]
        return node


def notices(text, name, seen):
    """True where the calls tell most small mistakes in the function from the function; some are none, so not all of them."""
    mutants = []
    for number in range(60):
        module, mistake = ast.parse(text), Mistake(number)
        mistake.visit(next(node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == name))
        if not mistake.made:
            break
        mutants.append(ast.unparse(module))
    step = max(1, len(mutants) // 6)
    chosen, noticed = mutants[::step][:6], 0
    for mutant in chosen:
        program = Program(mutant, name, "<mistake>")
        noticed += any(Outcome(program, arguments, max(0.2, was.seconds * 20)).value != was.value for arguments, was in seen)
    return noticed * 3 >= len(chosen) * 2


def strip_types(arguments):
    return WithoutTypes().visit(copy.deepcopy(arguments))


def different(name, arguments, was, now):
    def said(outcome):
        if outcome.how == "gave":
            return None if outcome.shown is None else shorten(outcome.shown)
        return f"{outcome.value[0]}" if outcome.how == "raised" else "no end"

    call = f"{name}({', '.join(shorten(repr(each)) for each in arguments)})"
    before, after = said(was), said(now)
    if "…" in call or before is None or after is None or before == after:
        return {"verdict": "different", "why": f"{call} does something else than before."}
    return {"verdict": "different", "why": f"{call} came to {before}, and now to {after}."}


def shorten(text):
    return text if len(text) <= 48 else f"{text[:47]}…"


def changed(old_text, new_text):
    """The functions that differ; throws where something else does."""
    old, new = ast.parse(old_text), ast.parse(new_text)
    before = [ast.dump(node) for node in old.body if not isinstance(node, ast.FunctionDef)]
    after = [ast.dump(node) for node in new.body if not isinstance(node, (ast.FunctionDef, ast.Import, ast.ImportFrom))]
    imports = [ast.dump(node) for node in new.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    if any(each not in after and each not in imports for each in before) or any(each not in before for each in after):
        raise Unknown("more than functions was changed")
    had = {node.name: node for node in old.body if isinstance(node, ast.FunctionDef)}
    has = {node.name: node for node in new.body if isinstance(node, ast.FunctionDef)}
    if set(had) - set(has):
        raise Unknown("a function is gone")
    known = {ast.dump(node) for node in old.body}
    for node in new.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and ast.dump(node) not in known:
            check(node)
            if isinstance(node, ast.ImportFrom) and not all(alias.name == "*" or hasattr(computing_module(node.module), alias.name) for alias in node.names):
                raise Missing(f"it imports {node.names[0].name}")
    return [name for name, node in had.items() if ast.dump(node) != ast.dump(has[name])]


def judge(old_text, new_text):
    try:
        count = 0
        for name in changed(old_text, new_text):
            verdict = compare(old_text, new_text, name)
            if verdict["verdict"] != "same":
                return verdict
            count += verdict["count"]
        return {"verdict": "same", "count": count}
    except Unknown as reason:
        return {"verdict": "unknown", "why": str(reason)}
    except (SyntaxError, RecursionError, MemoryError) as error:
        return {"verdict": "unknown", "why": f"it could not be read: {type(error).__name__}"}
`;
