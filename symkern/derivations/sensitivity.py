r"""Derivations of the closed forms of `families`; one side of each step is counted over all 2^n inputs.

The counting calls f on one input after the other and flips one entry at a time: it shares no code with the closed forms, with
`edges` or with the Walsh-Hadamard transform.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from functools import partial
from itertools import combinations, product
from math import comb, prod
from typing import Any

import sympy as sp

from symkern.abc import n as SIZE
from symkern.bounds.sensitivity.averages import Mean
from symkern.bounds.sensitivity.families import Family
from symkern.bounds.sensitivity.measures import profile
from symkern.bounds.sensitivity.parities import Parity
from symkern.bounds.sensitivity.thresholds import Majority, Threshold, majority
from symkern.bounds.sensitivity.writing import closed_form_latex
from symkern.claims import Derivation, Step, reference
from symkern.limits import current

Input = tuple[int, ...]


# -- counting, one input at a time ---------------------------------------------------------


def _flipped(x: Input, i: int) -> Input:
    return (*x[:i], -x[i], *x[i + 1 :])


def counted_average(f: Any, n: int) -> sp.Rational:
    """1/4 sum_i E (f(x) - f(x^i))^2."""
    steps = (Fraction(f(x)) - f(_flipped(x, i)) for x in _cube(n) for i in range(n))
    return sp.Rational(sum((step**2 for step in steps), Fraction(0)) / (4 << n))


def counted_profile(f: Any, n: int) -> list[int]:
    """K_0, ..., K_n."""
    found = [0] * (n + 1)
    for x in _cube(n):
        found[sum(f(x) != f(_flipped(x, i)) for i in range(n))] += 1
    return found


def counted_weights(f: Any, n: int) -> list[sp.Rational]:
    """W_0, ..., W_n, each coefficient as a sum over all inputs."""
    found = []
    for d in range(n + 1):
        weight = Fraction(0)
        for positions in combinations(range(n), d):
            total = sum(
                (Fraction(f(x)) * prod(x[i] for i in positions) for x in _cube(n)), Fraction(0)
            )
            weight += (total / (1 << n)) ** 2
        found.append(sp.Rational(weight))
    return found


def _cube(n: int) -> list[Input]:
    return list(product((1, -1), repeat=n))


# -- the derivations -----------------------------------------------------------------------


def family_derivation(family: Family) -> Derivation:
    """The derivation of a family's average sensitivity and profile."""
    title = f"Average sensitivity of {family.name}"
    formula = closed_form_latex(family.average(SIZE))
    if isinstance(family, Parity):
        steps = _parity_steps(family)
    elif isinstance(family, Mean):
        steps = _mean_steps(family)
    else:
        assert isinstance(family, Threshold)
        steps = _threshold_steps(family)
    return Derivation(title, (_two_forms(family), *steps), rf"\operatorname{{as}}(f) = {formula}")


def _sizes(family: Family) -> dict[str, Any]:
    """The first eight sizes less those at which the family has no member."""
    least = max(family.threshold_size, 1)
    sizes = []
    for n in range(least, least + 8):
        with suppress(ValueError):
            family.require(n)
            family.average(n)
            sizes.append(n)
    return {"n": sizes}


def _counted(
    sides: Callable[[Any, int], Any], family: Family, most: str = "evidence_bits", sizes: Any = None
) -> dict[str, Any]:
    """The check of a step by ``sides`` of a family at n, where the inputs are not too many to count."""
    return {"sides": partial(_few, sides, family, most), "sizes": sizes or _sizes(family)}


def _few(sides: Callable[[Any, int], Any], family: Family, most: str, n: int) -> Any:
    return None if n > getattr(current(), most) else sides(family, n)


def _two_forms(family: Family) -> Step:
    return Step(
        "edges and degrees",
        r"\operatorname{as}(f) = \tfrac14 \sum_i \mathbb{E}_x \bigl(f(x) - f(x^{i})\bigr)^2 = \sum_P |P| \, \hat f(P)^2",
        r"Flipping $x_i$ changes the sign of the characters $\chi_P$ with $i \in P$ and of no other, so that "
        r"$\tfrac12 (f(x) - f(x^{i}))$ is the part of $f$ on these; Parseval's identity gives its square, and each $P$ is counted $|P|$ times.",
        f"{reference('odonnell2014')}, section 2.3; {reference('hahn2024')}",
        **_counted(_edges_and_degrees, family, "evidence_weight_bits"),
    )


def _parity_steps(family: Parity) -> tuple[Step, ...]:
    where = r"\{1, \dots, n\}" if family.positions is None else _set(family.positions)
    size = "n" if family.positions is None else str(len(family.positions))
    return (
        Step(
            "every flip changes the sign",
            rf"f(x^{{i}}) = -f(x) \iff i \in P, \qquad P = {where}",
            r"$f = \prod_{i \in P} x_i$, and flipping a factor changes the sign of a product."
            + (" Positions count from 1." if family.positions else ""),
            **_counted(_flips, family),
        ),
        Step(
            "the profile",
            rf"K_{{{size}}} = 2^n, \qquad \operatorname{{as}}(f) = {size}",
            "So each of the $2^n$ inputs has the same number of flips that change $f$.",
            **_counted(_profiles, family),
        ),
    )


def _mean_steps(family: Mean) -> tuple[Step, ...]:
    return (
        Step(
            "one degree",
            r"\hat f(\{i\}) = \frac1n, \qquad \hat f(P) = 0 \text{ for } |P| \neq 1",
            "The mean is written in characters of one position, and they are orthonormal. So all its weight, "
            r"$n \cdot n^{-2}$, has degree 1.",
            **_counted(_weights, family, "evidence_weight_bits", {"n": range(1, 8)}),
        ),
        Step(
            "the sum",
            r"\operatorname{as}(f) = 1 \cdot W_1 = \frac1n",
            r"With $\mathbb{E} f^2 = 1/n$ as well: relative to its size the mean is as sensitive as a single input.",
            **_counted(_averages, family, sizes={"n": range(2, 9)}),
        ),
    )


def _threshold_steps(family: Threshold) -> tuple[Step, ...]:
    k = closed_form_latex(family.at(SIZE))
    steps = [
        Step(
            "the boundary",
            rf"\#\{{\text{{edges on which }} f \text{{ changes}}\}} = k \binom{{n}}{{k}}, \qquad k = {k}",
            r"$f$ changes on the edges between inputs with $k$ and with $k-1$ entries $+1$; each of the $\binom nk$ inputs above "
            "has one for each of its $k$ entries $+1$.",
            reference("hahn2024"),
            **_counted(_boundary, family),
        ),
        Step(
            "absorption",
            r"k \binom nk = n \binom{n-1}{k-1}",
            "Both count a set of $k$ out of $n$ with a marked element.",
            **_counted(_absorbed, family, "evidence_form_bits"),
        ),
        Step(
            "the average",
            rf"\operatorname{{as}}(f) = \frac{{2}}{{2^n}} \, n \binom{{n-1}}{{k-1}} = {closed_form_latex(family.average(SIZE))}",
            r"An edge counts for both of its ends, with $\tfrac14 (f(x) - f(x^{i}))^2 = 1$, and there are $2^n$ inputs.",
            **_counted(_averages, family),
        ),
        Step(
            "the profile",
            r"K_k = \binom nk, \quad K_{n-k+1} = \binom{n}{k-1}, \quad K_0 = 2^n - \binom{n+1}{k}",
            r"The inputs above the boundary have $k$ flips across it, those below $n-k+1$, all others none (where $k = n-k+1$ "
            r"the two counts add), and $\binom nk + \binom n{k-1} = \binom{n+1}{k}$.",
            **_counted(_profiles, family),
        ),
        Step(
            "the weights",
            r"W_d = \binom nd 4^{1-n} \Bigl(\sum_i (-1)^i \binom{d-1}{i} \binom{n-d}{n-k-i}\Bigr)^2, \qquad d \ge 1",
            r"$\tfrac12 (f(x^{i \to +}) - f(x^{i \to -}))$ is 1 where $n-k$ of the other entries are $-1$ and 0 elsewhere; its coefficient "
            r"at $P \setminus i$ is that of $f$ at $P$, a sum over how many of these $n-k$ lie in $P$.",
            f"{reference('odonnell2014')}, section 5.3",
            **_counted(_krawtchouk, family, "evidence_weight_bits"),
        ),
    ]
    if isinstance(family, Majority):
        steps.append(_stirling(family))
    return tuple(steps)


def _krawtchouk(family: Threshold, n: int) -> tuple[Any, Any]:
    return counted_weights(family, n), [family.weight(d, n) for d in range(n + 1)]


def _stirling(family: Threshold) -> Step:
    return Step(
        "growth",
        r"\left| \frac{\operatorname{as}(f)}{\sqrt{2n/\pi}} - 1 \right| \le \frac{1}{2n}",
        r"Stirling's formula, $\binom{2m}{m} = 4^m (\pi m)^{-1/2} (1 - \tfrac{1}{8m} + O(m^{-2}))$, at $2m = n - 1$ for odd $n$, at $2m = n$ for even $n$.",
        f"{reference('odonnell2014')}, section 2.3",
        sides=partial(_growth, family),
        sizes={"n": (1, 2, 3, 10, 11, 100, 1001, 10000, 100001)},
        relation="<=",
        tolerance=1e-12,
    )


def _profiles(family: Family, n: int) -> tuple[Any, Any]:
    return counted_profile(family, n), list(profile(family, n))


def _set(positions: tuple[int, ...]) -> str:
    return r"\{" + ", ".join(str(i + 1) for i in positions) + r"\}"


# -- both sides of the steps --------------------------------------------------------------


def _edges_and_degrees(family: Family, n: int) -> tuple[Any, Any]:
    """By edges, and by degrees."""
    return counted_average(family, n), sum(
        (d * w for d, w in enumerate(counted_weights(family, n))), sp.S.Zero
    )


def _flips(family: Parity, n: int) -> tuple[Any, Any]:
    """Which flips change f; which ones are in P."""
    pairs = [[family(x) != family(_flipped(x, i)) for i in range(n)] for x in _cube(n)]
    chosen = range(n) if family.positions is None else family.positions
    return pairs, [[i in chosen for i in range(n)]] * 2**n


def _weights(family: Mean, n: int) -> tuple[Any, Any]:
    """Weights by degree."""
    return counted_weights(family, n), [sp.Rational(int(d == 1), n) for d in range(n + 1)]


def _boundary(family: Threshold, n: int) -> tuple[Any, Any]:
    """Edges on which f changes, one by one; their number."""
    changed = sum(
        family(x) != family(_flipped(x, i)) for x in _cube(n) for i in range(n) if x[i] == 1
    )
    count = int(family.at(n))
    return changed, count * comb(n, count)


def _absorbed(family: Threshold, n: int) -> tuple[Any, Any]:
    """Both forms of the number of edges."""
    count = int(family.at(n))
    return count * comb(n, count), n * comb(n - 1, count - 1) if count else 0


def _growth(family: Threshold, n: int) -> tuple[Any, Any] | None:
    """The relative distance from the leading term; how far it may be."""
    if n > current().evidence_form_bits or getattr(family, "remainder", None) == (
        "even" if n % 2 else "odd"
    ):
        return None
    value = majority().average(n)
    return float(sp.Abs(value / sp.sqrt(2 * n / sp.pi) - 1).n(20)), 1 / (2 * n)


def _averages(family: Family, n: int) -> tuple[Any, Any]:
    """The average sensitivity counted; its closed form."""
    return counted_average(family, n), family.average(n)
