"""symkern's conventions beside SymPy's permutations and brute force, value by value.

The matrices on tabloids and polytabloids, strips and fillings of `tests.oracles.young`, and the characters of `tests.oracles.symmetric_group`, know nothing of
symkern. A check yields (what is compared, symkern's value, the other one).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product
from math import factorial, prod
from typing import Any

import numpy as np

from tests.oracles import symmetric_group, young

#: What is compared, symkern's value, the other one.
Compared = Iterator[tuple[object, Any, Any]]

GROUP = [g for n in range(1, 5) for g in permutations(range(n))]


def _pairs(n: int) -> Iterator[tuple[young.Word, young.Word]]:
    yield from product(permutations(range(n)), repeat=2)


def numbers(matrix: Any) -> Any:
    """An exact matrix in floating point."""
    return np.array(matrix.to_sympy().tolist(), dtype=float)


def entries(name: object, mine: Any, other: Any) -> Compared:
    """Two matrices entry by entry, to rounding."""
    if mine.shape != other.shape:
        yield name, mine.shape, other.shape
        return
    for at, value in np.ndenumerate(mine):
        close = abs(value - other[at]) < 1e-9
        yield (name, *at), float(value), float(value) if close else float(other[at])


# -- permutations --------------------------------------------------------------------------


def permutations_beside_sympy() -> Compared:
    """Products, inverses, cycle types and words of S_1 to S_4; SymPy's product is first left, then right."""
    from sympy.combinatorics import Permutation

    from symkern.combinatorics import cycle_type, inverse, multiply, read_permutation
    from symkern.representations import reduced_word

    for n in range(1, 5):
        for g, h in _pairs(n):
            yield ("g*h", g, h), multiply(g, h), tuple((Permutation(g) * Permutation(h)).array_form)
            mixed = multiply(Permutation(g), h)
            yield ("read", g, h), mixed, young.then(g, h)
    for g in GROUP:
        other = Permutation(g)
        lengths = [k for k, times in other.cycle_structure.items() for _ in range(times)]
        yield ("inverse", g), inverse(g), tuple((~other).array_form)
        yield ("type", g), tuple(cycle_type(g)), tuple(sorted(lengths, reverse=True))
        yield ("images", g), read_permutation(other), g
        word = reduced_word(g)
        steps = [Permutation(young.transposition(len(g), i, i + 1)) for i in word]
        whole = prod(steps, start=Permutation(len(g) - 1))
        yield ("word", g), tuple(whole.array_form), g
        yield ("length", g), len(word), other.inversions()


def action_on_sequences() -> Compared:
    """(g x)_a = x_(g(a)), on tuples and on the modules of words, subsets and tuples."""
    from symkern.combinatorics import act
    from symkern.representations import subsets, tuples, words

    for g in permutations(range(4)):
        x = ("a", "b", "c", "d")
        yield g, act(g, x), tuple(x[g[a]] for a in range(4))
        module = words(length=4, letters=2)
        found, back = numbers(module.matrix(g)), young.inverse(g)
        for k, word in enumerate(module.basis):
            image = young.moved(g, word)
            yield (g, word), module.basis[int(found[:, k].argmax())], image
            moved = module.act(g, lambda y, word=word: int(y == word))
            yield (g, word, "vector"), moved(image), 1
        for other in (subsets(4, 2), tuples(4, 2)):
            found = numbers(other.matrix(g))
            for k, point in enumerate(other.basis):
                image = type(point)(back[a] for a in point)
                mine = other.basis[int(found[:, k].argmax())]
                yield (g, point), sorted(mine), sorted(image)


# -- irreps --------------------------------------------------------------------------------


def young_forms() -> Compared:
    """Every entry of the natural, seminormal and orthogonal matrices of S_2 to S_4, and of generators and some more of S_5."""
    from symkern import representations

    for n in range(2, 6):
        elements = list(permutations(range(n)))
        for lam in symmetric_group.shapes(n):
            for g in elements if n < 5 else [(1, 2, 3, 4, 0), (1, 0, 2, 3, 4), *elements[7::13]]:
                for form in ("natural", "seminormal", "orthogonal"):
                    mine = numbers(getattr(representations, form)(lam)(g))
                    yield from entries((form, lam, g), mine, getattr(young, form)(lam, g))


def products_of_matrices() -> Compared:
    """rho(g*h) = rho(g) rho(h), exactly, with the product of SymPy."""
    from sympy.combinatorics import Permutation

    from symkern import representations

    for lam in ((3, 1), (2, 2), (2, 1, 1)):
        for form in ("natural", "seminormal", "orthogonal"):
            rho = getattr(representations, form)(lam)
            for g, h in _pairs(4):
                both = rho(Permutation(g) * Permutation(h)).to_sympy()
                yield (form, lam, g, h), both, (rho(g).to_sympy() * rho(h).to_sympy()).doit()


def tableaux_and_contents() -> Compared:
    """The order of standard tableaux, and the eigenvalues of the Jucys-Murphy elements: column minus row."""
    from symkern.combinatorics import Partition, standard_tableaux
    from symkern.representations import seminormal

    for n in range(1, 7):
        for lam in symmetric_group.shapes(n):
            words = young.standard(lam)
            yield lam, [t.rows for t in standard_tableaux(lam)], [young.rows(w) for w in words]
            yield (lam, "contents"), seminormal(lam).contents, tuple(map(young.contents, words))
            found = Partition(lam).contents
            flat = {(i, j): c for i, row in enumerate(found) for j, c in enumerate(row)}
            yield (lam, "diagram"), flat, {(i, j): j - i for i, j in young.cells(lam)}
            for k in range(2, n + 1) if n < 6 else ():
                mine = numbers(seminormal(lam).jucys_murphy(k))
                total = sum(
                    young.seminormal(lam, young.transposition(n, a, k - 1)) for a in range(k - 1)
                )
                yield from entries((lam, k), mine, np.asarray(total))


def fourier_transform() -> Compared:
    """F = sum_g f(g) rho(g) in the seminormal form, convolution (f*h)(g) = sum over a*b = g of f(a) h(b) as F H, and the way back."""
    from symkern.representations import fourier_transform as transform

    elements = list(permutations(range(4)))
    f = {g: (3 * k * k + k) % 11 - 5 for k, g in enumerate(elements)}
    h = {g: (k * k + 7 * k) % 13 - 6 for k, g in enumerate(elements)}
    both = dict.fromkeys(elements, 0)
    for a, b in _pairs(4):
        both[young.then(a, b)] += f[a] * h[b]
    mine, other, whole = transform(4, f), transform(4, h), transform(4, both)
    for lam in symmetric_group.shapes(4):
        total = sum(f[g] * young.seminormal(lam, g) for g in elements)
        yield from entries(lam, numbers(mine[lam]), np.asarray(total))
        yield from entries((lam, "convolution"), numbers((mine @ other)[lam]), numbers(whole[lam]))
    back = mine.inverse()
    for g in elements:
        yield ("inverse", g), back(g), f[g]


def projectors() -> Compared:
    """dim/n! sum_g chi(g) M(g) on words of two and three letters."""
    from symkern.representations import words

    for length, letters in ((3, 2), (4, 2), (3, 3)):
        module = words(length=length, letters=letters)
        places = {x: k for k, x in enumerate(product(range(letters), repeat=length))}
        yield (length, letters), list(module.basis), list(places)
        for lam, chi in symmetric_group.characters(length).items():
            total = np.zeros((len(places), len(places)))
            for g in permutations(range(length)):
                for x, k in places.items():
                    total[places[young.moved(g, x)], k] += chi[symmetric_group.cycle_type(g)]
            scaled = total * symmetric_group.dimension(lam) / factorial(length)
            if lam in module.multiplicities():
                yield from entries((length, letters, lam), numbers(module.projector(lam)), scaled)
            else:
                yield (length, letters, lam), 0.0, float(np.abs(scaled).max())


# -- characters and diagrams ---------------------------------------------------------------


def character_tables() -> Compared:
    """Values by label and by place in the table, rows and columns from (n) on, beside permutation modules and by border strips."""
    import symkern as sk

    for n in range(1, 9):
        table, chi = sk.character_table(n), symmetric_group.characters(n)
        shapes = symmetric_group.shapes(n)
        yield n, [tuple(lam) for lam in sk.partitions(n)], list(shapes)
        for i, lam in enumerate(shapes):
            for j, mu in enumerate(shapes):
                yield (lam, mu), sk.character(lam, mu), chi[lam][mu]
                yield (lam, mu, "label"), int(table[lam, mu]), chi[lam][mu]
                yield (lam, mu, "place"), int(table.values[i, j]), chi[lam][mu]
                if n < 7:
                    yield (lam, mu, "strips"), sk.character(lam, mu), young.by_strips(lam, mu)


def diagrams() -> Compared:
    """Conjugates, hooks, Frobenius coordinates, border strips with their heights, cores, sign twists; English notation."""
    import symkern as sk
    from symkern.combinatorics import border_strips, core

    for n in range(1, 8):
        for lam in symmetric_group.shapes(n):
            shape, other = sk.Partition(lam), young.conjugate(lam)
            yield lam, tuple(shape.conjugate), other
            hooks = [
                [lam[i] - j + other[j] - i - 1 for j in range(lam[i])] for i in range(len(lam))
            ]
            yield (lam, "hooks"), [list(row) for row in shape.hook_lengths], hooks
            diagonal = [i for i, part in enumerate(lam) if part > i]
            arms = (
                tuple(lam[i] - i - 1 for i in diagonal),
                tuple(other[i] - i - 1 for i in diagonal),
            )
            yield (lam, "Frobenius"), shape.frobenius, arms
            for mu in symmetric_group.shapes(n):
                sign = (-1) ** (n - len(mu))
                yield (lam, mu, "sign"), sk.character(other, mu), sign * sk.character(lam, mu)
            for k in range(1, n + 1):
                mine = {(tuple(nu), height) for nu, height in border_strips(lam, k)}
                yield (lam, k), mine, young.strips(lam, k)
                yield (lam, k, "core"), tuple(core(lam, k)), young.core(lam, k)


def fillings() -> Compared:
    """Kostka numbers: shape first, content second; the matrix has shapes as rows."""
    import symkern as sk

    for n in range(1, 7):
        shapes, matrix = symmetric_group.shapes(n), sk.characters.kostka_matrix(n)
        for i, lam in enumerate(shapes):
            for j, mu in enumerate(shapes):
                count = young.fillings(lam, mu)
                yield (lam, mu), sk.kostka(lam, mu), count
                yield (lam, mu, "matrix"), int(matrix.values[i, j]), count


def along_subgroups() -> Compared:
    """Induction and restriction between S_3 and S_5, outer products, by sums over the group; powers of characters by powers of permutations."""
    import symkern as sk

    elements = list(permutations(range(5)))
    for lam, chi in symmetric_group.characters(3).items():
        induced = sk.ClassFunction.irreducible(lam).induce(5)
        for mu in symmetric_group.shapes(5):
            g = next(e for e in elements if symmetric_group.cycle_type(e) == mu)
            total = 0
            for x in elements:
                moved = young.then(young.then(x, g), young.inverse(x))
                if moved[3:] == (3, 4):
                    total += chi[symmetric_group.cycle_type(moved[:3])]
            yield (lam, mu), induced[mu], total // 6
    for lam, chi in symmetric_group.characters(5).items():
        restricted = sk.ClassFunction.irreducible(lam).restrict(3)
        for mu in symmetric_group.shapes(3):
            yield (lam, mu), restricted[mu], chi[(*mu, 1, 1)]
        for k in (2, 3):
            powers = sk.ClassFunction.irreducible(lam).adams(k)
            for g in elements[::7]:
                power = g if k == 1 else young.then(g, g if k == 2 else young.then(g, g))
                yield (lam, k, g), powers(g), chi[symmetric_group.cycle_type(power)]
    for nu in ((2,), (1, 1), (2, 1), (3,), (1, 1, 1)):  # s_nu[V], V = (3, 1), from eigenvalues
        mine = sk.ClassFunction.irreducible((3, 1)).schur_power(nu)
        for g in permutations(range(4)):
            roots = np.linalg.eigvals(young.natural((3, 1), g))
            value = _schur(nu, roots)
            yield (nu, g), mine(g), round(value.real)
    for mu in ((1,), (2,), (1, 1), (2, 1), (3,), (2, 2)):
        polynomial = sk.CharacterPolynomial.irreducible(mu)
        for n in range(max(sum(mu) + mu[0], 1), 8):
            lam = symmetric_group.padded(mu, n)
            for kind in symmetric_group.shapes(n):
                yield (mu, kind), polynomial.value(kind), symmetric_group.characters(n)[lam][kind]


def _schur(nu: young.Shape, roots: Any) -> complex:
    """The sum over semistandard fillings of nu by the roots."""
    total: complex = 0
    places = sorted(young.cells(nu))
    for letters in product(range(len(roots)), repeat=len(places)):
        at = dict(zip(places, letters, strict=True))
        if all(
            at.get((i, j + 1), len(roots)) >= t and at.get((i + 1, j), len(roots)) > t
            for (i, j), t in at.items()
        ):
            total += prod(roots[t] for t in letters)
    return total


def products_of_characters() -> Compared:
    """Kronecker, Littlewood-Richardson and reduced Kronecker coefficients by inner products of characters from permutation modules."""
    import symkern as sk

    def parts(n: int, values: dict[young.Shape, int]) -> dict[young.Shape, int]:
        found = {}
        for nu, chi in symmetric_group.characters(n).items():
            total = sum(symmetric_group.class_size(m) * chi[m] * values[m] for m in values)
            if total:
                found[nu] = total // factorial(n)
        return found

    def plain(found: Any) -> dict[young.Shape, int]:
        return {tuple(nu): int(c) for nu, c in found.items()}

    for n in range(1, 7):
        chi = symmetric_group.characters(n)
        for lam, mu in product(chi, repeat=2):
            values = {m: chi[lam][m] * chi[mu][m] for m in chi}
            yield (lam, mu), plain(sk.kronecker(lam, mu)), parts(n, values)
    chi = symmetric_group.characters(8)
    for mu, nu in product(((), (1,), (2,), (1, 1)), repeat=2):
        lam, kappa = symmetric_group.padded(mu, 8), symmetric_group.padded(nu, 8)
        values = {m: chi[lam][m] * chi[kappa][m] for m in chi}
        below = {symmetric_group.stable(rho): c for rho, c in parts(8, values).items()}
        yield (mu, nu, "reduced"), plain(sk.reduced_kronecker(mu, nu)), below


CHECKS = (
    permutations_beside_sympy,
    action_on_sequences,
    young_forms,
    products_of_matrices,
    tableaux_and_contents,
    fourier_transform,
    projectors,
    character_tables,
    diagrams,
    fillings,
    along_subgroups,
    products_of_characters,
)
