"""Kernels as values: written, read back, compared, pickled; presets; spectra of drawn kernels.

The presets' formulas are those of Hron et al. (arXiv 2006.10540) at infinitely many heads, written in the counts
s = sum_t n_t(x) n_t(y), m of positions that match, and d = [x_L = y_L].
"""

import pickle

import pytest
import sympy as sp
from flint import fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

import symkern as sk
import symkern.exact
import symkern.kernels
from symkern import strategies
from symkern.abc import L, alpha, b, beta, cycle_count, gamma, namespace, w, x
from symkern.errors import InvalidArgument, NoClosedForm, PipelineError, SymkernError
from symkern.kernels.stages.stage_table import names
from tests.kernels.test_values import random_pipelines
from tests.oracles import attention, spectrum
from tests.oracles import symmetric_group as sym
from tests.oracles.pipelines import ALL, as_number, block_charpoly, build, symbolic_spectrum
from tests.search import examples

NAMES = {
    **{name: getattr(sk, name) for name in sk.__all__},
    **{name: getattr(symkern.exact, name) for name in symkern.exact.__all__},
    **{name: getattr(symkern.kernels, name) for name in symkern.kernels.__all__},
    **namespace,
}


def read_back(value):
    """What Python makes of the text that a value prints."""
    return eval(repr(value), dict(NAMES))  # noqa: S307 (this text is the library's own)


KERNELS = [build(stages) for stages in ALL.values()] + [
    sk.kernels.embedding(alpha + gamma, beta**2 / 3).attention("tied", "softmax").mean_pool(),
    sk.kernels.embedding("1/3", "0.5").attention(query_key="tied", row_map="abs").flatten(),
    sk.kernels.embedding(1).flatten().mlp("relu"),
    sk.kernels.embedding(1, 1).mlp("erf").mean_pool().linear(w, b),
    sk.kernels.embedding(1).mlp("x^3 - x/2 + 1").residual().at_position("last").mlp(x**2 + 1),
]


@pytest.mark.parametrize("k", KERNELS, ids=str)
def test_kernels_are_written_and_read_back(k):
    assert read_back(k) == k
    assert sk.kernels.read_kernel(str(k)) == k
    assert str(sk.kernels.read_kernel(str(k))) == str(k)
    assert pickle.loads(pickle.dumps(k)) == k
    assert hash(pickle.loads(pickle.dumps(k))) == hash(k)


def test_every_kernel_is_another():
    assert len(set(KERNELS)) == len(KERNELS)
    assert len({str(k) for k in KERNELS}) == len(KERNELS)


@given(strategies.kernels(depth=2, readouts=("mean_pool", "flatten", "at_position")))
@examples(40)
def test_drawn_kernels_are_written_and_read_back(k):
    assert read_back(k) == k
    assert sk.kernels.read_kernel(str(k)) == k


@pytest.mark.parametrize("name", ["linear-attention", "flatten", "transformer-block"])
def test_spectra_are_written_and_read_back(name):
    spec = symbolic_spectrum(name)
    assert read_back(spec) == spec
    for sector in spec.sectors:
        assert read_back(sector) == sector
    again = pickle.loads(pickle.dumps(spec))
    assert again == spec
    assert hash(again) == hash(spec)


@given(strategies.laws(3, kinds=("uniform", "categorical", "mixture", "distinct")))
@examples(30)
def test_laws_are_written_and_read_back(law):
    assert read_back(law) == law


@pytest.mark.parametrize(
    "parameter",
    [
        sp.Symbol("alpha"),  # to SymPy another symbol than symkern.abc.alpha
        sp.Symbol("theta", positive=True),
        sp.Function("f")(alpha),
        sp.Symbol("a b"),
        sp.pi,
        sp.I,
        alpha - beta,
        sp.sqrt(beta),
        sp.exp(alpha),
    ],
    ids=repr,
)
def test_what_is_taken_as_a_parameter_can_be_written(parameter):
    """Refused by a typed error, or equal to what its own text says."""
    try:
        k = sk.kernels.embedding(parameter).mean_pool()
    except SymkernError as refusal:
        assert str(refusal).startswith("token: ")
        return
    assert read_back(k) == k
    assert sk.kernels.read_kernel(str(k)) == k


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("embedding(alpha)|mean_pool", lambda e: e(alpha).mean_pool()),
        ("embedding(alpha, beta) | flatten", lambda e: e(alpha, beta).flatten()),
        (
            "embedding(token=alpha, constant=1/2) | flatten()",
            lambda e: e(alpha, constant=sp.Rational(1, 2)).flatten(),
        ),
        (
            " embedding ( alpha , position = 0.1 )\n| attention | mean_pool ",
            lambda e: e(alpha, sp.Rational(1, 10)).attention().mean_pool(),
        ),
        (
            "embedding(1) | attention(tied, relu) | at_position(last)",
            lambda e: e(1).attention("tied", "relu").at_position("last"),
        ),
        (
            "embedding(1) | attention(normalize=false) | linear(w, b) | mean_pool",
            lambda e: e(1).attention(normalize=False).linear(w, b).mean_pool(),
        ),
        (
            "embedding(alpha^2 + 2*(beta - 0.5*beta)) | residual_free | mean_pool",
            None,
        ),
        ("embedding(1) | mlp(x^2 + 2*x) | flatten", lambda e: e(1).mlp(x**2 + 2 * x).flatten()),
        ("embedding(1) | mlp(quadratic) | flatten", lambda e: e(1).mlp("quadratic").flatten()),
        ("embedding(1) | flatten | mlp(relu)", lambda e: e(1).flatten().mlp("relu")),
    ],
)
def test_the_grammar_of_pipelines(text, chain):
    if chain is None:
        with pytest.raises(SymkernError, match="residual_free"):
            sk.kernels.read_kernel(text)
    else:
        assert sk.kernels.read_kernel(text) == chain(sk.kernels.embedding)


X, Y = (0, 1, 1, 2), (1, 1, 2, 2)
_c = (alpha**2 * 6 + 2 * alpha * beta * 2 + beta**2 * 4) / sp.Integer(4) ** 2  # s = 6, m = 2, d = 1

PRESETS = {
    "bag-of-tokens": alpha * 6 / sp.Integer(16),
    "flatten": alpha * 2 / sp.Integer(4) + beta,
    "linear-attention": (alpha * 6 + beta * 4) * _c / 16,
    "linear-attention-flatten": (alpha * 2 + beta * 4) * _c / 4,
    "linear-attention-last": (alpha + beta) * _c,
    "linear-attention-2": (alpha * 6 + beta * 4) * _c**4 / 16,
    "linear-attention-3": (alpha * 6 + beta * 4) * _c**13 / 16,
    "transformer-block": w * (alpha * 6 + beta * 4) * (1 + _c) / 16 + b,
    "transformer-block-last": w * (alpha + beta) * (1 + _c) + b,
}


@pytest.mark.parametrize("name", PRESETS)
def test_presets_have_their_formula(name):
    value = sk.kernels.read_kernel(name)(X, Y)
    assert sp.expand(value - PRESETS[name]) == 0


def test_the_fully_connected_preset():
    """alpha (sqrt(1 - r^2) + (pi - arccos r) r)/(2 pi) at r = m/L = 1/2."""
    r = sp.Rational(1, 2)
    expected = alpha * (sp.sqrt(1 - r**2) + (sp.pi - sp.acos(r)) * r) / (2 * sp.pi)
    value = sk.kernels.read_kernel("fully-connected")(X, Y)
    assert sp.simplify(value - expected) == 0


def test_the_softmax_preset():
    stages = [
        ("embedding", {"token": 1, "position": 2}),
        ("attention", {"query_key": "tied", "row_map": "softmax"}),
        ("mean_pool", {}),
    ]
    value = sk.kernels.read_kernel("softmax-attention")(X, Y, alpha=1, beta=2)
    assert float(value) == pytest.approx(float(attention.kernel(stages, X, Y)), rel=1e-13)


@pytest.mark.parametrize("name", ["bag-of-tokens", "flatten", "linear-attention-2"])
def test_stages_may_follow_a_preset(name):
    chosen = sk.kernels.PRESETS[name]
    for further in (" | ntk", "|linear(w, b)|ntk "):
        assert sk.kernels.read_kernel(f" {name}{further}") == sk.kernels.read_pipeline(chosen.pipeline + further)  # fmt: skip
    with pytest.raises(PipelineError, match="after a readout only") as error:
        sk.kernels.read_kernel(f"{name} | attention")
    assert error.value.position == len(name) + 3


@pytest.mark.parametrize("text", ["linear-attentoin | ntk", "linear-attentoin"])
def test_a_preset_is_spelled(text):
    with pytest.raises(InvalidArgument, match="did you mean 'linear-attention'"):
        sk.kernels.read_kernel(text)


@pytest.mark.parametrize("name", ["bag-of-tokens", "flatten", "linear-attention"])
def test_derive_is_the_spectrum_of_the_preset(name):
    assert sk.derive(name) == symbolic_spectrum(name)
    assert sk.derive(name).kernel == sk.kernels.read_kernel(name)


def _one_nonlinear_stage(stages):
    """Deeper kernels are right as well, but slow to compare by the hundred."""
    return sum(name in ("attention", "mlp") for name, _ in stages) <= 1


@given(
    random_pipelines().filter(_one_nonlinear_stage),
    st.sampled_from([(1, 1), (1, 3), (2, 1), (2, 2), (2, 3), (3, 2), (3, 3), (4, 2), (2, 5)]),
)
@examples(60)
def test_drawn_spectra_equal_the_full_matrix(stages, size):
    """Numbers throughout, small sizes, every readout: exact characteristic polynomials."""
    length, vocabulary = size
    marked = any(name == "at_position" for name, _ in stages)
    index, values = spectrum.gram(
        lambda p, q: attention.kernel(stages, p, q), length, vocabulary, marked
    )
    try:
        spec = build(stages).spectrum(length=length, tokens=sk.kernels.uniform(vocabulary))
    except NoClosedForm:
        return
    expected = spectrum.full_charpoly(index, values)
    found, dimensions = fmpq_poly([1]), 0
    for sector in spec.sectors:
        times = int(as_number(sector.dimension, {}))
        polynomial = block_charpoly(sector.block, {})
        found *= polynomial**times
        dimensions += polynomial.degree() * times
    assert found * fmpq_poly([0, 1]) ** (len(index) - dimensions) == expected


@given(random_pipelines(symmetric=True), st.integers(1, 4))
@examples(40)
def test_drawn_class_functions(stages, length):
    """Two attention layers too: values on S_1..S_4, at the length and uniformly in it."""
    k = build(stages)
    identity = tuple(range(length))
    at_length, uniform = k.class_function(length), k.class_function(L)
    for g in sym.group(length):
        expected = sp.Rational(str(attention.kernel(stages, identity, g)))
        assert at_length(g) == expected
        shape = sym.cycle_type(g)
        counts = {cycle_count(i): shape.count(i) for i in range(1, length + 1)}
        assert uniform.expression.subs({**counts, L: length}) == expected


@pytest.mark.parametrize("stage", ["attention", "residual", "mean_pool", "flatten", "at_position"])
def test_what_belongs_before_the_readout_is_refused_after_it(stage):
    kernel = sk.kernels.embedding(1).mean_pool().linear(2)
    with pytest.raises(
        InvalidArgument, match=rf"^{stage}: must stand before the readout.*mean_pool"
    ):
        getattr(kernel, stage)()
    *more, last = names(after_readout=True)
    others = f"{', '.join(more)} and {last}"
    with pytest.raises(PipelineError, match=f"after a readout only {others} may follow"):
        sk.kernels.read_kernel(f"{kernel} | {stage}")
