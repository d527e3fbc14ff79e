"""The fields in which series of roots are computed: Q(symbols), its extensions by a root of an irreducible polynomial, and balls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import flint

from symkern.errors import NoClosedForm
from symkern.exact.balls import bits_in_force
from symkern.exact.branches import Branch, branches
from symkern.exact.multiquadratic import Multiquadratic
from symkern.exact.rational_functions import FunctionField, RationalFunction


class ConstantField(Protocol):
    """The field of the coefficients."""

    def is_zero(self, constant: Any) -> bool:
        """Whether it is zero."""

    def roots(self, edge: Sequence[Any]) -> list[tuple[Any, int]]:
        """The nonzero roots of a polynomial, from its constant term up, with multiplicities."""


@dataclass(frozen=True)
class ExactField:
    """Q(symbols), or its extension by square roots."""

    field: FunctionField

    def is_zero(self, constant: RationalFunction | Multiquadratic) -> bool:
        """Whether it is zero."""
        return not constant

    def roots(self, edge: Sequence[Any]) -> list[tuple[Any, int]]:
        """Elements of the field, and of extensions by an irreducible factor."""
        if len(edge) == 2:
            return [(-(edge[0] / edge[1]), 1)]
        monic = [c / edge[-1] for c in edge]
        roots = next((c for c in monic if isinstance(c, Multiquadratic)), None)
        if roots is not None:
            monic = [_without_roots(c) for c in monic]
        counted: dict[tuple[tuple[RationalFunction, ...], int], tuple[Branch, int]] = {}
        for branch in branches([monic], self.field):
            key = branch.minimal_polynomial, branch.index
            _, times = counted.get(key, (branch, 0))
            counted[key] = branch, times + 1
        found: list[tuple[Any, int]] = []
        for branch, times in counted.values():
            f = branch.minimal_polynomial
            if branch.degree == 1:
                root = -f[0] / f[1]
                found.append((root if roots is None else roots * 0 + root, times))
            else:
                modulus = tuple(c / f[-1] for c in f)
                zero: Any = self.field.zero
                one: Any = self.field.one
                if roots is not None:
                    require_irreducible(f, roots.radicands)
                    zero, one = roots * 0, roots * 0 + 1
                    modulus = tuple(one * c for c in modulus)
                theta = (zero, one, *(zero for _ in range(branch.degree - 2)))
                found.append((Extended(theta, modulus, branch), times))
        return found


def _without_roots(constant: Multiquadratic) -> RationalFunction:
    plain = constant.plain
    if plain is None:
        raise NoClosedForm("series: leading coefficients of two branches are roots of a polynomial with square roots as coefficients")  # fmt: skip
    return plain


def require_irreducible(
    f: Sequence[RationalFunction], radicands: Sequence[RationalFunction]
) -> None:
    """Refuse an irreducible polynomial that square roots of the radicands may split.

    One of odd degree they do not, as they have degree a power of two; one of degree two they do where its discriminant is the product of some of them, up to squares.
    """
    degree = len(f) - 1
    if degree % 2:
        return
    known = {q for r in radicands for q in (r, -r)}
    if degree == 2:
        discriminant, one = f[1] * f[1] - f[0] * f[2] * 4, f[0].field.one.num
        content, factors = (discriminant.num * discriminant.den).factor()
        odd = [q for q, e in factors if int(e) % 2]
        odd += [one * int(q) for q, e in abs(flint.fmpz(int(content))).factor() if int(e) % 2]
        if any(RationalFunction(f[0].field, q, one) not in known for q in odd):
            return
    raise NoClosedForm("series: leading coefficients of two branches are roots that square roots of variances may hold already")  # fmt: skip


@dataclass(frozen=True)
class Extended:
    """A polynomial in a root theta of an irreducible monic polynomial, ``modulus``; ``branch`` says which root."""

    coefficients: tuple[RationalFunction, ...]
    modulus: tuple[RationalFunction, ...]
    branch: Branch

    def _made(self, coefficients: Sequence[RationalFunction]) -> Extended:
        rest, n = list(coefficients), len(self.modulus) - 1
        while len(rest) > n:
            top = rest.pop()
            for i in range(n):
                rest[len(rest) - n + i] = rest[len(rest) - n + i] - top * self.modulus[i]
        zero = self.modulus[-1] - self.modulus[-1]
        return Extended((*rest, *[zero] * (n - len(rest))), self.modulus, self.branch)

    def _read(self, other: Any) -> Extended:
        return other if isinstance(other, Extended) else self._made([self.modulus[-1] * other])

    def __add__(self, other: Any) -> Extended:
        pairs = zip(self.coefficients, self._read(other).coefficients, strict=True)
        return self._made([a + b for a, b in pairs])

    def __mul__(self, other: Any) -> Extended:
        o = self._read(other)
        zero = self.modulus[-1] - self.modulus[-1]
        product = [zero] * (2 * len(self.coefficients) - 1)
        for i, a in enumerate(self.coefficients):
            for j, b in enumerate(o.coefficients):
                product[i + j] = product[i + j] + a * b
        return self._made(product)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Extended:
        return self._made([-a for a in self.coefficients])

    def __sub__(self, other: Any) -> Extended:
        return self + (-self._read(other))

    def __rsub__(self, other: Any) -> Extended:
        return self._read(other) - self

    def __pow__(self, n: int) -> Extended:
        found = self._read(1)
        for _ in range(n):
            found = found * self
        return found

    def __truediv__(self, other: Any) -> Extended:
        """By solving (other) x = self, a linear system over the field."""
        o, n = self._read(other), len(self.coefficients)
        zero, one = self.modulus[-1] - self.modulus[-1], self.modulus[-1]
        basis = [self._made([*[zero] * i, one]) for i in range(n)]
        columns = [(o * b).coefficients for b in basis]
        rows = [[columns[j][i] for j in range(n)] + [self.coefficients[i]] for i in range(n)]
        for i in range(n):
            pivot = next(r for r in range(i, n) if rows[r][i])
            rows[i], rows[pivot] = rows[pivot], rows[i]
            rows[i] = [c / rows[i][i] for c in rows[i]]
            for r in range(n):
                if r != i and rows[r][i]:
                    rows[r] = [c - rows[r][i] * d for c, d in zip(rows[r], rows[i], strict=True)]
        return self._made([row[n] for row in rows])

    def __rtruediv__(self, other: Any) -> Extended:
        return self._read(other) / self

    def field_of(self, field: ConstantField) -> ConstantField:
        """The extension as a field."""
        return _ExtensionField()

    def map_root(self, function: Callable[[RationalFunction], Any], root: Any) -> Any:
        """The value at a given root, with ``function`` of the coefficients."""
        total = None
        for c in reversed(self.coefficients):
            value = function(c)
            total = value if total is None else total * root + value
        return total


class _ExtensionField:
    def is_zero(self, constant: Any) -> bool:
        return not any(constant.coefficients) if isinstance(constant, Extended) else not constant

    def roots(self, edge: Sequence[Any]) -> list[tuple[Any, int]]:
        if len(edge) == 2:
            return [(-(edge[0] / edge[1]), 1)]
        raise NoClosedForm("series: branches that part after a coefficient of degree above one go no further")  # fmt: skip


class BallField:
    """Arb numbers, of which one is zero that holds zero and is smaller than the digits in force show."""

    def __init__(self) -> None:
        self.below = flint.arb(2) ** -(bits_in_force() // 4)

    def is_zero(self, constant: Any) -> bool:
        """Whether it holds zero; refused for a ball that is too large to say."""
        if not constant.contains(0):
            return False
        if not abs(constant) < self.below:
            raise NoClosedForm("series: more digits are needed to tell a coefficient from zero")
        return True

    def roots(self, edge: Sequence[Any]) -> list[tuple[Any, int]]:
        """Real roots, which must be apart."""
        if len(edge) == 2:
            return [(-(edge[0] / edge[1]), 1)]
        bits = bits_in_force()
        try:
            found = flint.acb_poly([flint.acb(c) for c in edge]).roots(
                flint.arb(2) ** -(bits // 2), bits
            )
        except ValueError:
            raise NoClosedForm(
                "series: leading coefficients of two branches agree to all digits, so that balls do not tell the branches apart"
            ) from None
        return [(r.real, 1) for r in found]
