r"""What an activation phi of a wide layer is: E phi(u) phi(w) and E phi'(u) phi'(w) for Gaussian (u, w), in the functions of an algebra.

(u, w) are centred with variances p, q and covariance r. A further activation is a class here or in a file beside: `dual` and `slope` are written
once, in what each algebra offers (`symkern.kernels.algebras.algebra.Algebra`),

    a.functions["sqrt" | "exp" | "abs"](e)        as they are called
    a.angle(r, square)                            (2/pi) arcsin(r / sqrt(square)), 0 where the square is
    a.angle_and_root(r, square, rest)             the same, and sqrt(rest), rest = square - r^2
    a.minor(r, p, q)                              p q - r^2, in floats without its rounding where r = p = q
    a.cosine(r, p, q)                             r / sqrt(p q), 1 where r = p = q
    a.relu_dual(r, p, q), a.inverse_pi            E relu(u) relu(w); 1/pi
    a.number(sp.Rational(1, 4))                   a number

and exact values, balls, images in finite fields, arrays and tangents follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Self

import sympy as sp

from symkern.kernels.algebras.algebra import Algebra, EntryMap
from symkern.typeset import formula_latex, formula_text

#: Every activation that has a name, by it.
ACTIVATIONS: dict[str, type[Activation]] = {}


@dataclass(frozen=True)
class Activation:
    """An activation; base of all. Fields are formulas, those of a parameter checked by `checked`."""

    name: ClassVar[str] = ""
    #: The degree of the activation where it is a polynomial.
    degree: ClassVar[int | None] = None
    #: Whether the reader of certificates has a rule for it; each class says so itself, and what it is a subclass of does not count.
    certified: ClassVar[bool] = False
    #: Arguments to try it with.
    example: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "certified" not in vars(cls):
            cls.certified = False
        if cls.name:
            ACTIVATIONS[cls.name] = cls

    @property
    def formulas(self) -> list[sp.Expr]:
        """The arguments."""
        return [getattr(self, f.name) for f in fields(self)]

    def with_formulas(self, function: Callable[[sp.Expr], sp.Expr]) -> Self:
        """The activation with ``function`` of each argument in its place."""
        return replace(self, **{f.name: function(getattr(self, f.name)) for f in fields(self)})

    def __str__(self) -> str:
        given = ", ".join(map(formula_text, self.formulas))
        return f"{self.name}({given})" if given else self.name

    def latex(self) -> str:
        r"""phi(t) in math mode: its name, arguments below it.

        >>> from symkern.kernels.activations.piecewise_linear import LeakyRelu
        >>> print(LeakyRelu(sp.Rational(1, 10)).latex())
        \operatorname{leakyrelu}_{\frac{1}{10}}(t)
        """
        given = ", ".join(map(formula_latex, self.formulas))
        below = f"_{{{given}}}" if given else ""
        return rf"\operatorname{{{self.name.replace('_', '')}}}{below}(t)"

    def entry(self, a: Algebra) -> EntryMap:
        """E phi(u) phi(w) as a map of entries; what is the same for all of them is worked out once."""
        return lambda r, p, q: self.dual(a, r, p, q)

    def dual(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """E phi(u) phi(w)."""
        raise NotImplementedError

    def slope(self, a: Algebra, r: Any, p: Any, q: Any) -> Any:
        """E phi'(u) phi'(w)."""
        raise NotImplementedError
