"""Small errors that could be planted in the package: where they stand, in an order drawn by a seed.

The operators are cosmic-ray's, each change a slip that an author of such code makes: a comparison that is off by its boundary or the wrong way round, a sign,
a number off by one, ``and`` for ``or``, a condition turned round, a loop that is left at once or not at all, an exception that is not caught. Of the other changes that
cosmic-ray offers, most (``+`` to ``<<``) die of a TypeError under any test and would only flatter the score.

Not drawn is what no test should see: annotations, type aliases, what type checkers alone read, ``__all__``, the sizes of caches, ``__repr__``, texts of errors,
and the numbers in an estimate of memory.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

__all__ = ["OPERATORS", "Mutant", "drawn", "mutants_of", "mutated", "statement_lines"]

_COMPARISONS = (
    "Eq_NotEq NotEq_Eq Is_IsNot IsNot_Is Lt_LtE Lt_Gt LtE_Lt LtE_GtE Gt_GtE Gt_Lt GtE_Gt GtE_LtE"
)
_ARITHMETIC = (
    "Add_Sub Sub_Add Mul_Add Mul_FloorDiv Div_Mul FloorDiv_Mul Mod_FloorDiv Pow_Mul "
    "BitAnd_BitOr BitOr_BitAnd BitXor_BitOr LShift_RShift RShift_LShift"
)
#: Names of cosmic-ray's operators. Its numbers go up and down by one.
OPERATORS = (
    "NumberReplacer",
    "AddNot",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_USub_UAdd",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ZeroIterationForLoop",
    "ExceptionReplacer",
    *(f"ReplaceComparisonOperator_{pair}" for pair in _COMPARISONS.split()),
    *(f"ReplaceBinaryOperator_{pair}" for pair in _ARITHMETIC.split()),
)

_SIGNS = {"+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>"}
_IDLE = {"name", "newline", "string", "fstring_string", "fstring_start", "fstring_end", "endmarker"}
_CACHES = {"cache", "lru_cache"}
#: Names that hold texts of errors, and functions that take them.
_TEXTS = {"rule", "wrong", "message", "shown"}


@dataclass(frozen=True)
class Mutant:
    """One change: the operator's ``occurrence``-th place in a file, which stands at ``line`` and ``column`` and shows as ``text``."""

    file: str
    operator: str
    occurrence: int
    line: int
    column: int
    text: str
    #: What tells it from others that look the same.
    nth: int

    @property
    def name(self) -> str:
        """What it is known by as long as its line stays as it is, wherever that moves."""
        return f"{self.file} | {self.text} | {self.operator} | {self.nth}"


def drawn(root: Path, rooms: tuple[str, ...], seed: int) -> list[Mutant]:
    """All mutants of these rooms of the package, each room's by turns, so that every beginning of the list is a sample drawn evenly from the rooms.

    The order within a room is that of a digest of the seed and the mutant's name: a change of one line moves the mutants of that line alone.
    """

    def order(mutant: Mutant) -> bytes:
        return hashlib.sha256(f"{seed} {mutant.name}".encode()).digest()

    queues = [
        sorted(
            (
                mutant
                for path in sorted((root / "symkern" / room).rglob("*.py"))
                for mutant in mutants_of(
                    path.read_text(encoding="utf-8"), str(path.relative_to(root))
                )
            ),
            key=order,
        )
        for room in rooms
    ]
    return [mutant for turn in zip_longest(*queues) for mutant in turn if mutant is not None]


def mutants_of(source: str, file: str) -> Iterator[Mutant]:
    """The mutants of one file in the order of its operators and lines."""
    from cosmic_ray.ast import ast_nodes, get_ast

    lines = source.splitlines()
    tree = ast.parse(source)
    hidden = _unseen(tree)
    weighed = [
        _span(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _called(node) == "require_bytes"
    ]
    nodes = [node for node in ast_nodes(get_ast(source)) if _mutable(node)]
    for name, operator in _operators().items():
        seen: dict[str, int] = {}
        occurrence = -1
        for node in nodes:
            for (line, column), _ in operator.mutation_positions(node):
                occurrence += 1
                where = hidden + weighed if name == "NumberReplacer" else hidden
                if any(start <= (line, column) < end for start, end in where):
                    continue
                text = lines[line - 1].strip()
                nth = seen[text] = seen.get(text, -1) + 1
                yield Mutant(file, name, occurrence, line, column, text, nth)


def _mutable(node: Any) -> bool:
    """Whether an operator could have a place at this node; names and punctuation are most of a tree, and none has."""
    if node.type == "operator":
        return node.value in _SIGNS
    return node.type not in _IDLE


def mutated(source: str, mutant: Mutant) -> str | None:
    """The source with the change; None where that changes nothing that Python would compile otherwise, or is no Python."""
    from cosmic_ray.mutating import mutate_code

    code: str | None = mutate_code(source, _operators()[mutant.operator], mutant.occurrence)
    if code is None:
        return None
    try:
        other = ast.dump(ast.parse(code))
        compile(code, mutant.file, "exec")
    except SyntaxError:
        return None
    return None if other == ast.dump(ast.parse(source)) else code


@cache
def _operators() -> dict[str, Any]:
    from cosmic_ray.plugins import get_operator

    return {name: get_operator(f"core/{name}")() for name in OPERATORS}


_Span = tuple[tuple[int, int], tuple[int, int]]


def _span(*nodes: Any) -> _Span:
    """From the first of these nodes to the end of the last, in parso's columns."""
    return (nodes[0].lineno, nodes[0].col_offset), (nodes[-1].end_lineno, nodes[-1].end_col_offset)


def _unseen(tree: ast.Module) -> list[_Span]:
    """What no test should see."""
    hidden: list[_Span] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise):
            hidden.append(_span(node))
        elif (isinstance(node, ast.arg) and node.annotation) or isinstance(node, ast.AnnAssign):
            hidden.append(_span(node.annotation))
        elif (
            (
                isinstance(node, ast.If)
                and ast.unparse(node.test)
                in (
                    "TYPE_CHECKING",
                    "__name__ == '__main__'",
                )
            )
            or (
                isinstance(node, ast.Assign)
                and {target.id for target in node.targets if isinstance(target, ast.Name)}
                & {*_TEXTS, "__all__"}
            )
            or (isinstance(node, ast.Call) and _called(node) in {"warn", "cast", "TypeVar"})
        ):
            hidden.append(_span(node))
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            hidden += [_span(d) for d in node.decorator_list if _called(d) in _CACHES]
        if isinstance(node, ast.FunctionDef):
            hidden += [_span(node)] if node.name == "__repr__" else []
            hidden += [_span(node.returns)] if node.returns else []
    for node in tree.body:
        # A type alias: names joined by | outside of every function.
        if isinstance(node, ast.Assign):
            hidden += [
                _span(part)
                for part in ast.walk(node.value)
                if isinstance(part, ast.BinOp) and isinstance(part.op, ast.BitOr)
            ]
    return hidden


def _called(node: ast.expr) -> str:
    """The last name of what is called, or of what stands there."""
    function = node.func if isinstance(node, ast.Call) else node
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def statement_lines(source: str, line: int) -> range:
    """The lines that run when a change at this line would be seen.

    Those of the innermost statement; of a compound one, its head; of a function's head (defaults, decorators), its body; and everything where the statement runs on import.
    """
    best: ast.stmt | None = None
    inside = False
    found = _statements(ast.parse(source), False)
    for node, within in found:
        if node.lineno <= line <= (node.end_lineno or node.lineno) and (
            best is None or node.lineno >= best.lineno
        ):
            best, inside = node, within
    whole = range(1, len(source.splitlines()) + 1)
    if best is None:
        return whole
    body = getattr(best, "body", None)
    if isinstance(best, ast.FunctionDef):
        return range(best.body[0].lineno, (best.end_lineno or best.lineno) + 1)
    if not inside:
        return whole
    end = body[0].lineno if body else (best.end_lineno or best.lineno) + 1
    return range(best.lineno, max(end, best.lineno + 1))


def _statements(tree: ast.AST, inside: bool) -> Iterator[tuple[ast.stmt, bool]]:
    """Every statement, and whether it stands in a function."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.stmt):
            yield node, inside
        yield from _statements(node, inside or isinstance(node, (ast.FunctionDef, ast.Lambda)))
