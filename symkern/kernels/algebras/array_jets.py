r"""Jets of first order on NumPy arrays: a value beside its derivatives in d directions, carried through all that arrays go through.

    a + b,  a b,  a / b,  a^n,  a @ b,  exp a,  sqrt a,  |a|,  max(a, b),  sums, means, parts of arrays

by the rules of differential calculus (forward mode: Griewank and Walther, *Evaluating Derivatives*, SIAM 2008, chapter 3); nothing is approximated but
by the rounding of floats. `Jets` is the library of arrays that the algebras of `symkern.kernels.algebras.arrays` are handed, so that each stage has
derivatives in the hyperparameters by the rule that gives its values. An array that depends on no hyperparameter is an array as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

Array = Any


class Jet:
    """``value`` and ``slopes``, with an axis of directions before those of the value; axes of length one may stand for longer ones."""

    __slots__ = ("slopes", "value")
    __array_ufunc__ = None  # so that an array on the left hands over its operators
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: Array, slopes: Array) -> None:
        self.value, self.slopes = value, slopes

    def __array__(self, *_: object, **__: object) -> Array:
        raise TypeError("a jet is no array: its derivatives would be lost")

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value."""
        found: tuple[int, ...] = self.value.shape
        return found

    @property
    def whole(self) -> Array:
        """The slopes with all axes as long as the value's."""
        return np.broadcast_to(self.slopes, (len(self.slopes), *self.shape))

    # -- arithmetic ----------------------------------------------------------------------------

    def __add__(self, other: Any) -> Jet:
        if not _is_array(other):
            return NotImplemented
        return composed(value_of(self) + value_of(other), (self, None), (other, None))

    def __neg__(self) -> Jet:
        return Jet(-self.value, -self.slopes)

    def __sub__(self, other: Any) -> Jet:
        if not _is_array(other):
            return NotImplemented
        return composed(value_of(self) - value_of(other), (self, None), (-other, None))

    def __rsub__(self, other: Any) -> Jet:
        return (-self).__add__(other)

    def __mul__(self, other: Any) -> Jet:
        if not _is_array(other):
            return NotImplemented
        ours, theirs = self.value, value_of(other)
        return composed(ours * theirs, (self, theirs), (other, ours))

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other: Any) -> Jet:
        return _quotient(self, other)

    def __rtruediv__(self, other: Any) -> Jet:
        return _quotient(other, self)

    def __pow__(self, power: int) -> Jet:
        if power == 0:
            return Jet(self.value**0, self.slopes * 0)
        return Jet(self.value**power, self.slopes * (self.value ** (power - 1) * power))

    def __matmul__(self, other: Any) -> Jet:
        return _product(self, other)

    def __rmatmul__(self, other: Any) -> Jet:
        return _product(other, self)

    # -- where it is what ----------------------------------------------------------------------

    def __ne__(self, other: Any) -> Array:
        """By value and by slopes: what is 0 and does not stay 0 is not 0."""
        difference = self - other
        return (difference.value != 0) | np.any(difference.whole != 0, axis=0)

    def __eq__(self, other: Any) -> Array:
        return ~(self != other)

    def __gt__(self, other: Any) -> Array:
        return self.value > value_of(other)

    def __getitem__(self, key: Any) -> Jet:
        key = key if isinstance(key, tuple) else (key,)
        return Jet(self.value[key], self.whole[(slice(None), *key)])


def _is_array(other: Any) -> bool:
    """Other kinds of operands have operators of their own."""
    return isinstance(other, (Jet, np.ndarray, np.generic, int, float))


def value_of(number: Any) -> Array:
    """The value of a jet; an array is its own."""
    return number.value if isinstance(number, Jet) else number


def composed(value: Array, *parts: tuple[Any, Array | None]) -> Jet:
    """f(a, b, ...) by the chain rule: ``parts`` are pairs of an argument and the derivative of f in it, None for 1; of arrays there is nothing to add."""
    total: Array = None
    for argument, slope in parts:
        if isinstance(argument, Jet):
            found = _lifted(argument.slopes, value.ndim)
            found = found if slope is None else found * slope
            total = found if total is None else total + found
    return Jet(value, total)


def _lifted(slopes: Array, dimensions: int) -> Array:
    """With axes of length one behind that of directions, as many as a value of more dimensions needs."""
    missing = dimensions + 1 - slopes.ndim
    return slopes if missing == 0 else slopes[(slice(None), *[None] * missing)]


def _quotient(above: Any, below: Any) -> Jet:
    over = 1 / value_of(below)
    found = value_of(above) * over
    return composed(found, (above, over), (below, -found * over))


def _product(left: Any, right: Any) -> Jet:
    value = value_of(left) @ value_of(right)
    total: Array = 0.0
    if isinstance(left, Jet):
        total = total + _lifted(left.whole, value.ndim) @ value_of(right)
    if isinstance(right, Jet):
        total = total + value_of(left) @ _lifted(right.whole, value.ndim)
    return Jet(value, total)


class Jets:
    """The library: its functions take jets among arrays, and are NumPy's for arrays alone and for all that has no name here."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain
        self.linalg = _Diagonals(plain)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.plain, name)

    # -- of each entry -------------------------------------------------------------------------

    def _mapped(self, name: str, a: Any, slope: Callable[[Array, Array], Array]) -> Any:
        value = getattr(self.plain, name)(value_of(a))
        return Jet(value, a.slopes * slope(a.value, value)) if isinstance(a, Jet) else value

    def exp(self, a: Any) -> Any:
        """e^a."""
        return self._mapped("exp", a, lambda x, y: y)

    def sqrt(self, a: Any) -> Any:
        """The root."""
        return self._mapped("sqrt", a, lambda x, y: 0.5 / y)

    def abs(self, a: Any) -> Any:
        """The absolute value, whose slope at 0 is the mean of those beside, 0."""
        return self._mapped("abs", a, lambda x, y: np.sign(x))

    def where(self, condition: Array, a: Any, b: Any) -> Any:
        """One of both."""
        value = self.plain.where(condition, value_of(a), value_of(b))
        if not (isinstance(a, Jet) or isinstance(b, Jet)):
            return value
        return composed(value, (a, condition), (b, ~condition))

    def maximum(self, a: Any, b: Any) -> Any:
        """The larger of both."""
        return self.where(value_of(a) > value_of(b), a, b)

    # -- of arrays -----------------------------------------------------------------------------

    def _along(self, function: Callable[[Array, Any], Array], a: Any, axis: Any) -> Any:
        """A linear map of the axes, on the value and on each of the slopes."""
        value = function(value_of(a), axis)
        if not isinstance(a, Jet):
            return value
        axes = axis if isinstance(axis, tuple) else (axis,)
        behind = tuple(i + 1 if i >= 0 else i for i in axes)
        return Jet(value, function(a.whole, behind if isinstance(axis, tuple) else behind[0]))

    def sum(self, a: Any, *, axis: Any, keepdims: bool = False) -> Any:
        """The sum over axes."""
        return self._along(lambda b, i: self.plain.sum(b, axis=i, keepdims=keepdims), a, axis)

    def mean(self, a: Any, *, axis: Any) -> Any:
        """The mean over axes."""
        return self._along(lambda b, i: self.plain.mean(b, axis=i), a, axis)

    def expand_dims(self, a: Any, *, axis: int) -> Any:
        """With an axis of length one."""
        return self._along(lambda b, i: self.plain.expand_dims(b, axis=i), a, axis)

    def max(self, a: Any, *, axis: int, keepdims: bool = False) -> Any:
        """The largest along an axis; its slope is that of the first that is the largest."""
        if not isinstance(a, Jet):
            return self.plain.max(a, axis=axis, keepdims=keepdims)
        place = np.expand_dims(np.argmax(a.value, axis=axis), axis)
        value = np.take_along_axis(a.value, place, axis)
        slopes = np.take_along_axis(a.whole, place[None], axis + 1 if axis >= 0 else axis)
        found = Jet(value, slopes)
        return found if keepdims else self.sum(found, axis=axis)

    def matrix_transpose(self, a: Any) -> Any:
        """Rows and columns exchanged."""
        flip = self.plain.matrix_transpose
        return Jet(flip(a.value), flip(a.whole)) if isinstance(a, Jet) else flip(a)

    def _shaped(self, name: str, a: Any, shape: tuple[int, ...]) -> Any:
        function = getattr(self.plain, name)
        if not isinstance(a, Jet):
            return function(a, shape)
        return Jet(function(a.value, shape), function(a.whole, (len(a.slopes), *shape)))

    def reshape(self, a: Any, shape: tuple[int, ...]) -> Any:
        """The same entries in another shape."""
        if isinstance(a, Jet) and -1 in shape:
            shape = tuple(n if n >= 0 else -a.value.size // prod(shape) for n in shape)
        return self._shaped("reshape", a, shape)

    def broadcast_to(self, a: Any, shape: tuple[int, ...]) -> Any:
        """Axes of length one made longer."""
        if isinstance(a, Jet) and a.value.ndim != len(shape):
            a = Jet(a.value, _lifted(a.whole, len(shape)))
        return self._shaped("broadcast_to", a, shape)

    def permute_dims(self, a: Any, axes: tuple[int, ...]) -> Any:
        """The axes in another order."""
        if not isinstance(a, Jet):
            return self.plain.permute_dims(a, axes)
        behind = (0, *(i + 1 for i in axes))
        return Jet(self.plain.permute_dims(a.value, axes), np.transpose(a.whole, behind))

    def take(self, a: Any, places: Array, *, axis: int) -> Any:
        """Some of the entries along an axis."""
        return self._along(lambda b, i: self.plain.take(b, places, axis=i), a, axis)

    def concat(self, arrays: list[Any], *, axis: int = 0) -> Any:
        """Arrays one behind the other along an axis."""
        value = self.plain.concat([value_of(a) for a in arrays], axis=axis)
        jets = [a for a in arrays if isinstance(a, Jet)]
        if not jets:
            return value
        constant = (len(jets[0].slopes),)
        slopes = [
            a.whole if isinstance(a, Jet) else np.zeros(constant + a.shape, jets[0].value.dtype)
            for a in arrays
        ]
        return Jet(value, np.concatenate(slopes, axis=axis + 1 if axis >= 0 else axis))

    def stack(self, arrays: list[Any], *, axis: int = 0) -> Any:
        """Arrays side by side along a new axis."""
        axis = axis if axis >= 0 else axis + value_of(arrays[0]).ndim + 1
        return self.concat([self.expand_dims(a, axis=axis) for a in arrays], axis=axis)

    def full_like(self, a: Any, number: float) -> Array:
        """A constant of the shape of the value."""
        return self.plain.full_like(value_of(a), number)

    def zeros_like(self, a: Any) -> Array:
        """0, an array."""
        return self.full_like(a, 0.0)

    def ones_like(self, a: Any) -> Array:
        """1, an array."""
        return self.full_like(a, 1.0)


class _Diagonals:
    """What is taken of matrices."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain

    def diagonal(self, a: Any) -> Any:
        """The entries on the diagonal."""
        take = self.plain.linalg.diagonal
        return Jet(take(a.value), take(a.whole)) if isinstance(a, Jet) else take(a)
