r"""Linear attention from its architecture to the samples it needs, as one page whose steps check themselves.

The kernel is that of one layer of attention with independent queries and keys, identity row map, mean pooling, on i.i.d. uniform tokens
(Hron, Bahri, Sohl-Dickstein, Novak, ICML 2020, arXiv 2006.10540); the story is that of Lavie, Gur-Ari, Ringel, ICML 2024, arXiv 2402.05173. What is displayed was worked out by hand;
each check compares it with sums over all sequences, all sign matrices or all roots, or with what the engines derive.

In the sector (L-1,1) x (v-1,1), with w_t = v [. = t] - 1 and g_t(y, z) = w_t(y) w_t(z) - (v [y = z] - 1), the two functions are

    phi(x) = w_t(x_a) - w_t(x_b),    psi(x) = sum over c other than a, b of g_t(x_a, x_c) - g_t(x_b, x_c).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, permutations, product
from typing import Any

from symkern.abc import L, alpha, beta, v
from symkern.certificates.check_values import ATTENTION
from symkern.certificates.checker import check
from symkern.certificates.checker.recursion import kernel_value
from symkern.certificates.spectrum_claim import spectrum_certificate
from symkern.claims import Derivation, Step, reference
from symkern.derivations.samples import learning_steps
from symkern.exact import function_field
from symkern.limits import current
from symkern.reading.integers import power_exceeds
from symkern.spectra.deriving import derive

#: Values of alpha and beta in all checks.
_ALPHA, _BETA = Fraction(2), Fraction(3)

Word = tuple[int, ...]


def linear_attention_derivation() -> Derivation:
    """The page.

    >>> [step.name for step in linear_attention_derivation().steps][:3]
    ['one layer of attention', 'in match counts', 'the kernel']
    """
    return Derivation(
        "Linear attention: from the architecture to the samples it needs",
        (*_kernel_steps(), *_spectral_steps(), *learning_steps(), *_comparison_steps()),
        r"n \sim \frac{\sigma^2 L\, v^2}{2\alpha^3} \text{ to learn how often a token occurs,} \qquad "
        r"n \sim \frac{\sigma^2 L^2 v^2}{2\alpha^2\beta} \text{ to learn where it stands}",
    )


# -- from the architecture to the kernel ---------------------------------------------------


def _kernel_steps() -> tuple[Step, ...]:
    return (
        Step(
            "one layer of attention",
            r"K_{ab} = \alpha\,[x_a = y_b] + \beta\,[a = b], \qquad K'_{ac} = K_{ac} \cdot \frac{1}{L^2} \sum_{b,d} K_{bd}^2",
            r"Tokens and positions are embedded at random with variances $\alpha$ and $\beta$. The output at $a$ is $\frac1L \sum_b \langle q, x_a\rangle \langle k, x_b\rangle \langle u, x_b\rangle$ for "
            r"independent query, key and value vectors, whose second moments give the three factors $K_{ac}$, $K_{bd}$, $K_{bd}$; infinitely many heads make the average exact. "
            r"Checked by averaging one head over all sign vectors $q, k, u$, whose second moments are those of Gaussian ones.",
            reference("hron2020"),
            sides=_over_sign_vectors,
            sizes={"L": (2,), "v": (2,)},
        ),
        Step(
            "in match counts",
            r"c(x, y) = \frac{1}{L^2} \sum_{b,d} K_{bd}^2 = \frac{\alpha^2 s + 2\alpha\beta\, m + \beta^2 L}{L^2}",
            r"$s = \sum_t n_t(x)\, n_t(y)$ counts the pairs of positions with equal tokens, $m = \#\{a : x_a = y_a\}$ the equal positions.",
            sides=_both_factors,
            sizes={"L": (1, 2, 3), "v": (2, 3)},
        ),
        Step(
            "the kernel",
            r"k(x, y) = \frac{1}{L^2} \sum_{a,c} K'_{ac} = \frac{(\alpha s + \beta L)(\alpha^2 s + 2\alpha\beta\, m + \beta^2 L)}{L^4}",
            r"Mean pooling averages over both positions. Checked against the recursion on $L \times L$ matrices.",
            reference("hron2020"),
            sides=_both_kernels,
            sizes={"L": (1, 2, 3, 4), "v": (2, 3)},
        ),
        Step(
            "symmetry",
            r"k(gx, gy) = k(x, y) = k(\pi x, \pi y), \qquad g \in S_L,\ \pi \in S_v",
            r"$s$ and $m$ do not change when the positions of both sequences are permuted, nor when tokens are renamed. So $(Tf)(x) = \mathbb{E}_y\, k(x, y) f(y)$ commutes with $S_L \times S_v$ and is, "
            r"by Schur's lemma, one small block on each irrep.",
            reference("lavie2024"),
            sides=_moved_pairs,
            sizes={"L": (3,), "v": (2, 3)},
        ),
        Step(
            "what the kernel can see",
            r"\begin{aligned} \operatorname{ran} T \cong{} & (L) \otimes \bigl[2\,(v) + 2\,(v{-}1,1) + (v{-}2,2)\bigr] \\ {}+{} & (L{-}1,1) \otimes \bigl[(v) + 2\,(v{-}1,1) + (v{-}2,2) + (v{-}2,1,1)\bigr] \end{aligned}",
            r"$s$ is a product of functions of token counts, which are symmetric in the positions; $m$ occurs to the first power and singles out one position. So only irreps with at most one box below the first "
            r"row are seen, each with functions of one or two tokens. Checked by the rank of $T$ over all sequences.",
            reference("lavie2024"),
            sides=_ranks,
            sizes={"L": (3,), "v": (3, 4)},
        ),
    )  # fmt: skip


def _match_counts(x: Word, y: Word) -> tuple[int, int]:
    return sum(t == u for t in x for u in y), sum(t == u for t, u in zip(x, y, strict=True))


def _kernel(x: Word, y: Word) -> Fraction:
    """The closed form."""
    s, _ = _match_counts(x, y)
    return (_ALPHA * s + _BETA * len(x)) * _factor_formula(x, y) / len(x) ** 2


def _factor_formula(x: Word, y: Word) -> Fraction:
    s, m = _match_counts(x, y)
    return (_ALPHA**2 * s + 2 * _ALPHA * _BETA * m + _BETA**2 * len(x)) / Fraction(len(x) ** 2)


def _factor(x: Word, y: Word) -> Fraction:
    entries = [
        _ALPHA * (t == u) + _BETA * (a == b) for a, t in enumerate(x) for b, u in enumerate(y)
    ]
    return sum((e * e for e in entries), Fraction(0)) / len(x) ** 2


def _by_recursion(x: Word, y: Word) -> Any:
    """The value by the recursion of the checker, which works on the pipeline's stages."""
    numbers = {"token": _ALPHA, "position": _BETA, "constant": Fraction(0)}
    stages = [("embedding", numbers), ("attention", ATTENTION), ("mean_pool", {})]
    return kernel_value(stages, zip(x, y, strict=True), Fraction, False)


@lru_cache(maxsize=8)
def _words(length: int, letters: int) -> tuple[Word, ...]:
    return tuple(product(range(letters), repeat=length))


def _on_pairs(
    length: int, letters: int, left: Callable[[Word, Word], Any], right: Callable[[Word, Word], Any]
) -> tuple[list[Any], list[Any]] | None:
    """Both functions on the pairs of all sequences with some."""
    if power_exceeds(letters, length, current().evidence_sequences):
        return None
    pairs = [(x, y) for x in _words(length, letters) for y in _words(length, letters)[:9]]
    return [left(x, y) for x, y in pairs], [right(x, y) for x, y in pairs]


def _both_factors(L: int, v: int) -> tuple[list[Any], list[Any]] | None:
    """The factor c summed entry by entry; in match counts."""
    return _on_pairs(L, v, _factor, _factor_formula)


def _both_kernels(L: int, v: int) -> tuple[list[Any], list[Any]] | None:
    """The kernel by recursion; the closed form."""
    return _on_pairs(L, v, _by_recursion, _kernel)


def _over_sign_vectors(L: int, v: int) -> tuple[list[Fraction], list[Fraction]] | None:
    """E of the product of two outputs over all sign vectors, with alpha = 4 and beta = 9, whose roots are rational."""
    if L != 2 or not 2 <= v <= 3:
        return None
    roots = (2, 3)

    def features(x: Word) -> list[list[int]]:
        return [
            [roots[0] * (t == u) for u in range(v)] + [roots[1] * (a == b) for b in range(L)]
            for a, t in enumerate(x)
        ]

    signs = list(product((1, -1), repeat=v + L))
    left, right = [], []
    for x, y in (((0, 0), (0, 1)), ((0, 1), (1, 0)), ((0, 1), (0, 1))):
        ours = [[_dot(q, f) for q in signs] for f in features(x)]
        theirs = [[_dot(q, f) for q in signs] for f in features(y)]
        for a, c in product(range(L), repeat=2):
            total = 0
            for q, k, u in product(range(len(signs)), repeat=3):
                out = ours[a][q] * sum(row[k] * row[u] for row in ours)
                total += out * theirs[c][q] * sum(row[k] * row[u] for row in theirs)
            left.append(Fraction(total, len(signs) ** 3 * L * L))
            entries = [
                [4 * (t == w) + 9 * (i == j) for j, w in enumerate(y)] for i, t in enumerate(x)
            ]
            squares = sum(e * e for row in entries for e in row)
            right.append(Fraction(entries[a][c] * squares, L * L))
    return left, right


def _dot(p: Sequence[int], q: Sequence[int]) -> int:
    return sum(a * b for a, b in zip(p, q, strict=True))


def _moved_pairs(L: int, v: int) -> tuple[list[Fraction], list[Fraction]] | None:
    if power_exceeds(v, L, current().evidence_sequences):
        return None
    left, right = [], []
    # Neighbours' swaps generate S_L; from six positions on there would be too many others.
    moves = list(permutations(range(L))) if L < 6 else _swaps(L)
    for x, y in pairwise(_words(L, v)[1::3]):
        for g in moves:
            left.append(_kernel(tuple(x[a] for a in g), tuple(y[a] for a in g)))
            right.append(_kernel(x, y))
        for pi in permutations(range(v)):
            left.append(_kernel(tuple(pi[t] for t in x), tuple(pi[t] for t in y)))
            right.append(_kernel(x, y))
    return left, right


def _swaps(L: int) -> list[Word]:
    """The transpositions of neighbours, in one-line form."""
    return [(*range(a), a + 1, a, *range(a + 2, L)) for a in range(L - 1)]


def _ranks(L: int, v: int) -> tuple[int, int] | None:
    """The rank over all sequences, and the dimensions on the right."""
    if L < 3 or v < 3 or power_exceeds(v, L, 90):
        return None
    words = _words(L, v)
    rows = [[int(_kernel(x, y) * L**4) for y in words] for x in words]
    second, exterior = v * (v - 3) // 2, (v - 1) * (v - 2) // 2
    symmetric = 2 + 2 * (v - 1) + second
    return _rank(rows), symmetric + (L - 1) * (1 + 2 * (v - 1) + second + exterior)


def _rank(rows: list[list[int]]) -> int:
    """Rank by elimination in fractions, which shares nothing with `symkern.exact`."""
    matrix = [[Fraction(e) for e in row] for row in rows]
    rank = 0
    for column in range(len(matrix[0])):
        pivot = next((i for i in range(rank, len(matrix)) if matrix[i][column]), None)
        if pivot is None:
            continue
        matrix[rank], matrix[pivot] = matrix[pivot], matrix[rank]
        for i in range(rank + 1, len(matrix)):
            if matrix[i][column]:
                factor = matrix[i][column] / matrix[rank][column]
                matrix[i] = [a - factor * b for a, b in zip(matrix[i], matrix[rank], strict=True)]
        rank += 1
    return rank


# -- one sector, from functions to eigenvalues ------------------------------------------------


def _spectral_steps() -> tuple[Step, ...]:
    return (
        Step(
            "where a token stands: two functions",
            r"\varphi = w_t(x_a) - w_t(x_b), \qquad \psi = \sum_{c \neq a, b} \bigl[ g_t(x_a, x_c) - g_t(x_b, x_c) \bigr]",
            r"$w_t = v\,[\,\cdot = t] - 1$ and $g_t(y, z) = w_t(y) w_t(z) - (v\,[y = z] - 1)$ have mean zero in each letter and sum to zero over $t$: both functions lie in $(L{-}1,1) \otimes (v{-}1,1)$. "
            r"The sums over $a$ and over $t$, and the overlap $\mathbb{E}\,\varphi\psi$, vanish.",
            sides=_zero_sums,
            sizes={"L": (3, 4), "v": (3,)},
        ),
        Step(
            "the block",
            r"\begin{aligned} T\varphi &= \tfrac{2\alpha\beta}{L^4 v^2} \bigl[ (\alpha L^2 + \beta L v + \alpha (v - 2))\, \varphi + \alpha\, \psi \bigr] \\ "
            r"T\psi &= \tfrac{2\alpha\beta}{L^4 v^2} \bigl[ \alpha (v - 2)(L - 2)\, \varphi + \alpha (L - 2)\, \psi \bigr] \end{aligned}",
            r"Only the term $2\alpha\beta\, m\,(\alpha s + \beta L)$ of the kernel singles out a position. Checked by summing over all sequences.",
            reference("lavie2024"),
            sides=_images,
            sizes={"L": (3, 4), "v": (2, 3)},
        ),
        Step(
            "the eigenvalues",
            r"\lambda = \frac{2\alpha\beta}{L^4 v^2}\, \theta, \qquad \theta^2 - \bigl(\alpha L^2 + \beta L v + \alpha (L + v - 4)\bigr) \theta + \alpha L (L - 2)(\alpha L + \beta v) = 0",
            r"Trace and determinant of the block. Each of the two occurs $(L-1)(v-1)$ times. Checked against the characteristic polynomial that the engine derives, with $L$ and $v$ symbolic.",
            sides=_characteristic_polynomials,
            sizes={"L": range(3, 9), "v": range(3, 7)},
        ),
        Step(
            "long contexts",
            r"\lambda_1 \sim \frac{2\alpha^2\beta}{L^2 v^2}, \qquad \lambda_2 \sim \frac{2\alpha^2\beta}{L^3 v^2} \qquad (L \to \infty)",
            r"The sum of the two $\theta$ grows like $\alpha L^2$, their product like $\alpha^2 L^3$. Checked by the signs of the polynomial at $1 \pm 20/L$ times these values.",
            sides=_signs,
            sizes={"L": (10**2, 10**3, 10**4, 10**6, 10**9), "v": (3, 4)},
        ),
        Step(
            "all sectors",
            r"\begin{array}{lll} & \text{positions } (L) & \text{positions } (L{-}1,1) \\ (v) & \alpha^3/v^2,\ 2\alpha^3/(L^2 v^2) & 2\alpha^2\beta/(L^3 v^2) \\ "
            r"(v{-}1,1) & 2\alpha^3/(L v^2),\ 2\alpha^3/(L^2 v^2) & 2\alpha^2\beta/(L^2 v^2),\ 2\alpha^2\beta/(L^3 v^2) \\ "
            r"(v{-}2,2) & 2\alpha^3/(L^2 v^2) & 2\alpha^2\beta/(L^3 v^2) \\ (v{-}2,1,1) & - & 2\alpha^2\beta/(L^3 v^2) \end{array}",
            r"The same in every sector, leading terms shown. The blocks as a whole are confirmed by a program of its own, which compares $\sum \dim \cdot \operatorname{tr} T_R^j$ with $\operatorname{tr} T^j$ over all sequences for as "
            r"many $j$ as determine the spectrum; the leading terms are those of the engine.",
            reference("lavie2024"),
            sides=_everything,
        ),
    )  # fmt: skip


def _functions(v: int, a: int, b: int, t: int) -> tuple[Callable[[Word], int], Callable[[Word], int]]:  # fmt: skip
    def w(y: int) -> int:
        return v * (y == t) - 1

    def g(y: int, z: int) -> int:
        return w(y) * w(z) - (v * (y == z) - 1)

    def phi(x: Word) -> int:
        return w(x[a]) - w(x[b])

    def psi(x: Word) -> int:
        return sum(g(x[a], x[c]) - g(x[b], x[c]) for c in range(len(x)) if c not in (a, b))

    return phi, psi


def _zero_sums(L: int, v: int) -> tuple[list[int], list[int]] | None:
    if L < 3 or v < 2 or power_exceeds(v, L, current().evidence_sequences):
        return None
    words = _words(L, v)
    phi, psi = _functions(v, 0, 1, 0)
    found = [sum(phi(x) * psi(x) for x in words)]
    for number in range(2):
        found += [sum(_functions(v, 0, 1, t)[number](x) for t in range(v)) for x in words]
        around = ((0, 1), (1, 2), (2, 0))
        found += [sum(_functions(v, a, b, 0)[number](x) for a, b in around) for x in words]
    return found, [0] * len(found)


def _block(L: int, v: int) -> list[list[Fraction]]:
    unit = 2 * _ALPHA * _BETA / Fraction(L**4 * v**2)
    first = _ALPHA * L**2 + _BETA * L * v + _ALPHA * (v - 2)
    return [
        [unit * first, unit * _ALPHA],
        [unit * _ALPHA * (v - 2) * (L - 2), unit * _ALPHA * (L - 2)],
    ]


def _images(L: int, v: int) -> tuple[list[Fraction], list[Fraction]] | None:
    if L < 3 or v < 2 or power_exceeds(v, L, current().evidence_sequences):
        return None
    words = _words(L, v)
    pair = _functions(v, 0, 1, 0)
    left, right = [], []
    for f, (p, q) in zip(pair, _block(L, v), strict=True):
        for x in words[:: max(1, len(words) // 12)]:
            total = sum((_kernel(x, y) * f(y) for y in words), Fraction(0))
            left.append(total / len(words))
            right.append(p * pair[0](x) + q * pair[1](x))
    return left, right


def _polynomial(L: int, v: int) -> tuple[Fraction, Fraction]:
    """(constant term, linear term) of the monic polynomial of theta."""
    trace = _ALPHA * L**2 + _BETA * L * v + _ALPHA * (L + v - 4)
    return _ALPHA * L * (L - 2) * (_ALPHA * L + _BETA * v), -trace


def _characteristic_polynomials(L: int, v: int) -> tuple[list[Fraction], list[Fraction]] | None:
    if L < 3 or v < 2:
        return None
    sizes = {"L": L, "v": v, "alpha": 2, "beta": 3}
    [factor] = _spectrum().sector((1,), (1,)).block.characteristic_factors()
    numbers = function_field(())
    found = []
    for c in factor:
        values = {symbol: sizes[symbol.name] for symbol in c.field.symbols}
        found.append(Fraction(c.substitute(values, numbers).to_fraction()))
    unit = 2 * _ALPHA * _BETA / Fraction(L**4 * v**2)
    constant, linear = _polynomial(L, v)
    return found, [constant * unit**2, linear * unit, Fraction(1)]


def _signs(L: int, v: int) -> tuple[list[bool], list[bool]] | None:
    """Whether the polynomial is positive at (1 -+ 20/L) times the leading values of theta."""
    if L < 100 or v > 8:
        return None
    constant, linear = _polynomial(L, v)
    near = (1 - Fraction(20, L), 1 + Fraction(20, L))
    thetas = [value * factor for value in (_ALPHA * L**2, _ALPHA * L) for factor in near]
    return [t * t + linear * t + constant > 0 for t in thetas], [False, True, True, False]


@lru_cache(maxsize=1)
def _spectrum() -> Any:
    return derive("linear-attention")


def _everything() -> tuple[list[str], list[str]]:
    """The checker's verdict, and the engine's leading terms against the table."""
    c, d = 2 * alpha**3 / v**2, 2 * alpha**2 * beta / v**2
    table = [
        *(alpha**3 / v**2, c / L**2),
        *(c / L, c / L**2),
        c / L**2,
        d / L**3,
        *(d / L**2, d / L**3),
        *(d / L**3, d / L**3),
    ]
    found = [term for sector in _spectrum().sectors for term in sector.leading]
    verdict = check(spectrum_certificate(_spectrum()), sequences=81).verdict
    return [verdict, *map(str, found)], ["confirmed", *map(str, table)]


# -- what the dimension alone would say --------------------------------------------------------


def _comparison_steps() -> tuple[Step, ...]:
    return (
        Step(
            "what the dimension alone would say",
            r"\lambda_1 \leq \frac{\mathbb{E}\, k(x, x)}{(L - 1)(v - 1)} \sim \frac{\alpha^3}{L\, v^2 (v - 1)}",
            r"A multiplicity of $(L-1)(v-1)$ in a trace $\mathbb{E}\, k(x, x) = O(1)$ forces $n = \Omega(L)$; the exact eigenvalue is smaller by one more power of $L$, because positions enter the kernel through "
            r"$2\alpha\beta\, m \leq 2\alpha\beta L$ beside $\alpha^2 s \leq \alpha^2 L^2$. Checked as $\lambda_1 (L-1)(v-1) \leq \mathbb{E}\, k(x,x)$ over all sequences.",
            reference("lavie2024"),
            sides=_trace_bound,
            sizes={"L": (3, 4, 5), "v": (3,)},
            relation="<=",
        ),
    )  # fmt: skip


def _trace_bound(L: int, v: int) -> tuple[Fraction, Fraction] | None:
    """A rational number above lambda_1, from the sum of both, times the dimension; and the mean of the diagonal."""
    if L < 2 or v < 2 or power_exceeds(v, L, current().evidence_sequences):
        return None
    words = _words(L, v)
    mean = sum((_kernel(x, x) for x in words), Fraction(0)) / len(words)
    _, linear = _polynomial(L, v)
    above = 2 * _ALPHA * _BETA / Fraction(L**4 * v**2) * -linear
    return above * (L - 1) * (v - 1), mean
