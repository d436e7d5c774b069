import { pythonUnwritable } from "./python-results.ts";

/**
 * Finds calls of a function whose results tell it from the same function with a small mistake in it, where those that tests make already
 * do not: the fewest, and of those as good the shortest, with values that can be written out. Goes behind what compares functions.
 */
export const pythonFurther = `most_slips, most_calls, most_found, longest = 60, 150, 4, 60
speaks_of_order = re.compile("sort|order|ascend|binary|bisect|merge|search", re.IGNORECASE)
${pythonUnwritable}

class Slip(Mistake):
    """Makes one of more kinds of small mistakes: at the place with a number, counted over all that can be made."""

    def generic_visit(self, node):
        ast.NodeTransformer.generic_visit(self, node)
        for other in others(node):
            if self.here():
                return ast.copy_location(other, node)
        return node


def changed_node(node, **parts):
    made = copy.copy(node)
    for name, value in parts.items():
        setattr(made, name, value)
    return made


def others(node):
    """What may stand by mistake in the place of a piece of code."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in exchanges:
        yield changed_node(node, ops=[exchanges[type(node.ops[0])](), *node.ops[1:]])
    elif isinstance(node, ast.BinOp):
        if type(node.op) in exchanges:
            yield changed_node(node, op=exchanges[type(node.op)]())
        yield node.left
        yield node.right
    elif isinstance(node, ast.BoolOp):
        yield changed_node(node, op=exchanges[type(node.op)]())
        yield node.values[0]
        yield node.values[-1]
    elif isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value)
        yield ast.Pass()
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield ast.Pass()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Call) and len(node.args) == 2 and not node.keywords:
        other = {"max": "min", "min": "max"}.get(getattr(node.func, "id", ""))
        if other:
            yield changed_node(node, func=ast.Name(other, ast.Load()))
            yield node.args[0]
            yield node.args[1]
        else:
            yield changed_node(node, args=node.args[::-1])


def slips(text, name):
    """The code with one small mistake each in a function, spread over it."""
    made = []
    for number in itertools.count():
        module, slip = ast.parse(text), Slip(number)
        slip.visit(next(node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == name))
        if not slip.made or number == 400:
            break
        made.append(module)
    step = max(1, -(-len(made) // most_slips))
    for module in made[::step]:
        try:
            yield Program(ast.unparse(ast.fix_missing_locations(module)), name, "<slip>")
        except Unknown:
            pass


def is_iterator(outcome):
    return outcome.how == "gave" and outcome.value[0][0] == "iterator"


def listing(program):
    """A program that gives a list of what another gives one by one."""
    function = program.function
    program.function = lambda *given: list(itertools.islice(function(*given), 100))
    return program


def written(value):
    """A value as a test would write it; None where it would not."""
    text = repr(value)
    try:
        if len(text) > longest or unwritable.search(text) or ast.literal_eval(text) != value:
            return None
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    return text if '"' in text or "\\\\" in text else text.replace("'", '"')


def gave(outcome, result):
    """True where a call gave a result, as far as a test sees."""
    if outcome.how != "gave" or outcome.shown is None:
        return False
    try:
        return ast.literal_eval(outcome.shown) == result
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False


def called(tests, name):
    """The arguments with which tests call a function, where they are written out."""
    for each in ast.walk(ast.parse(tests)):
        if isinstance(each, ast.Call) and getattr(each.func, "id", "") == name and not each.keywords:
            try:
                yield tuple(ast.literal_eval(argument) for argument in each.args)
            except (ValueError, SyntaxError, TypeError):
                pass


class Call:
    """Arguments, and what the code gives for them."""

    def __init__(self, program, arguments):
        self.arguments = arguments
        outcome = Outcome(program, arguments, 0.1)
        shown = outcome.shown if outcome.how == "gave" else None
        self.texts = [written(each) for each in arguments]
        self.result = None
        if shown is not None and len(shown) <= longest and None not in self.texts and sum(map(len, self.texts)) <= longest:
            try:
                self.value = ast.literal_eval(shown)
                self.result = written(self.value)
            except (ValueError, SyntaxError, TypeError):
                pass
        self.seconds = outcome.seconds
        self.seen = set()


def is_like(value, other):
    """True for values of the same kind, down to what is in them."""
    if type(value) is not type(other):
        return False
    if isinstance(value, dict):
        return is_like([*value.keys()], [*other.keys()]) and is_like([*value.values()], [*other.values()])
    if isinstance(value, (list, tuple, set)):
        return not other or all(any(is_like(each, one) for one in other) for each in value)
    return True


def in_order_at(arguments, place):
    value = arguments[place] if place < len(arguments) else None
    try:
        return isinstance(value, list) and len(value) > 1 and value == sorted(value)
    except TypeError:
        return False


class Variations:
    """Makes arguments as those that tests call a function with, so that they are such as people would write."""

    def __init__(self, inputs, asked, said):
        self.inputs, self.asked = inputs, asked
        made = itertools.islice(((way, inputs.make(way)) for way in inputs.ways()), 1500)
        self.ways = list(itertools.islice((way for way, arguments in made if self.has_like(arguments)), 3))
        # What is given in order may have to be, where the function speaks of it.
        ordered = speaks_of_order.search(" ".join([said, *(each.arg for each in inputs.parameters)]))
        self.ordered = {place for place in range(len(inputs.parameters) if ordered else 0) if all(in_order_at(each, place) for each in asked)}

    def has_like(self, arguments):
        return any(len(arguments) == len(one) and all(map(is_like, arguments, one)) for one in self.asked)

    def make(self):
        made = self.inputs.make(chance.choice(self.ways)) if self.ways and chance.random() < 0.5 else ()
        arguments = made if self.has_like(made) else map(self.vary, chance.choice(self.asked))
        return tuple(sorted(each) if place in self.ordered else each for place, each in enumerate(arguments))

    def vary(self, value):
        roll = chance.random()
        if roll < 0.3:
            return value
        if isinstance(value, (list, tuple)):
            items = list(value)
            if roll < 0.5:
                chance.shuffle(items)
            elif items and roll < 0.65:
                del items[chance.randrange(len(items))]
            elif items and roll < 0.75:
                items.append(chance.choice(items))
            else:
                items = [self.vary(each) for each in items]
            return type(value)(items)
        if isinstance(value, dict):
            return {key: self.vary(each) for key, each in value.items() if chance.random() < 0.8}
        if isinstance(value, str):
            return self.inputs.like(value, self.inputs.word())
        kinds = {int: self.inputs.number, float: self.inputs.real, bool: self.inputs.truth, set: self.inputs.number_set}
        return kinds.get(type(value), lambda: value)()


def makers(inputs, program, asked, said):
    """What makes arguments: like those of the tests, else of the kind with which most of the code is reached."""
    if asked:
        return Variations(inputs, asked, said).make
    ways = find_ways(inputs, program, 0.03)
    return (lambda: inputs.make(ways[0])) if ways else None


def further(text, name, tests):
    program = Program(text, name, "<code>")
    if not isinstance(program.node, ast.FunctionDef) or program.node.decorator_list:
        raise Unknown("it is no plain function")
    inputs, asked = Inputs(program, program.node), list(called(tests, name))
    said = f"{name} {ast.get_docstring(program.node) or ''}"
    make = makers(inputs, program, [each for each in asked if Outcome(program, each, 0.1).how == "gave"], said)
    calls = [*inputs.seeds, *(make() for _ in range(most_calls if make else 0))]
    listed = any(is_iterator(Outcome(program, arguments, 0.1)) for arguments in [*calls[:5], *asked])
    mistaken = [listing(slip) if listed else slip for slip in slips(text, name)]
    program = listing(program) if listed else program
    known = [call for call in (Call(program, arguments) for arguments in asked) if call.result is not None]
    found, end = {}, time.monotonic() + 3
    for arguments in calls:
        if time.monotonic() > end:
            break
        call = Call(program, arguments)
        if call.result is not None:
            found.setdefault(repr(call.texts), call)
    candidates = sorted(found.values(), key=lambda call: len(repr(call.texts)))
    late, seen, end = collections.Counter(), set(), time.monotonic() + 6
    for call in [*known, *candidates]:
        for number, slip in enumerate(mistaken):
            # A mistake that never ends is seen by whatever calls it.
            if late[number] > 2 or (call in known and number in seen):
                continue
            if time.monotonic() > end:
                break
            outcome = Outcome(slip, call.arguments, max(0.05, call.seconds * 20))
            late[number] += outcome.how == "did not end"
            if not gave(outcome, call.value):
                call.seen.add(number)
        if call in known:
            seen |= call.seen
    chosen = []
    while candidates and len(chosen) < most_found:
        best = max(candidates, key=lambda call: (len(call.seen - seen), -len(repr(call.texts))))
        if not best.seen - seen:
            break
        chosen.append({"call": f"list({name}({', '.join(best.texts)}))" if listed else f"{name}({', '.join(best.texts)})", "result": best.result})
        seen |= best.seen
    return chosen
`;
