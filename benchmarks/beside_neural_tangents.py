"""Kernel matrices beside neural-tangents, where it is installed: equal values first, then pairs of sequences a second.

    python -m benchmarks.beside_neural_tangents [--seconds S] [--threads N] [NAME ...]

The same networks on the same sequences, tokens and positions as one-hot channels with the roots of their variances, float64, on one machine: neural-tangents'
``kernel_fn`` of NNGP and NTK compiled by JAX on the CPU, its compilation not counted, on batches that fit into memory; symkern's `Kernel.matrix` of as many pairs
as it takes for the clock to be read. Both take turns, and the best of each counts; ratios are what is compared. The extra ``neural-tangents`` of setup.cfg
pins what works together (2.6 GB); nothing else needs it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from symkern.kernels import read_kernel

WEIGHT, BIAS = 1.69, 0.16


@dataclass(frozen=True)
class Line:
    """A network as a pipeline and in stax, sizes, and how many times faster symkern is to be; ``batch`` sequences a side for neural-tangents."""

    name: str
    pipeline: str
    layers: Callable[[Any, int], Any]
    length: int
    letters: int
    position: float
    batch: int
    target: float | None = None
    tangent: bool = False


def linear_attention(stax: Any, channels: int) -> Any:
    return stax.serial(_attention(stax, "IDENTITY", channels), stax.GlobalAvgPool())


def softmax_block(stax: Any, channels: int) -> Any:
    return stax.serial(
        stax.FanOut(2),
        stax.parallel(stax.Identity(), _attention(stax, "SOFTMAX", channels)),
        stax.FanInSum(),
        stax.LayerNorm(axis=-1),
        _dense(stax),
        stax.Relu(),
        stax.GlobalAvgPool(),
    )


def fifteen_layers(stax: Any, channels: int) -> Any:
    return stax.serial(stax.Flatten(), *(_dense(stax), stax.Relu()) * 15)


def _dense(stax: Any) -> Any:
    return stax.Dense(1, W_std=WEIGHT**0.5, b_std=BIAS**0.5)


def _attention(stax: Any, kind: str, channels: int) -> Any:
    """One layer whose weights have variance 1; softmax with tied queries and keys."""
    return stax.GlobalSelfAttention(
        channels, 1, 1, 1, linear_scaling=kind == "SOFTMAX", attention_mechanism=kind, W_key_std=1.0,
        W_query_std=1.0, W_value_std=1.0, W_out_std=1.0,
    )  # fmt: skip


_LINEAR = "attention(normalize=false) | mean_pool"
_BLOCK = f"attention(tied, softmax) | residual | layer_norm | linear({WEIGHT}, {BIAS}) | mlp(relu) | mean_pool"
_DEEP = "flatten" + f" | linear({WEIGHT}, {BIAS}) | mlp(relu)" * 15

LINES = [
    Line("linear attention, L = 32, v = 8", _LINEAR, linear_attention, 32, 8, 0.5, 128, 100),
    Line("softmax block, L = 32, v = 8", _BLOCK, softmax_block, 32, 8, 0.5, 64, 2),
    Line("softmax block, no positions, L = 32, v = 8", _BLOCK, softmax_block, 32, 8, 0.0, 64, 15),
    Line("softmax block, L = 64, v = 2", _BLOCK, softmax_block, 64, 2, 0.5, 32, 50),
    Line("softmax block, L = 256, v = 4", _BLOCK, softmax_block, 256, 4, 0.5, 8, 100),
    Line("NTK of linear attention, L = 32, v = 8", _LINEAR, linear_attention, 32, 8, 0.5, 128, None, True),
    Line("NTK of the softmax block, L = 32, v = 8", _BLOCK, softmax_block, 32, 8, 0.5, 48, None, True),
    Line("15 layers of relu, L = 32, v = 8", _DEEP, fifteen_layers, 32, 8, 0.5, 128),
]  # fmt: skip


def channels(words: np.ndarray, line: Line) -> np.ndarray:
    """Tokens of variance 1 and positions as channels; the mean over channels is the base kernel."""
    n, length = words.shape
    tokens = np.eye(line.letters)[words]
    places = np.broadcast_to(np.eye(length) * line.position**0.5, (n, length, length))
    both = np.concatenate([tokens, places], axis=2) if line.position else tokens
    return both * both.shape[2] ** 0.5


def best(run: Callable[[], Any], pairs: int, seconds: float) -> float:
    """Pairs a second, the most of what fits into the time."""
    found, end = 0.0, time.perf_counter() + seconds
    while time.perf_counter() < end or not found:
        start = time.perf_counter()
        run()
        found = max(found, pairs / (time.perf_counter() - start))
    return found


def measured(line: Line, seconds: float) -> bool:
    """One line of the table; whether the target is met and the values agree."""
    import jax
    from neural_tangents import stax

    rng = np.random.default_rng(0)
    ending = " | ntk" if line.tangent else ""
    kernel = read_kernel(f"embedding(1, {line.position}) | {line.pipeline}{ending}")
    get = "ntk" if line.tangent else "nngp"
    width = line.letters + line.length * bool(line.position)
    # A dense layer of variance 1 makes Gaussian features of the channels, and is the embedding that is trained.
    _, _, kernel_fn = stax.serial(stax.Dense(width), line.layers(stax, width))
    compiled = jax.jit(lambda x, y: kernel_fn(x, y, get))
    rows, columns = (rng.integers(0, line.letters, (line.batch, line.length)) for _ in range(2))
    x, y = (jax.numpy.asarray(channels(words, line)) for words in (rows, columns))
    theirs = np.asarray(compiled(x, y))
    ours = kernel.matrix(rows, columns)
    error = float(np.max(np.abs(ours - theirs)) / np.max(np.abs(theirs)))
    many = [rng.integers(0, line.letters, (max(line.batch, _many(line)), line.length)) for _ in range(2)]  # fmt: skip
    rates = [0.0, 0.0]
    for _ in range(3):
        rates[0] = max(rates[0], best(lambda: kernel.matrix(*many), len(many[0]) ** 2, seconds / 6))
        rates[1] = max(rates[1], best(lambda: compiled(x, y).block_until_ready(), line.batch**2, seconds / 6))  # fmt: skip
    ratio = rates[0] / rates[1]
    met = "" if line.target is None else f"  target {line.target:g}{'' if ratio >= line.target else '  MISSED'}"  # fmt: skip
    print(
        f"{line.name:44} {rates[0]:14,.0f} {rates[1]:12,.0f} {ratio:8.1f}  {error:.0e}{met}",
        flush=True,
    )
    return error < 1e-9 and (line.target is None or ratio >= line.target)


def _many(line: Line) -> int:
    """Sequences a side that keep symkern busy for a while."""
    return 3000 if line.pipeline == _LINEAR else 300


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.beside_neural_tangents", description=__doc__.split("\n")[0])  # fmt: skip
    parser.add_argument("names", nargs="*", help="only lines whose name contains one")
    parser.add_argument("--seconds", type=float, default=20.0, help="for each line")
    options = parser.parse_args()
    try:
        import jax
        import neural_tangents  # noqa: F401
    except ImportError as error:
        print(f"neural-tangents is not installed ({error}): pip install -e '.[neural-tangents]'")
        return 2
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    print(
        f"{'pairs of sequences a second':44} {'symkern':>14} {'neural-t.':>12} {'ratio':>8}  error"
    )
    chosen = [line for line in LINES if not options.names or any(n in line.name for n in options.names)]  # fmt: skip
    return int(not all([measured(line, options.seconds) for line in chosen]))  # noqa: C419


if __name__ == "__main__":
    sys.exit(main())
