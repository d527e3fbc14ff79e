r"""How fast the covariance of a draw changes with one letter, for long sequences of uniform tokens: the constants in the laws of its sign.

Three kinds of kernels have them.

1. Polynomials k = F(s, m, d) in the counts of matches, d = [x_last = y_last] where one position is read: the coefficients a and b of L^-2 in (ln F)_s and (ln F)_m at
   s = L^2/v, m = L, d = 1, or that of 1/L in the latter, c; and rho where only the letter that is read differs.
2. A readout of each position that is a polynomial in m alone, with entrywise stages behind it, k = Phi(m/L): c = Phi'(1)/Phi(1), and rho -> Phi(1/v)/Phi(1) between independent inputs. For
   Phi(r) = E phi(u) phi(w) the derivative is E phi'(u) phi'(w) (Price's theorem).
3. Tied softmax attentions, with residuals and linear layers, averaged: a alone, from the derivative of the averaged features in the letters' shares (`symkern.learning.softmax_rates`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from symkern.abc import L
from symkern.errors import NoAction, NoClosedForm
from symkern.exact import function_field
from symkern.exact.asymptotics import leading
from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.algebras.match_counts import kernel_polynomial
from symkern.kernels.pipeline import Kernel
from symkern.kernels.stages.stage import Entrywise
from symkern.learning.softmax_rates import softmax_rate
from symkern.reading.annotated import typed

_NONE = "kernel: laws in L of signs stand for kernels that are polynomials in s and m, and [x_last = y_last], for entrywise stages behind flatten, and for tied softmax attentions with residuals and linear layers, averaged; at a length, for example length=32, there are values of every kernel"  # fmt: skip
_FAST = "kernel: its logarithm changes faster with the matches than laws in L of signs allow; there are values at a length, for example length=32"  # fmt: skip
_FLAT = "kernel: where no letter is seen, no sign depends on one; its values at a length have spectrum.sign_sensitivity"  # fmt: skip


@dataclass(frozen=True)
@typed
class SignRates:
    """The constants of a kernel; 0 and 1 where it has none.

    Attributes:
        a: L^2 (ln F)_s.
        b: L^2 (ln F)_m.
        c: L (ln F)_m; where it is not 0, a and b do not matter.
        apart: the limit of rho between independent inputs that agree where one position is read.
        read: the limit of rho where only the letter that is read differs; None where no position is read.
        is_linear: k is linear in s and depends on nothing else, so that all draws, their means off, are multiples of one function.
        smooth: whether the rates are those of a softmax.
    """

    a: sp.Expr
    b: sp.Expr
    c: sp.Expr = sp.S.Zero
    apart: sp.Expr = sp.S.One
    read: sp.Expr | None = None
    is_linear: bool = False
    smooth: bool = False


@typed
def sign_rates(kernel: Kernel, letters: sp.Expr) -> SignRates:
    """The constants of a kernel on uniform tokens.

    Args:
        kernel: a pipeline.
        letters: the number v of tokens, or a symbol.

    Raises:
        NoClosedForm: the kernel is of none of the kinds that have them.

    >>> from symkern.kernels import derive
    >>> found = sign_rates(derive("linear-attention-last").kernel, sp.Integer(2))
    >>> found.a, found.read
    (2, beta/(alpha + beta))
    """
    for kind in (_softmax, _behind_readout):
        found = kind(kernel, letters)
        if found is not None:
            return found
    try:
        return _polynomial(kernel, letters)
    except NoAction as error:
        raise NoClosedForm(_NONE) from error


def _polynomial(kernel: Kernel, letters: sp.Expr) -> SignRates:
    s, m = L**2 / letters, L
    by_s = by_m = whole = apart = unread = sp.S.Zero
    terms = kernel_polynomial(kernel).terms
    for (i, j, *others, d), coefficient in terms.items():
        if any(others):
            raise NoClosedForm(_NONE)
        value = coefficient.to_sympy()
        by_s += i * value * s ** max(i - 1, 0) * m**j
        by_m += j * value * s**i * m ** max(j - 1, 0)
        whole += value * s**i * m**j
        apart += value * s**i * (m / letters) ** j
        if not d:
            unread += value * s**i * m**j
    read = _coefficient(unread, whole, 0) if kernel.reads_position else None
    c = _coefficient(by_m, whole, -1)
    if c:
        if read is not None:
            raise NoClosedForm(_FAST)
        return SignRates(sp.S.Zero, sp.S.Zero, c, _coefficient(apart, whole, 0))
    a, b = _coefficient(by_s, whole, -2), _coefficient(by_m, whole, -2)
    if read is not None and sp.simplify(read - 1) == 0:
        raise NoClosedForm(_FAST)
    if not (a or b or read is not None):
        raise NoClosedForm(_FLAT)
    linear = all(i <= 1 and not any(others) for i, *others in terms)
    return SignRates(a, b, read=read, is_linear=linear)


def _behind_readout(kernel: Kernel, letters: sp.Expr) -> SignRates | None:
    """Entrywise stages behind a polynomial in m alone."""
    last = next(i for i, stage in enumerate(kernel.stages) if stage.place == "readout")
    behind = [stage for stage in kernel.stages[last + 1 :] if isinstance(stage, Entrywise)]
    before = Kernel(kernel.stages[: last + 1])
    if kernel.is_polynomial or not before.is_polynomial:
        return None
    terms = kernel_polynomial(before).terms
    if any(i or any(others) for i, _, *others in terms):
        return None
    if len(behind) < len(kernel.stages) - last - 1:
        return None
    values = {j: c.to_sympy() for (_, j, *_), c in terms.items()}
    limits = []
    for place in (sp.S.One, 1 / letters):
        limits.append(_limit(sum((c * (place * L) ** j for j, c in values.items()), sp.S.Zero)))
    same, apart = limits
    slope = _limit(sum((j * c * L**j for j, c in values.items() if j), sp.S.Zero))
    if not same:
        return None
    algebra = _Formulas()
    for stage in behind:
        maps = stage.entry(algebra), stage.slope(algebra)
        slope *= maps[1](same, same, same)
        apart, same = (maps[0](r, same, same) for r in (apart, same))
        if (
            not slope and apart != same
        ):  # of an activation with a jump, whose derivative is 0 elsewhere
            raise NoClosedForm(_FAST)
    c = sp.simplify(slope / same)
    if not c.is_finite and c.is_number:
        raise NoClosedForm(_FAST)
    if not c:
        raise NoClosedForm(_FLAT)
    return SignRates(sp.S.Zero, sp.S.Zero, c, sp.simplify(apart / same))


def _softmax(kernel: Kernel, letters: sp.Expr) -> SignRates | None:
    """Tied softmax attentions, averaged."""
    found = softmax_rate(kernel, letters)
    if found is None:
        return None
    if found == 0:
        raise NoClosedForm(_FLAT)
    return SignRates(found, sp.S.Zero, smooth=True)


class _Formulas(Algebra):
    """Numbers behind a readout as SymPy expressions."""

    name: ClassVar[str] = "formulas"
    functions: ClassVar[Mapping[str, Callable[[Any], Any]]] = {
        "exp": sp.exp,
        "abs": sp.Abs,
        "relu": lambda r: sp.Max(r, 0),
        "sqrt": sp.sqrt,
    }
    inverse_pi = 1 / sp.pi

    def angle(self, r: Any, square: Any) -> Any:
        return 2 / sp.pi * sp.asin(r / sp.sqrt(square))

    def cosine(self, r: Any, p: Any, q: Any) -> Any:
        return r / sp.sqrt(p * q)

    def relu_dual(self, r: Any, p: Any, q: Any) -> Any:
        angle = sp.acos(sp.simplify(r / sp.sqrt(p * q)))
        return (sp.sqrt(sp.simplify(p * q - r * r)) + (sp.pi - angle) * r) / (2 * sp.pi)


def _limit(value: sp.Expr) -> sp.Expr:
    """The limit in L, where there is one."""
    return _coefficient(value, sp.S.One, 0)


def _coefficient(top: sp.Expr, below: sp.Expr, power: int) -> sp.Expr:
    """The coefficient of L^power in top/below, which grows no faster."""
    symbols = tuple(sorted(top.free_symbols | below.free_symbols | {L}, key=str))
    quotient = function_field(symbols)(top) / function_field(symbols)(below)
    if not quotient:
        return sp.S.Zero
    found = leading(quotient, L)
    if found.exponent > power:
        raise NoClosedForm(_FAST)
    value = found.coefficient if found.exponent == power else sp.S.Zero
    assert isinstance(value, sp.Expr)
    return value
