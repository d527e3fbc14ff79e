"""Claims on sensitivity, on the selection of tokens, and on draws from a kernel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from .character_checks import FAMILIES
from .claimed_formulas import Formula
from .claimed_laws import read_fraction, read_integer, read_list, require_fields
from .comparing import claimed_value, place, require_equal, shown
from .poles import require_no_pole
from .recursion import kernel_value
from .residues import Chance, inverse_modulo, residue_maker
from .sequence_traces import pair_key
from .setting import Setting, point_at, spread_out
from .verdicts import CannotCheck, NoPolynomial, NoRoot, Pole, Refuted, Row, Step, Unreadable, spend


def check_sensitivity(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """Average sensitivities, E (1/4) sum_i (f(x) - f(x^i))^2, and numbers of inputs of each sensitivity, over all 2^n inputs."""
    require_fields(
        claim, "the claim", "certificate", "claim", "family", "values", optional=("versions",)
    )
    if type(claim["family"]) is not str or claim["family"] not in FAMILIES:
        raise Unreadable(f"a function must be one of {', '.join(FAMILIES)}")
    function = FAMILIES[claim["family"]]
    sizes = []
    for entry in read_list(claim["values"], "values"):
        require_fields(entry, "a value", "n", "average", optional=("profile",))
        n = read_integer(entry["n"], 1, 10**6, "a number of inputs")
        if n > 14:
            raise CannotCheck("not checkable within the budget: more than 2^14 inputs")
        step(f"n = {n}")
        spend(12 * 2**n * n)
        values = {x: function(x) for x in product((1, -1), repeat=n)}
        found = []
        for x, value in values.items():
            flipped = (values[(*x[:i], -x[i], *x[i + 1 :])] for i in range(n))
            found.append(sum(((value - other) ** 2 for other in flipped), Fraction(0)) / 4)
        average = sum(found, Fraction(0)) / 2**n
        require_equal(
            read_fraction(entry["average"]), average, f"n = {n}", "the average sensitivity"
        )
        if "profile" in entry:
            claimed: dict[Fraction, Any] = {}
            for pair in read_list(entry["profile"], "a profile"):
                if len(read_list(pair, "a pair", 2)) != 2:
                    raise Unreadable("a profile is a list of pairs: sensitivity, number of inputs")
                m, count = (
                    read_fraction(pair[0]),
                    read_integer(pair[1], 0, 2**20, "a number of inputs"),
                )
                if not 0 <= m <= n:
                    raise Refuted(f"n = {n}", f"claimed  sensitivity {m}", f"found    at most {n}")
                if m in claimed:
                    raise Refuted(f"n = {n}", f"claimed  sensitivity {m} twice", "found    once")
                claimed[m] = count
            counts = Counter(found)
            for m in sorted({*claimed, *counts}):
                where = f"n = {n}, sensitivity {m}"
                require_equal(claimed.get(m, 0), counts[m], where, "the number of inputs")
        sizes.append(n)
    return [
        ("proved", f"all 2^n inputs for n = {', '.join(map(str, sizes))}"),
        ("not tested", "other numbers of inputs"),
    ]


def check_selection(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """The second moment of a uniform q-subset of {1..T}: its eigenvalues, and the loss that m neurons leave.

    The moment has q/T on its diagonal and q (q - 1)/(T (T - 1)) off it, tested over all subsets for T <= 7; so that its eigenvalues are the sum of a row once and the
    difference of the two T - 1 times. The best m of the T d directions, d <= m <= T d, leave the smallest eigenvalues of the moment times the identity of size
    d, over q^2. Formulas are compared at T <= 7 and at large random numbers.
    """
    require_fields(
        claim, "the claim", "certificate", "claim", "eigenvalues", "loss", optional=("versions",)
    )
    values = []
    for entry in read_list(claim["eigenvalues"], "eigenvalues"):
        require_fields(entry, "an eigenvalue", "value", "multiplicity")
        values.append((Formula(entry["value"]), Formula(entry["multiplicity"])))
    if len(values) > 10:
        raise CannotCheck("not checkable within the budget: more than ten eigenvalues")
    loss = Formula(claim["loss"])
    if any(f.irrational for f in (loss, *(f for pair in values for f in pair))):
        raise CannotCheck("irrational formulas of a rational moment")
    rows = require_no_pole(
        [loss, *(f for pair in values for f in pair)], {"T": 2, "q": 1, "d": 1, "m": 1}
    )
    points = [(t, q) for t in range(2, 8) for q in range(1, t + 1)]
    for t, q in points:
        subsets = list(combinations(range(t), q))
        spend(len(subsets) * t * t)
        diagonal, off = Fraction(q, t), Fraction(q * (q - 1), t * (t - 1))
        for i in range(t):
            for j in range(t):
                both = Fraction(sum(i in y and j in y for y in subsets), len(subsets))
                require_equal(diagonal if i == j else off, both, f"T = {t}, q = {q}", "the moment")
    large = [2 + chance.below(1 << 60) for _ in range(3)]
    points += [(t, 1 + chance.below(t)) for t in large]
    for t, q in points:
        step(f"T = {t}")
        at = {"T": Fraction(t), "q": Fraction(q)}
        diagonal, off = Fraction(q, t), Fraction(q * (q - 1), t * (t - 1))
        once, often = diagonal + (t - 1) * off, diagonal - off
        pairs = [tuple(claimed_value(f, at, place(at)) for f in pair) for pair in values]
        for value, many in pairs:
            alike = t > 7 and [v for v, _ in pairs].count(value) > 1
            if many.denominator != 1 or many < 0 or (not many and once != often) or alike:
                raise Refuted(
                    place(at),
                    f"claimed  the eigenvalue {shown(value)} {shown(many)} times",
                    "found    eigenvalues apart, each a whole number of times",
                )
        for j in range(2 * len(values) + 3):
            claimed = sum((many * value**j for value, many in pairs), Fraction(0))
            require_equal(
                claimed, once**j + (t - 1) * often**j, f"{place(at)}, power {j}", "sum of powers"
            )
        widths = [(1, 1), (1, t), (2, 2), (2, t), (3, t + 1), (3, 3 * t)]
        d = 1 + chance.below(1 << 40)
        widths += [(d, d + chance.below(t * d - d + 1)) for _ in range(2)]
        for d, m in widths:
            if not d <= m <= t * d:
                continue
            least = (t * d - m) * often / q**2
            sizes = {**at, "d": Fraction(d), "m": Fraction(m)}
            where = place(sizes)
            require_equal(claimed_value(loss, sizes, where), least, where, "the loss")
    return [
        *rows,
        (
            "tested",
            f"the moment over all subsets for T = 2..7; the formulas there and at T = {', '.join(map(str, large))}, at eight widths each",
        ),
    ]


def check_draws(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """E of the total influence of a draw f from the kernel's Gaussian process over E |f|^2, on uniform tokens.

    The influence of a position is the variance of f when its token is drawn anew; with x' so drawn its mean is E k(x, x) - E k(x, x'). Over all sequences at small
    sizes; and as an identity for polynomials in match counts, each power of s a sum over pairs of positions that agree or not.
    """
    require_fields(
        claim, "the claim", "certificate", "claim", "influence", "power", "kernel", "law", "length",
        optional=("standing", "versions"),
    )  # fmt: skip
    influence, power = Formula(claim["influence"]), Formula(claim["power"])
    setting = Setting(claim, [influence, power], chance)
    if setting.law.kind != "uniform" or setting.irrational:
        raise CannotCheck("draws of other kernels than rational ones on uniform tokens")
    rows = setting.require_no_pole((1, 1))
    sizes = spread_out(setting.sizes(sequences), 4 if setting.symbols else 1)
    for _, n, v in sizes:
        step(place(setting.values(n, v)))
        at = point_at(setting, n, v, 1)
        stages = setting.kernel.bound(at, Fraction)
        known: dict[Any, Fraction] = {}
        total = changed = Fraction(0)
        spend(8 * v**n * n * v)
        for x in product(range(v), repeat=n):
            for a in range(n):
                for u in range(v):
                    y = (*x[:a], u, *x[a + 1 :])
                    key = pair_key(x, y, setting.fixed)
                    if key not in known:
                        known[key] = kernel_value(stages, key, Fraction, setting.kernel.alone)
                    changed += known[key]
                    if u == x[a]:
                        total += known[key]
        total, changed = total / v**n, changed / v ** (n + 1)
        where = place(at)
        require_equal(claimed_value(power, at, where), total / n, where, "E |f|^2")
        require_equal(
            claimed_value(influence, at, where), total - changed, where, "E of the total influence"
        )
    if sizes:
        where = "; ".join(place(setting.values(n, v)) for _, n, v in sizes)
        rows.append(("tested", f"both over all sequences: {where}"))
    if setting.names:
        rows.append(("tested", f"random values of {', '.join(sorted(setting.names))}"))
    step("all sizes")
    try:
        _generic_draws(setting, influence, power)
        rows.append(("tested", "both as identities, at random residues modulo a prime of 121 bits"))
    except NoPolynomial:
        if setting.symbols or not sizes:
            raise CannotCheck(
                "not checkable at all sizes: the kernel is no polynomial in match counts that this program knows"
            ) from None
    return rows


def _generic_draws(setting: Setting, influence: Formula, power: Formula) -> None:
    """E k(x, x) and L E k(x, x'), x' with one position of x drawn anew."""
    for _ in range(100):
        at, blocks = setting.blocks(True)
        prime, counts = blocks.prime, blocks.counts
        number = residue_maker(prime)
        n, v = blocks.counts.length, blocks.vocabulary
        try:
            claimed = power.at(at, number).value, influence.at(at, number).value
        except (NoRoot, Pole):
            continue
        same = changed = 0
        for (i, j, e, f, d), c in counts.terms.items():
            whole = _coincidences(i + e + f, 0, 0, n, v, prime, True)
            same += c * pow(n, j, prime) * whole
            # the position drawn anew is one of those that move, or the last one
            places = [(n - 1, False), (1, True)] if setting.fixed else [(n, False)]
            for many, last in places:
                agree = _coincidences(i, e, f, n, v, prime, True) * pow(n, j, prime)
                unlike = (
                    _coincidences(i, e, f, n, v, prime) * v
                    - _coincidences(i, e, f, n, v, prime, True)
                ) * pow(n - 1, j, prime)
                # with probability 1/v the letter is the old one
                value = (agree + (0 if d and last else unlike)) * inverse_modulo(v, prime)
                changed += c * many * value
        whole = same * n
        if claimed[0] != same % prime:
            raise Refuted(
                "all sizes", f"claimed  E |f|^2 = {power.text[:60]}", "found    another mean"
            )
        if claimed[1] != (whole - changed) % prime:
            raise Refuted(
                "all sizes",
                f"claimed  E of the total influence = {influence.text[:60]}",
                "found    another mean",
            )
        return
    raise CannotCheck("formulas without a value at 100 points")


def _coincidences(i: int, e: int, f: int, n: int, v: int, prime: int, same: bool = False) -> int:
    """E s^i X^e Y^f at (x, x') modulo the prime, x' differing from x at one position where a letter is drawn anew; ``same``: that letter is the old one.

    A power of s is a sum over pairs of positions (a of x, b of x'), so that a set partition of the positions that occur tells which are one; letters then agree with
    the chance v^-(number of conditions that are independent).
    """
    sites = 2 * (i + e + f) + 1  # the first is the position drawn anew
    if sites > 9:
        raise CannotCheck("not checkable within the budget: draws of a kernel of high degree")
    of_y = [False] + [False, True] * i + [False, False] * e + [True, True] * f
    total = 0
    inverse = inverse_modulo(v, prime)
    for blocks in _growth(sites):
        spend(4 * sites)
        count = max(blocks)
        weight = 1
        for k in range(count):
            weight = weight * (n - 1 - k) % prime
        # letters: one for each block, and that of x' where the position is drawn anew
        fresh = 0 if same else count + 1
        parent = list(range(count + 2))

        def root(u: int, parent: list[int] = parent) -> int:
            while parent[u] != u:
                u = parent[u]
            return u

        joined = 0
        for k in range(1, sites, 2):
            pair = []
            for site in (k, k + 1):
                pair.append(fresh if of_y[site] and blocks[site] == 0 else blocks[site])
            a, b = root(pair[0]), root(pair[1])
            if a != b:
                parent[a] = b
                joined += 1
        total += weight * pow(inverse, joined, prime)
    return total % prime


def _growth(n: int) -> Iterable[tuple[int, ...]]:
    """Set partitions as words: each letter at most one above all before it, the first 0."""

    def more(word: tuple[int, ...], most: int) -> Iterable[tuple[int, ...]]:
        if len(word) == n:
            yield word
            return
        for k in range(most + 2):
            yield from more((*word, k), max(most, k))

    return more((0,), 0)
