/**
 * Makes arguments for a Python function: by its types and the examples of its documentation, else by trying kinds of values, objects with
 * the attributes that the code asks for among them.
 */
export const pythonInputs = `chance = random.Random(11)
shown_calls = re.compile(r">>>(.*)")


class Thing:
    """An object of which only the attributes are known that code asks for."""

    __slots__ = ("place", "__dict__")

    def __init__(self, place):
        self.place = place

    # By its place, and not by where it lies: then sets and tables of objects have the same order in each call.
    def __hash__(self):
        return self.place

    # A heap of distances and objects compares these where the distances are the same.
    def __lt__(self, other):
        return self.place < other.place if isinstance(other, Thing) else NotImplemented

    def __repr__(self):
        return "…"


class Inputs:
    """Makes arguments for a function of which little is known: by its types where it tells them, else by trying kinds of values."""

    def __init__(self, program, annotated):
        self.numbers, self.words, letters = {0, 1, 2, 3, 5, 10}, {"", "a", "b", "ab", "abc", "hello world", "Abc", "12"}, set("abc xyz AB12")
        for node in program.nodes + [annotated]:
            for each in ast.walk(node):
                if isinstance(each, ast.Constant) and type(each.value) in (int, float) and abs(each.value) < 10000:
                    self.numbers |= {int(each.value), int(each.value) + 1, int(each.value) - 1}
                elif isinstance(each, ast.Constant) and isinstance(each.value, str) and len(each.value) < 20:
                    self.words.add(each.value)
                    letters |= set(each.value)
        self.numbers, self.words, self.letters = sorted(self.numbers), sorted(self.words), sorted(letters)
        known = set().union(*(dir(kind) for kind in (list, dict, str, set, tuple, int, float, bytes)))
        imported = {name for node in program.nodes if isinstance(node, (ast.Import, ast.ImportFrom)) for name in bound(node)}
        self.attributes = sorted(
            {
                each.attr
                for node in program.nodes
                for each in ast.walk(node)
                if isinstance(each, ast.Attribute) and each.attr not in known and not (isinstance(each.value, ast.Name) and each.value.id in imported)
            }
        )[:3]
        self.things = []
        self.parameters = [*annotated.args.posonlyargs, *annotated.args.args]
        if annotated.args.vararg or annotated.args.kwarg or annotated.args.kwonlyargs:
            raise Unknown("it takes any number of arguments, or some by name only")
        if self.parameters and self.parameters[0].arg in ("self", "cls"):
            raise Unknown("it is a method")
        self.seeds = list(examples(annotated))

    def ways(self):
        """Kinds of values for all parameters, the likeliest first."""
        each = [self.typed(parameter.annotation) or self.untyped() for parameter in self.parameters]
        graphs = list(itertools.product((self.thing_or_none, self.some_things, self.number), repeat=len(self.attributes))) if self.attributes else [()]
        product = sorted(itertools.product(*(range(len(kinds)) for kinds in each)), key=sum)
        for chosen in product[:1500]:
            kinds = [each[position][index] for position, index in enumerate(chosen)]
            isThing = any(kind in kinds for kind in (self.thing, self.some_things, self.edges_of_things))
            for graph in graphs if isThing else [()]:
                yield kinds, graph

    def make(self, way):
        kinds, graph = way
        if graph:
            self.things = [Thing(place) for place in range(chance.choice([1, 2, 3, 4, 5, 6]))]
            forward = chance.random() < 0.7
            for index, thing in enumerate(self.things):
                self.reachable = self.things[index + 1 :] if forward else self.things
                for attribute, kind in zip(self.attributes, graph):
                    setattr(thing, attribute, kind())
            self.reachable = self.things
        made = []
        for kind in kinds:
            value = kind()
            made.append(self.like(made[-1], value) if made and chance.random() < 0.3 else value)
        return tuple(made)

    def like(self, other, value):
        """In the place of a value, where it is a text or a list as the one before: that one a little changed, or in another order. What compares two is reached by such."""
        if type(other) is not type(value) or not isinstance(other, (str, list)) or len(other) < 2 or not all(isinstance(each, (str, int, float)) for each in other):
            return value
        items = list(other)
        roll = chance.random()
        if roll < 0.5:
            chance.shuffle(items)
        elif roll < 0.75:
            del items[chance.randrange(len(items))]
        elif value:
            items[chance.randrange(len(items))] = chance.choice(value)
        return "".join(items) if isinstance(other, str) else items

    def typed(self, annotation):
        kind = self.declared(annotation)
        # Some take time that grows with a number, and some read numbers out of a text.
        more = {self.number: [self.small], self.word: [self.numeral], self.numbers_list: [self.counts]}
        return [kind, *more.get(kind, [])] if kind else []

    def untyped(self):
        kinds = [self.number, self.numbers_list, self.word, self.words_list, self.small, self.counts, self.numeral, self.real, self.grid, self.pairs, self.table, self.graph, self.edges, self.number_set, self.truth, self.function]
        return ([self.thing, self.some_things, self.edges_of_things] if self.attributes else []) + kinds

    def declared(self, node):
        """The kind that a type names; None where it is not known."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                node = ast.parse(node.value, mode="eval").body
            except SyntaxError:
                return None
        if isinstance(node, ast.Constant) and node.value is None:
            return lambda: None
        if isinstance(node, ast.BinOp):
            return self.either([node.left, node.right])
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else None
        if name is not None:
            return {"int": self.number, "float": self.real, "str": self.word, "bool": self.truth, "list": self.numbers_list, "List": self.numbers_list, "dict": self.table, "Dict": self.table, "set": self.number_set, "Any": self.anything, "object": self.anything, "tuple": lambda: tuple(self.numbers_list()), "Callable": self.function}.get(name)
        if not isinstance(node, ast.Subscript):
            return None
        outer = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if outer == "Callable":
            return self.function
        if outer == "Optional":
            return self.either([*parts, ast.Constant(None)])
        if outer == "Union":
            return self.either(parts)
        kinds = [self.declared(part) for part in parts if not (isinstance(part, ast.Constant) and part.value is ...)]
        if None in kinds or not kinds:
            return None
        if outer in ("List", "list", "Sequence") and kinds == [self.number]:
            return self.numbers_list
        if outer in ("List", "list", "Sequence", "Iterable", "Collection", "MutableSequence"):
            return lambda: [kinds[0]() for _ in range(self.size())]
        if outer in ("Set", "set", "FrozenSet", "frozenset"):
            return lambda: {kinds[0]() for _ in range(self.size())}
        if outer in ("Dict", "dict", "Mapping") and len(kinds) == 2:
            return lambda: {kinds[0](): kinds[1]() for _ in range(self.size())}
        if outer in ("Tuple", "tuple"):
            return (lambda: tuple(kinds[0]() for _ in range(self.size()))) if len(parts) != len(kinds) else (lambda: tuple(kind() for kind in kinds))
        return None

    def either(self, parts):
        kinds = [self.declared(part) for part in parts]
        return None if None in kinds else lambda: chance.choice(kinds)()

    def size(self):
        return chance.choice([0, 1, 2, 2, 3, 3, 4, 5, 6, 8])

    def number(self):
        roll = chance.random()
        return chance.choice(self.numbers) if roll < 0.5 else chance.randint(0, 12) if roll < 0.75 else chance.randint(-6, 30) if roll < 0.95 else chance.randint(-200, 1000)

    def small(self):
        return chance.randint(0, 9)

    def numeral(self):
        return str(chance.choice([self.number, self.real, lambda: self.number() + 0.5])())

    def real(self):
        return float(self.number()) if chance.random() < 0.3 else round(chance.uniform(-5, 20), chance.choice([1, 2, 3]))

    def truth(self):
        return chance.random() < 0.5

    def word(self):
        if chance.random() < 0.25:
            return chance.choice(self.words)
        some = chance.sample(self.letters, min(len(self.letters), chance.choice([1, 2, 3, 8])))
        made = "".join(chance.choice(some) for _ in range(self.size()))
        return made + made[::-1] if chance.random() < 0.15 else made

    def numbers_list(self):
        roll = chance.random()
        if roll < 0.3:
            # Places of a list: also each once, in order or not.
            numbers = list(range(chance.choice([0, 1]), self.size() + 1))
            chance.shuffle(numbers)
        else:
            numbers = [chance.randint(-4, 9) if roll < 0.8 else self.number() for _ in range(self.size())]
        return sorted(numbers) if chance.random() < 0.4 else numbers

    def counts(self):
        numbers = [chance.randint(1, 9) for _ in range(chance.choice([0, 1, 2, 3, 4]))]
        return sorted(numbers) if chance.random() < 0.5 else numbers

    def words_list(self):
        return [self.word() for _ in range(self.size())]

    def grid(self):
        width = chance.choice([1, 2, 3, 4])
        return [[chance.randint(0, 5) for _ in range(width)] for _ in range(chance.choice([1, 2, 3, 4]))]

    def pairs(self):
        return [(chance.randint(0, 6), chance.randint(0, 6)) for _ in range(self.size())]

    def table(self):
        return {self.word(): self.number() for _ in range(self.size())}

    def graph(self):
        count = chance.choice([1, 2, 3, 4, 5])
        return {node: [other for other in range(count) if chance.random() < 0.4] for node in range(count)}

    def edges(self):
        count = chance.choice([2, 3, 4, 5])
        return {(one, other): chance.randint(1, 9) for one in range(count) for other in range(count) if one != other and chance.random() < 0.5}

    def edges_of_things(self):
        """A weight for each pair of objects of which one leads to the other."""
        found = {}
        for thing in self.things:
            for others in vars(thing).values():
                for other in others if isinstance(others, list) else [others]:
                    if isinstance(other, Thing):
                        found[thing, other] = chance.randint(1, 9)
        return found

    def number_set(self):
        return {chance.randint(0, 8) for _ in range(self.size())}

    def function(self):
        return chance.choice([bool, abs, str, len])

    def anything(self):
        return chance.choice([self.number, self.word, self.numbers_list, self.real, self.truth, lambda: None, self.table])()

    def thing(self):
        return self.things[0] if chance.random() < 0.7 else chance.choice(self.things)

    def thing_or_none(self):
        return chance.choice([None, *self.reachable, *self.reachable])

    def some_things(self):
        return [each for each in self.reachable if chance.random() < 0.5]


def examples(function):
    """Arguments that its documentation shows."""
    for call in shown_calls.findall(ast.get_docstring(function) or ""):
        try:
            parsed = ast.parse(call.strip(), mode="eval").body
            if isinstance(parsed, ast.Call) and isinstance(parsed.func, ast.Name) and parsed.func.id == function.name and not parsed.keywords:
                yield tuple(ast.literal_eval(each) for each in parsed.args)
        except (SyntaxError, ValueError):
            pass
`;
