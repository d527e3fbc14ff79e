"""The house rules that a program can check: who imports whom, what the doors say, what loads when, what is never called."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from symkern.doors import METHODS, NAMES, names, opened
from symkern.kernels.stages import STAGES
from tests import house

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "symkern"
SOURCES = sorted(PACKAGE.rglob("*.py"))


def test_imports_go_downward() -> None:
    """File by file, in functions, under TYPE_CHECKING and in strings too; each complaint names the line to move."""
    assert house.upward(house.all_imports()) == []


def test_no_circle_of_files() -> None:
    assert house.circles(house.all_imports()) == []


def test_no_private_name_of_another_module() -> None:
    assert house.private(house.all_imports()) == []


def test_every_room_has_its_row() -> None:
    assert {house.room(module) for module in house.modules()} - {""} <= set(house.ROW)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("from symkern.spectra.spectrum import Spectrum", "no row below"),
        ("def f():\n    from symkern.spectra import derive", "no row below"),
        ("if TYPE_CHECKING:\n    import symkern.pages.spectrum", "no row below"),
        ("import_module('symkern.learning.comparison')", "no row below"),
        ("TYPE = 'symkern.spectra.Spectrum'", "no row below"),
        ("import_module(f'symkern.plot.{name}')", "no row below"),
        ("import_module('.plot', 'symkern')", "no row below"),
        ("import_module('.plot', package='symkern')", "no row below"),
        ("import_module('..plot', __package__)", "no row below"),
        ("importlib.import_module('...plot.style', __name__)", "no row below"),
        (
            "from importlib import import_module as load\nload('..plot', __package__)",
            "no row below",
        ),
        ("__import__('symkern.plot')", "no row below"),
        ("import_module(name='.plot', package='symkern')", "no row below"),
        ("from ..spectra import spectrum", "no row below"),
        ("from .. import plot", "no row below"),
        ("from symkern import kernels", ""),
        ("import symkern", "package itself"),
    ],
)
def test_a_planted_upward_import_is_found(source: str, complaint: str) -> None:
    """In a file of bounds/, which stands below all of these."""
    known = frozenset(house.modules())
    found = tuple(house.imports("symkern.bounds.dimensions", source, known | {"symkern"}))
    wrong = house.upward(found)
    assert len(wrong) == 1
    assert complaint in wrong[0]
    assert wrong[0].startswith("symkern/bounds/dimensions.py:")


def test_no_name_of_a_module_is_put_together() -> None:
    """But in the table of doors, and by a package that looks into its own folder."""
    assert [one for module in house.modules() for one in house.computed_imports(module)] == []


@pytest.mark.parametrize(
    ("source", "many"),
    [
        ("import_module('symkern.' + 'plot')", 1),
        ("import_module('%s.plot' % 'symkern')", 1),
        ("import_module(f'symkern.plot.{name}')", 1),
        ("importlib.import_module(name)", 1),
        ("from importlib import import_module as load\nload(name)", 1),
        ("__import__(name)", 1),
        ("import_module('.plot', package)", 1),
        ("import_module('.plot')", 1),
        ("import_module(name=other)", 1),
        ("import_module(name='symkern.exact')", 0),
        ("import_module('symkern.exact.sparse')", 0),
        ("import_module('..exact', __package__)", 0),
    ],
)
def test_a_planted_name_that_is_put_together_is_found(source: str, many: int) -> None:
    assert len(house.computed_imports("symkern.bounds.dimensions", source)) == many


def test_a_planted_circle_through_a_function_is_found() -> None:
    known = frozenset(house.modules())
    source = "def f():\n    from symkern.bounds.eigenlearning import eigenlearning"
    planted = house.imports("symkern.bounds.kappa", source, known)
    assert house.circles((*house.all_imports(), *planted))


@pytest.mark.parametrize(
    "source",
    [
        "from symkern.exact.sparse import _hidden",
        "from ..exact.sparse import _hidden",
        "from symkern.exact import _hidden",
        "import symkern.exact._hidden",
        "import symkern.exact._hidden as shown",
    ],
)
def test_a_planted_private_name_is_found(source: str) -> None:
    planted = house.imports("symkern.bounds.kappa", source, frozenset(house.modules()))
    assert len(house.private(tuple(planted))) == 1


@pytest.mark.parametrize("module", house.modules())
def test_no_file_reaches_into_what_is_private_to_another(module: str) -> None:
    """Through a module or an object; a class may use what it inherits."""
    assert house.reached_into(module) == []


@pytest.mark.parametrize(
    ("source", "many"),
    [
        ("from symkern.exact import sparse\nsparse._hidden()", 1),
        ("import symkern.exact.sparse\nsymkern.exact.sparse._hidden()", 1),
        ("from symkern.exact import sparse\ngetattr(sparse, '_hidden')()", 1),
        ("import symkern.exact.sparse as s\ns._hidden()", 1),
        ("from symkern.exact import sparse as s\ns._hidden()", 1),
        ("from ..exact import sparse as s\ngetattr(s, '_hidden', None)", 1),
        ("import numpy as s\ns._hidden()", 0),
        ("def f(kernel):\n    return kernel._chain", 0),  # no file of the package has that name
        ("def f(law):\n    return law.module._made", 1),
        ("def f():\n    return regular(3)._made", 1),
        ("class A(B):\n    def f(self):\n        return self._made + super()._made", 0),
        ("class A(B):\n    def f(self, other):\n        return other._made", 1),
        ("class A:\n    def __init__(self, other):\n        self._made = other._made", 0),
    ],
)
def test_a_planted_private_attribute_is_found(source: str, many: int) -> None:
    assert len(house.reached_into("symkern.bounds.kappa", source)) == many


def test_the_picture_is_that_of_the_code() -> None:
    """Rooms and arrows; how many lines a room has is drawn and not held to."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    held, drawn = (re.sub('<br>[^"]*', "", t) for t in (text, house.redrawn(text)))
    assert held == drawn
    assert house.picture() in house.redrawn(text)


def test_drawing_leaves_the_rest_of_a_document_alone() -> None:
    """An empty block, a full one, and the code that comes after."""
    after = "```\n\nText.\n\n```python\n1 + 1\n```\n"
    empty = house.redrawn(f"# Title\n\n```mermaid\n{after}")
    assert empty == f"# Title\n\n```mermaid\n{house.picture()}\n{after}"
    assert house.redrawn(empty) == empty


def test_no_room_holds_a_fifth_of_the_lines() -> None:
    lines = house.lines_of_rooms()
    assert max(lines.values()) < lines.total() / 5


DOORS = [(owner, method) for owner, methods in METHODS.items() for method in methods]


@pytest.mark.parametrize(("owner", "method"), DOORS, ids=lambda name: name)
def test_a_door_opens_on_a_documented_function(owner: str, method: str) -> None:
    """What `help`, completion and signatures show is what stands in the higher room."""
    function = opened(METHODS[owner][method])
    assert callable(function)
    assert inspect.getdoc(function)
    assert next(iter(inspect.signature(function).parameters.values())).kind in (0, 1)


def test_the_stub_says_what_the_doors_do() -> None:
    """`doors.pyi`, which type checkers read, has the same classes, methods and parameters."""
    tree = ast.parse((PACKAGE / "doors.pyi").read_text())
    stubs = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    for owner, methods in METHODS.items():
        stub = {f.name: f for f in stubs[f"{owner}Doors"].body if isinstance(f, ast.FunctionDef)}
        assert set(stub) == set(methods), owner
        for method, target in methods.items():
            if method == "__str__":
                continue
            said = stub[method].args
            listed = [a.arg for a in (*said.posonlyargs, *said.args, *said.kwonlyargs)][1:]
            given = list(inspect.signature(opened(target)).parameters.values())[1:]
            kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
            assert listed == [p.name for p in given if p.kind not in kinds], (owner, method)


@pytest.mark.parametrize("package", NAMES)
def test_a_package_passes_on_its_names(package: str) -> None:
    """And its stub, where type checkers look, has them all."""
    for name in NAMES[package]:
        assert names(package)[0](name) is not None
    path = PACKAGE.parent / Path(*package.split(".")) / "__init__.pyi"
    tree = ast.parse(path.read_text())
    said = {a.asname for node in tree.body if isinstance(node, ast.ImportFrom) for a in node.names}
    assert set(NAMES[package]) <= said


@pytest.mark.parametrize("package", [*NAMES, "symkern.plot"])
def test_a_package_lists_its_public_names_and_no_others(package: str) -> None:
    """What completion offers: those of higher rooms too, and no modules that users do not need."""
    module = import_module(package)
    assert dir(module) == sorted({*module.__all__, *NAMES.get(package, ())})
    for name in dir(module):
        assert getattr(module, name) is not None


def test_the_stub_of_chaining_says_what_the_table_of_stages_does() -> None:
    """A stage that is not in it works and is not checked, as one from outside."""
    tree = ast.parse((PACKAGE / "kernels" / "chaining.pyi").read_text())
    [stub] = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    methods = {f.name: f for f in stub.body if isinstance(f, ast.FunctionDef)}
    assert {"attention", "linear", "mlp", "residual", "mean_pool"} < set(methods)
    for name, said in methods.items():
        takes = inspect.signature(STAGES[name]).parameters.values()
        assert [a.arg for a in said.args.args] == ["self", *(p.name for p in takes)], name
        assert len(said.args.defaults) == sum(p.default is not p.empty for p in takes), name
        result = "Kernel" if STAGES[name].place == "readout" else "Self"
        assert ast.unparse(said.returns or said) == result, name


def test_no_two_files_have_one_name() -> None:
    """But for what one room makes and another one shows: learning/learning_curve.py and pages/learning_curve.py."""
    found = house.modules()
    assert house.namesakes(found) == []
    planted = {"symkern.targets.graded": PACKAGE / "targets" / "graded.py"}
    assert house.namesakes({**found, **planted}) == [
        "symkern/exact/graded.py and symkern/targets/graded.py"
    ]


def test_all_stands_in_packages_and_public_modules_alone() -> None:
    """A name without an underscore is for other files to use; which of them users find is said where users look."""
    public = {
        home
        for names in NAMES.values()
        for name, home in names.items()
        if home.endswith(f".{name}")
    }
    elsewhere = {
        module
        for module, path in house.modules().items()
        if path.name != "__init__.py" and "\n__all__ = " in path.read_text(encoding="utf-8")
    }
    assert elsewhere <= public


def test_every_directory_of_modules_is_a_package() -> None:
    """A directory without __init__.py would work in a checkout and be missing from an installation."""
    bare = {path.parent for path in SOURCES if not (path.parent / "__init__.py").exists()}
    assert not bare


def _imports(nodes: list[ast.AST]) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


@pytest.mark.parametrize("module", house.modules())
def test_source(module: str) -> None:
    """No text is evaluated, flint has one door, names say the mathematics, modules open with a docstring."""
    tree, path = house.tree_of(module), house.path_of(module)
    nodes = list(ast.walk(tree))
    relative = path.relative_to(PACKAGE)
    calls = [node.func for node in nodes if isinstance(node, ast.Call)]
    plain = {f.id for f in calls if isinstance(f, ast.Name)}
    called = plain | {f.attr for f in calls if isinstance(f, ast.Attribute)}
    assert not called & {"sympify", "parse_expr", "__import__"}
    assert not plain & {"eval", "exec", "compile"}
    imported = {name.split(".")[0] for name in _imports(nodes)}
    if relative.parts[0] not in ("exact", "exact.py"):
        assert "flint" not in imported
    # What has one precision for all threads is spoken to in one place, which keeps threads apart.
    if relative.as_posix() not in ("exact/many_digits.py", "abc.py"):
        assert "mpmath" not in imported
    assert not called & {"workdps", "workprec", "extradps", "extraprec"}
    if relative.as_posix() != "exact/balls.py":
        set_here = [n for n in nodes if isinstance(n, ast.Attribute) and n.attr == "prec"]
        assert not [n for n in set_here if isinstance(n.ctx, ast.Store)]
    assert path.stem not in {"utils", "helpers", "core", "common"}
    assert ast.get_docstring(tree), "a module opens with what lives in it"


def test_heavy_parts_load_on_first_use() -> None:
    """`import symkern` and the start of the command load neither networkx nor scipy nor matplotlib."""
    heavy = ["networkx", "scipy", "matplotlib", "sympy.combinatorics.perm_groups", "hypothesis"]
    code = (
        "import sys, sympy; before = set(sys.modules); import symkern; import symkern.abc; "
        f"print([m for m in {heavy!r} if m in sys.modules and m not in before])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
