/**
 * Takes a function out of a Python module with what it needs there, and refuses what may do more than compute: no import that is not named
 * here, no way to frames, code or files. Only such functions are run.
 */
export const pythonPrograms = `import ast
import builtins
import collections
import copy
import itertools
import json
import os
import random
import re
import signal
import sys
import time
import types

try:
    import resource
except ImportError:
    resource = None


class Unknown(Exception):
    """Why nothing can be said of two functions."""


class Missing(Unknown):
    """A name that is declared nowhere."""


# Modules that only compute. What of them looks up attributes by name, or makes code of text, is taken out.
computing = set("bisect cmath collections collections.abc copy dataclasses datetime decimal enum fractions functools heapq itertools math numbers operator re statistics string textwrap types typing unicodedata".split())
# The rest of it makes functions and code.
only = {"types": {"SimpleNamespace"}}
withheld = {"attrgetter", "methodcaller", "Formatter", "make_dataclass", "get_type_hints", "ForwardRef", "namedtuple", "singledispatch", "singledispatchmethod"}
safe = set("abs all any ascii bin bool bytearray bytes callable chr classmethod complex dict divmod enumerate filter float format frozenset hex int isinstance issubclass iter len list map max min next object oct ord pow print property range repr reversed round set slice sorted staticmethod str sum super tuple type zip NotImplemented Ellipsis".split())
safe |= {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, Exception)}
# Frames and code objects lead out of any list of names.
operators = set("__init__ __str__ __repr__ __len__ __contains__ __iter__ __next__ __getitem__ __setitem__ __delitem__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __hash__ __add__ __sub__ __mul__ __truediv__ __floordiv__ __mod__ __neg__ __bool__ __name__".split())
inner = ("gi_", "cr_", "ag_", "tb_", "f_", "co_", "func_")

printed = []
modules = {}
# The files of the project that the document imports from, and those that they do.
neighbours = {"imports": {}, "files": {}}


def computing_module(name, *_rest):
    if name not in computing:
        raise ImportError(name)
    if name not in modules:
        __import__(name)
        real, made = sys.modules[name], types.ModuleType(name)
        for each, value in vars(real).items():
            if not each.startswith("_") and each not in withheld and each in only.get(name, {each}) and not isinstance(value, types.ModuleType):
                setattr(made, each, value)
        modules[name] = made
    return modules[name]


def origins_of(node, imports):
    """The modules of the project that an import names, if they are at hand: what leads to each behind its name, its place, and what of it is meant; None for all of it."""
    if isinstance(node, ast.Import):
        named = [(() if alias.asname else tuple(alias.name.split(".")[1:]), alias.name) for alias in node.names]
        return [(path, imports[name], None) for path, name in named if name in imports and name not in computing]
    if isinstance(node, ast.ImportFrom):
        name, module = node.names[0].name, "." * node.level + (node.module or "")
        package, inner = imports.get(module), imports.get(f"{module}.{name}" if node.module else module + name)
        if package is not None and (inner is None or name in tops(ast.parse(neighbours["files"][package]["text"]))):
            return [((), package, name)]
        return [] if inner is None else [((), inner, None)]
    return []


def namespace_of(scopes):
    """What stands for a module of the project: some names behind it, each with the scope in which it is looked up when it is asked for."""
    heads = {chain[0] for chain in scopes}
    inner = {head: {chain[1:]: scope for chain, scope in scopes.items() if chain[0] == head and len(chain) > 1} for head in heads}
    modules = {head: namespace_of(more) for head, more in inner.items() if more}

    class Namespace:
        __slots__ = ()

        def __getattr__(self, name):
            if (name,) in scopes and name in scopes[(name,)]:
                return scopes[(name,)][name]
            if name in modules:
                return modules[name]
            raise AttributeError(name)

    return Namespace()


def members_of(node):
    """The names in code of which only members are read, each with these, and members of members; None for a name that is used otherwise, too."""
    found, waiting = {}, [node]
    while waiting:
        part, chain = waiting.pop(), ()
        while isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Load):
            part, chain = part.value, (part.attr, *chain)
        if not isinstance(part, ast.Name):
            waiting.extend(ast.iter_child_nodes(part))
        elif not chain:
            found[part.id] = None
        elif found.get(part.id, ()) is not None:
            found.setdefault(part.id, set()).add(chain)
    return found


def asked_of(name, origins, chains):
    """The members that are asked of modules: what leads to each behind the name of its module, with the place and its name there."""
    found = {}
    for chain in chains:
        known = [(path, place) for path, place, _name in origins if len(chain) > len(path) and chain[: len(path)] == path]
        if not known:
            raise Unknown(f"it uses {name}")
        path, place = max(known, key=lambda each: len(each[0]))
        found[chain[: len(path) + 1]] = place, chain[len(path)]
    return found


def check(node):
    """Throws for code that may do more than compute."""
    for each in ast.walk(node):
        if isinstance(each, (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)):
            raise Unknown("it waits for something")
        if isinstance(each, ast.Import) and not all(alias.name in computing and "." not in alias.name for alias in each.names):
            raise Unknown(f"it uses {each.names[0].name}")
        if isinstance(each, ast.ImportFrom) and (each.level or each.module not in computing or any(alias.name.startswith("_") for alias in each.names)):
            raise Unknown(f"it uses {each.module or 'its package'}")
        names = [each.attr] if isinstance(each, ast.Attribute) else each.kwd_attrs if isinstance(each, getattr(ast, "MatchClass", ())) else []
        for name in names:
            if (name.startswith("__") and name not in operators) or name.startswith(inner) or name == "mro":
                raise Unknown(f"it uses {name}")
        if isinstance(each, ast.ClassDef) and each.keywords:
            raise Unknown("it has a class that is made in its own way")
        if isinstance(each, ast.Name) and each.id.startswith("__") and each.id != "__name__":
            raise Unknown(f"it uses {each.id}")


def bound(node):
    """Names that code gives a value to by itself."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load):
            found.add(each.id)
        elif isinstance(each, ast.arg):
            found.add(each.arg)
        elif isinstance(each, (ast.FunctionDef, ast.ClassDef)):
            found.add(each.name)
        elif isinstance(each, ast.ExceptHandler) and each.name:
            found.add(each.name)
        elif isinstance(each, (ast.Import, ast.ImportFrom)):
            found.update((alias.asname or alias.name).split(".")[0] for alias in each.names)
        elif each.__class__.__name__ in ("MatchAs", "MatchStar") and each.name:
            found.add(each.name)
        elif each.__class__.__name__ == "MatchMapping" and each.rest:
            found.add(each.rest)
    return found


class WithoutTypes(ast.NodeTransformer):
    """Types are not needed to compute, and may name what cannot be had here."""

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        node.returns = None
        return node

    def visit_arg(self, node):
        node.annotation = None
        return node


def tops(module):
    """What a module declares at its outermost level, by name."""
    found = {}
    for node in module.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found[node.name] = node
        elif isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets):
            found.update((target.id, node) for target in node.targets)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            found[node.target.id] = node
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            star = isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
            if star and (node.level or node.module not in computing):
                raise Unknown(f"it uses {node.module or 'its package'}")
            names = [ast.alias(name) for name in vars(computing_module(node.module)) if not name.startswith("_")] if star else node.names
            for alias in names:
                name = alias.asname or alias.name.split(".")[0]
                # Modules of one package share its name.
                others = found[name].names if "." in alias.name and not alias.asname and isinstance(found.get(name), ast.Import) else []
                one = ast.Import([*others, alias]) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, [alias], node.level)
                found[name] = ast.copy_location(one, node)
    return found


class Module:
    """Some names of a file with all that they need, and nothing else of it, in a scope of their own."""

    def __init__(self, text, names, file, imports, within=()):
        if file in within:
            raise Unknown("its files import each other")
        declared = tops(ast.parse(text))
        needed, waiting, brought, members = {}, list(names), {}, {}
        while waiting:
            each = waiting.pop()
            if each in needed or each in brought:
                continue
            if each not in declared:
                raise Unknown(f"it uses {each}")
            origins = origins_of(declared[each], imports)
            if origins:
                brought[each] = origins
                continue
            node = needed[each] = WithoutTypes().visit(declared[each])
            check(node)
            own = bound(node) if isinstance(node, ast.FunctionDef) else set()
            for used, asked in members_of(node).items():
                members.setdefault(used, []).append(None if used in bound(node) else asked)
            for used in {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} | {
                part for statement in ast.walk(node) if isinstance(statement, ast.Global) for part in statement.names
            }:
                if used in declared:
                    waiting.append(used)
                elif used not in safe and used not in own and used not in bound(node) and used != "__name__":
                    raise (Unknown if hasattr(builtins, used) or within else Missing)(f"it uses {used}")
        self.declared = declared
        self.nodes = list({id(node): node for node in needed.values()}.values())
        body = sorted(self.nodes, key=lambda node: (not isinstance(node, (ast.Import, ast.ImportFrom)), node.lineno))
        allowed = {each: getattr(builtins, each) for each in safe if hasattr(builtins, each)}
        allowed.update(__import__=computing_module, __build_class__=builtins.__build_class__, print=lambda *args, **_rest: printed.append(args))
        self.scope = {"__builtins__": allowed, "__name__": "compared"}
        wanted = {}
        for each, origins in brought.items():
            [(_path, place, name), *_rest] = origins
            asked = members.get(each, [None])
            if name is None and None in asked:
                raise Unknown(f"it uses {each}")
            wanted[each] = {(): (place, name)} if name else asked_of(each, origins, set().union(*asked))
        scopes = {}
        for place in {place for asked in wanted.values() for place, _name in asked.values()}:
            other, meant = neighbours["files"][place], {name for asked in wanted.values() for where, name in asked.values() if where == place}
            module = Module(other["text"], sorted(meant), place, other["imports"], (*within, file))
            self.nodes += module.nodes
            scopes[place] = module.scope
        for each, asked in wanted.items():
            [(place, name), *_rest] = asked.values()
            self.scope[each] = scopes[place][name] if () in asked else namespace_of({chain: scopes[where] for chain, (where, _name) in asked.items()})
        exec(compile(ast.fix_missing_locations(ast.Module(body, [])), file, "exec"), self.scope)


class Program:
    """A function with all that it needs of its module, and of those of the project, and nothing else of them."""

    def __init__(self, text, name, file):
        module = Module(text, [name], file, neighbours["imports"])
        self.nodes = module.nodes
        self.node = module.declared[name]
        self.file = file
        self.raised = {
            part.id
            for node in self.nodes
            for statement in ast.walk(node)
            if isinstance(statement, ast.Raise) and statement.exc is not None
            for part in ast.walk(statement.exc)
            if isinstance(part, ast.Name)
        }
        self.function = module.scope[name]
`;
