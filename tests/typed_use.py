"""What type checkers make of a user's file: run by `make lint`, which starts from here and not from the package."""

from typing import assert_type

import symkern as sk
from symkern.abc import L, alpha, beta, v
from symkern.tokens import LagMoments

K = sk.kernels
pairs = K.embedding(alpha, beta).attention().residual()
assert_type(pairs, K.PairKernel)
kernel = pairs.mean_pool()
assert_type(kernel.linear(2), K.Kernel)
spectrum = kernel.spectrum(length=L, tokens=K.uniform(v))
assert_type(spectrum, sk.Spectrum)
assert_type(spectrum.scaling_law([1]), sk.bounds.ScalingLaw)
curve = spectrum.learning_curve("x1*x2", n=[1, 2], ridge=1, length=4, vocabulary=2, alpha=1, beta=1)
print(
    curve.text(),
    [
        c.text()
        for c in spectrum.learning_curve("x1", n=1, length=[3, 4], vocabulary=2, alpha=1, beta=1)
    ],
)
numbers = spectrum.evaluate(length=4, vocabulary=2, alpha=1, beta=1)
print(numbers.training_curve("x1", t=1).text(), numbers.training_curve("x1", t=1, n=5).best)
assert_type(spectrum.training_law([1]), sk.bounds.ScalingLaw)
assert_type(K.compare(kernel, "flatten"), K.Comparison)
chain = K.markov([["3/4", "1/4"], ["1/4", "3/4"]])
assert_type(chain.lag_moment(2), sk.exact.ExactMatrix)
assert_type(chain.lag_moment("d"), LagMoments)
assert_type(sk.character_table(4), sk.CharacterTable)

f = sk.characters.s[2, 1] * 2 + 1
assert_type(f, sk.SymmetricFunction)
assert_type(f.plethysm(sk.characters.h[2]).skew_by(f), sk.SymmetricFunction)
assert_type(sk.Partition(2, 1).rim, tuple[tuple[int, int], ...])
insertion, recording = sk.combinatorics.rsk((2, 1, 3))
assert_type(insertion.promotion().evacuation(), sk.combinatorics.Tableau)
element = sk.representations.young_symmetriser(insertion)
assert_type((element + 7).inverse() * element, sk.representations.GroupAlgebraElement)
