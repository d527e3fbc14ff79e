"""The house as its code has it: rooms, the files in them, who imports whom. `python -m tests.house` draws it.

A room is a module or package directly below `symkern`. `ROOMS` lists them from the lowest row to the highest; a file imports only from its own room and
from rows below, wherever the import stands: at the head, inside a function, under TYPE_CHECKING. A module that is named in a string counts as imported,
with dots in front of its name too, except in `symkern/doors.py`, the table of what lives higher up, and in a package's own ``__init__`` for its own parts.
Elsewhere no name of a module is put together while the program runs: `computed_imports` finds it.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import networkx as nx

from symkern.doors import Door

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "symkern"

#: The rows of the house from the ground up; rooms of one row do not import one another.
ROOMS = (
    ("version", "errors", "doors", "registration"),
    ("limits", "progress"),
    ("reading",),
    ("abc",),
    ("typeset",),
    ("exact",),
    ("claims",),
    ("combinatorics",),
    ("characters",),
    ("representations",),
    ("bounds",),
    ("tokens",),
    ("kernels",),
    ("sectors",),
    ("engines",),
    ("spectra",),
    ("targets",),
    ("learning",),
    ("data",),
    ("experiments",),
    ("derivations",),
    ("certificates",),
    ("pages",),
    ("plot",),
    ("reports",),
    ("strategies", "testing"),
    ("app",),
    ("cli",),
    ("__main__",),
)
ROW = {room: row for row, rooms in enumerate(ROOMS) for room in rooms}

#: Rooms whose files write, prove, draw or ask for what a file elsewhere makes, and have its name.
SHOWING = ("typeset", "derivations", "pages", "plot", "cli")

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_MODULE = re.compile(r"symkern(\.[A-Za-z_]\w*)+\.?(:[A-Za-z_]\w*)?")


@dataclass(frozen=True)
class Import:
    """One import: the importing file and line, the module imported, the name taken from it ("" for the module itself)."""

    importer: str
    line: int
    module: str
    name: str = ""

    @property
    def place(self) -> str:
        """Where it stands, as editors read it."""
        return f"{path_of(self.importer).relative_to(ROOT)}:{self.line}"


@cache
def modules(package: Path = PACKAGE) -> dict[str, Path]:
    """{module: file} of the package, ``__init__`` files under the package's name."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree_of(module: str) -> ast.Module:
    """The code of a module, read once."""
    return ast.parse(path_of(module).read_text(encoding="utf-8"))


def nodes_of(tree: ast.AST) -> list[ast.AST]:
    """All nodes of a tree, which is walked once and keeps them."""
    known: list[ast.AST] | None = getattr(tree, "nodes", None)
    if known is None:
        known = list(ast.walk(tree))
        tree.nodes = known  # type: ignore[attr-defined]
    return known


def path_of(module: str) -> Path:
    """The file of a module."""
    return modules()[module]


def room(module: str) -> str:
    """The room of a module; "" for the package itself."""
    return ([*module.split("."), ""])[1]


def imports(module: str, source: str | ast.Module, known: frozenset[str]) -> list[Import]:
    """Every import of the package's own modules in a source, in functions and strings too."""
    tree = ast.parse(source) if isinstance(source, str) else source
    docstrings = {
        node.body[0].value
        for node in nodes_of(tree)
        if isinstance(node, (ast.Module, *_SCOPES))
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }
    found = []
    by_call = {id(_first(node)): name for node, name in _named_by_calls(module, tree) if name}
    for node in nodes_of(tree):
        if isinstance(node, ast.Import):
            for a in node.names:
                if a.name.split(".")[0] == "symkern":
                    target = _longest(a.name, known)
                    name = a.name[len(target) + 1 :].partition(".")[0]
                    found.append(Import(module, node.lineno, target, name))
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            for a in node.names:
                whole = f"{base}.{a.name}"
                if whole in known and not _rebinds(base, a.name):
                    found.append(Import(module, node.lineno, whole))
                elif base in known:
                    found.append(Import(module, node.lineno, base, a.name))
        elif isinstance(node, ast.Call) and id(_first(node)) in by_call:
            whole = by_call[id(_first(node))]
            if whole.split(".")[0] == "symkern" and module != "symkern.doors":
                target = _longest(whole, known)
                found.append(Import(module, node.lineno, target, whole[len(target) + 1 :]))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node in docstrings or module == "symkern.doors":
                continue
            if _MODULE.fullmatch(node.value):
                if id(node) in by_call:
                    continue
                target = _longest(node.value.partition(":")[0], known)
                if not (module in known and target.startswith(module)):
                    found.append(Import(module, node.lineno, target))
    return found


#: Files where a module's name may be put together: the table of doors, and the checker, which runs from any folder.
_COMPUTING = ("symkern.doors", "symkern.certificates.checker.__main__")


def _named_by_calls(module: str, tree: ast.AST) -> list[tuple[ast.Call, str]]:
    """Calls of `import_module` and `__import__`, under whatever name, each with the module that it names; "" where its name is no constant."""
    called = {"import_module", "__import__"} | {
        a.asname
        for node in nodes_of(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "importlib"
        for a in node.names
        if a.name == "import_module" and a.asname
    }
    found = []
    for node in nodes_of(tree):
        if isinstance(node, ast.Call) and _last_name(node.func) in called:
            first = _first(node)
            name = first.value if isinstance(first, ast.Constant) else ""
            found.append((node, _absolute(module, node, name) if isinstance(name, str) else ""))
    return found


def _last_name(function: ast.expr) -> str:
    """What a function is called, without what stands before its last dot."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _first(call: ast.Call) -> ast.expr | None:
    """What a call imports, by place or by name."""
    named = [k.value for k in call.keywords if k.arg == "name"]
    return next(iter([*call.args, *named]), None)


def _absolute(module: str, call: ast.Call, name: str) -> str:
    """The module that a call names, dots in front of it being those of its package; "" where the package is no constant."""
    dots = len(name) - len(name.lstrip("."))
    if not dots:
        return name
    given = [*call.args[1:], *(k.value for k in call.keywords if k.arg == "package")]
    if not given:
        return ""
    here = module if path_of(module).name == "__init__.py" else module.rpartition(".")[0]
    packages = {"__package__": here, "__name__": module}
    package = ast.unparse(given[0])
    if isinstance(given[0], ast.Constant):
        packages[package] = str(given[0].value)
    parts = packages.get(package, "").split(".")
    return ".".join([*parts[: len(parts) - dots + 1], name[dots:]]) if parts[0] else ""


def computed_imports(module: str, source: str | None = None) -> list[str]:
    """Calls that import what no reader can see: their name, or its package, is no constant; packages may look into their own folder."""
    if module in _COMPUTING or path_of(module).name == "__init__.py":
        return []
    tree = tree_of(module) if source is None else ast.parse(source)
    return [
        f"{Import(module, node.lineno, '').place} imports a module by {ast.unparse(node)}; name it"
        for node, name in _named_by_calls(module, tree)
        if not name
    ]


def _longest(name: str, known: frozenset[str]) -> str:
    """The module that a dotted name begins with."""
    while name not in known and "." in name:
        name = name.rpartition(".")[0]
    return name


def _base(module: str, node: ast.ImportFrom) -> str:
    """The absolute name of what is imported from."""
    if not node.level:
        return node.module or ""
    up = node.level - (path_of(module).name == "__init__.py")
    parts = module.split(".")[: -up or None]
    return ".".join([*parts, node.module] if node.module else parts)


@cache
def _rebinds(package: str, name: str) -> bool:
    """Whether a package's ``__init__`` takes a name from a module of the same name: then the name is no module."""
    init = modules().get(package)
    if init is None or init.name != "__init__.py":
        return False
    return any(
        isinstance(node, ast.ImportFrom) and any((a.asname or a.name) == name for a in node.names)
        for node in tree_of(package).body
    )


@cache
def all_imports() -> tuple[Import, ...]:
    """The imports of the whole package."""
    return tuple(entry for module in modules() for entry in _imports_of(module))


@cache
def _imports_of(module: str) -> list[Import]:
    return imports(module, tree_of(module), frozenset(modules()))


def upward(found: tuple[Import, ...]) -> list[str]:
    """Imports that do not go downward, each with the line to move."""
    wrong = []
    for entry in found:
        own, other = room(entry.importer), room(entry.module)
        if not own or own == other:
            continue
        if not other:  # the package itself passes on names of every room
            wrong.append(
                f"{entry.place} imports the package itself; import the module that defines the name"
            )
        elif ROW[other] >= ROW[own]:
            what = f"{entry.name} of {entry.module}" if entry.name else entry.module
            wrong.append(
                f"{entry.place} imports {what}: {other}/ is no row below {own}/; move one of the two, or open a door"
            )
    return wrong


def circles(found: tuple[Import, ...]) -> list[str]:
    """Circles of files, each with the imports that close it."""
    graph = nx.DiGraph()
    for entry in found:
        if entry.importer != entry.module:
            graph.add_edge(entry.importer, entry.module, place=entry.place)
    wrong = []
    for component in nx.strongly_connected_components(graph):
        if len(component) > 1:
            ring = nx.find_cycle(graph.subgraph(component))
            steps = "; ".join(f"{graph.edges[a, b]['place']} -> {b}" for a, b in ring)
            wrong.append(f"{len(component)} files import one another in a circle: {steps}")
    return wrong


def private(found: tuple[Import, ...]) -> list[str]:
    """Imports of another module's private name."""
    return [
        f"{entry.place} imports {entry.name}, a private name of {entry.module}"
        for entry in found
        if entry.importer != entry.module
        and any(
            part.startswith("_") and not part.startswith("__")
            for part in (entry.name, entry.module.rpartition(".")[2])
        )
    ]


def namesakes(found: dict[str, Path]) -> list[str]:
    """Files of one name: two within a room that makes things, or within one that shows them. Each engine's ``engine`` is its own."""
    named: dict[tuple[str, str], list[str]] = {}
    for module, path in found.items():
        if path.name not in ("__init__.py", "__main__.py", "engine.py"):
            shows = room(module) if room(module) in SHOWING else ""
            named.setdefault((shows, path.name), []).append(str(path.relative_to(ROOT)))
    return [" and ".join(same) for same in named.values() if len(same) > 1]


def _defined(tree: ast.AST) -> set[str]:
    """The names that a file gives to functions, classes, variables and attributes."""
    return {
        node.name if isinstance(node, _SCOPES) else node.id if isinstance(node, ast.Name) else node.attr
        for node in nodes_of(tree)
        if isinstance(node, _SCOPES)
        or (isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Store))
    }  # fmt: skip


@cache
def _defined_anywhere() -> frozenset[str]:
    return frozenset().union(*(_defined(tree_of(module)) for module in modules()))


def reached_into(module: str, source: str | None = None) -> list[str]:
    """Private attributes of other files' objects and modules, in a module or in a source that would stand there; a class may use those that it inherits, as ``self._name``."""
    tree = tree_of(module) if source is None else ast.parse(source)
    own = _defined(tree)
    known = frozenset(modules())
    found = _imports_of(module) if source is None else imports(module, tree, known)
    taken = {e.name or e.module.rpartition(".")[2] for e in found} | _aliases(tree)
    return [
        f"{Import(module, node.lineno, '').place} uses {ast.unparse(node)}, which is private to another file"
        for node, of, name in _attributes(tree)
        if name.startswith("_")
        and not name.startswith("__")
        and name not in own
        and not (isinstance(of, ast.Name) and of.id in ("self", "cls"))
        and not (isinstance(of, ast.Call) and ast.unparse(of.func) == "super")
        and (name in _defined_anywhere() or ast.unparse(of).split(".")[-1] in taken)
    ]


def _attributes(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.expr, str]]:
    """What is taken from an object by a dot or by `getattr`: the expression, the object, the name."""
    for node in nodes_of(tree):
        if isinstance(node, ast.Attribute):
            yield node, node.value, node.attr
        elif isinstance(node, ast.Call) and len(node.args) > 1 and isinstance(node.func, ast.Name) and node.func.id == "getattr":  # fmt: skip
            name = node.args[1]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield node, node.args[0], name.value


def _aliases(tree: ast.AST) -> set[str]:
    """Other names that a file gives to modules of the package, or to what it takes from them."""
    found = set()
    for node in nodes_of(tree):
        if isinstance(node, ast.Import):
            found |= {
                a.asname for a in node.names if a.asname and a.name.split(".")[0] == "symkern"
            }
        elif isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").split(".")[0] == "symkern"):  # fmt: skip
            found |= {a.asname for a in node.names if a.asname}
    return found


def guard_doors() -> None:
    """From now on in this process a door that code of the package opens raises: doors are for users, the package imports the function."""
    plain = Door.__get__

    def guarded(door: Door, instance: object, owner: type) -> object:
        frame = sys._getframe(1)
        place = frame.f_code.co_filename
        if instance is not None and place.startswith(str(PACKAGE)):
            line = f"{Path(place).relative_to(ROOT)}:{frame.f_lineno}"
            raise AssertionError(f"{line} opens a door of {owner.__name__}; import {door.target}")
        return plain(door, instance, owner)

    Door.__get__ = guarded  # type: ignore[method-assign]


def lines_of_rooms() -> Counter[str]:
    """Lines of code and text per room."""
    found: Counter[str] = Counter()
    for module, path in modules().items():
        found[room(module) or "__init__"] += len(path.read_text().splitlines())
    return found


def picture() -> str:
    """The house as a Mermaid flowchart: a box a room with its files and lines, an arrow to each room that it needs directly.

    Arrows that follow from longer roads are left out, so that one road downward shows.
    """
    graph = nx.DiGraph()
    lines = lines_of_rooms()
    for entry in all_imports():
        own, other = room(entry.importer), room(entry.module)
        if own and other and own != other:
            graph.add_edge(own, other)
    files = Counter(room(module) or "__init__" for module in modules())
    drawn = nx.transitive_reduction(graph)
    text = ["flowchart TD"]
    for rooms in reversed(ROOMS):
        for name in rooms:
            if name in graph:
                many = f"{files[name]} file{'s' * (files[name] != 1)}"
                text.append(
                    f'    {name.strip("_")}["{name.strip("_")}<br>{many}, {lines[name]:,} lines"]'
                )
    order = [name for rooms in reversed(ROOMS) for name in rooms]
    for a, b in sorted(drawn.edges, key=lambda e: (order.index(e[0]), order.index(e[1]))):
        text.append(f"    {a.strip('_')} --> {b.strip('_')}")
    return "\n".join(text)


def redrawn(text: str) -> str:
    """A Markdown text with the picture as its ```mermaid block."""
    block = f"```mermaid\n{picture()}\n```"
    return re.sub(r"^```mermaid\n.*?^```", lambda _: block, text, flags=re.S | re.M)


def main() -> None:
    """Print the picture, or put it where a file marks its place."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument(
        "--into", type=Path, help="a Markdown file with a ```mermaid block to replace"
    )
    options = parser.parse_args()
    if options.into is None:
        print(picture())
        return
    options.into.write_text(redrawn(options.into.read_text()))


if __name__ == "__main__":
    main()
