r"""Training on samples of sparse token selection, in floating point: an attention head with all entries of W and V, and a network with a first layer.

x_1..x_T are N(0, I_d), y is a uniform q-subset, the target is the mean of the x_i in y. Every batch draws tokens, sets and codes anew. The head is
V sum_i softmax_i(z_i^T W u) x_i with unit codes z_i in R^m; it is trained by stochastic gradient descent from zero, so that its time is the sum of its
rates. The network sees x through m numbers and y as it is, in a hidden layer of ReLU units, and is trained by Adam (Kingma, Ba, ICLR 2015). NumPy alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from symkern.exact.real_arguments import Floats
from symkern.limits import check_time


@dataclass(frozen=True)
class Task:
    """The sizes of the task, and of the codes."""

    T: int
    d: int
    q: int
    m: int
    query: str = "sum"
    law: str = "sphere"

    def codes(self, random: np.random.Generator, many: int) -> Floats:
        """Unit codes, of shape (many, T, m)."""
        if self.law == "rademacher":
            signs = random.integers(2, size=(many, self.T, self.m))
            return np.asarray((2 * signs - 1) / np.sqrt(self.m))
        found = random.standard_normal((many, self.T, self.m))
        found /= np.linalg.norm(found, axis=2, keepdims=True)
        return found

    def subsets(self, random: np.random.Generator, many: int) -> Floats:
        """Indicators of uniform q-subsets, of shape (many, T)."""
        places = np.argsort(random.random((many, self.T)), axis=1)[:, : self.q]
        found = np.zeros((many, self.T))
        np.put_along_axis(found, places, 1.0, axis=1)
        return found

    def queries(self, codes: Floats, subsets: Floats) -> Floats:
        """u for each code and set."""
        if self.query == "sum":
            return np.asarray(np.einsum("ni,nim->nm", subsets, codes))
        places = np.nonzero(subsets)[1].reshape(len(subsets), self.q)
        chosen = np.take_along_axis(codes, places[:, :, None], axis=1)
        gram = chosen @ chosen.transpose(0, 2, 1)
        weights = np.linalg.solve(gram, np.ones((len(gram), self.q, 1)))[..., 0]
        return np.asarray(np.einsum("nk,nkm->nm", weights, chosen))


def attention(codes: Floats, queries: Floats, W: Floats) -> Floats:
    """The weights p."""
    logits = np.einsum("nim,nm->ni", codes, queries @ W.T)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def trained_head(
    task: Task, rates: Floats, batch: int, random: np.random.Generator, kept: set[int]
) -> Iterator[tuple[int, Floats, Floats]]:
    """(step, W, V) at the steps that are kept, of stochastic gradient descent from zero with these rates; step k comes before the k-th update."""
    W, V = np.zeros((task.m, task.m)), np.zeros((task.d, task.d))
    for step in range(len(rates) + 1):
        check_time()
        if step in kept:
            yield step, W.copy(), V.copy()
        if step == len(rates):
            return
        codes, subsets = task.codes(random, batch), task.subsets(random, batch)
        tokens = random.standard_normal((batch, task.T, task.d))
        queries = task.queries(codes, subsets)
        p = attention(codes, queries, W)
        seen = np.einsum("ni,nid->nd", p, tokens)
        error = seen @ V.T - np.einsum("ni,nid->nd", subsets, tokens) / task.q
        pulled = np.einsum("nid,nd->ni", tokens, 2 * error @ V)
        slope = p * (pulled - (p * pulled).sum(axis=1, keepdims=True))
        by_W = np.einsum("ni,nim->nm", slope, codes).T @ queries / batch
        by_V = 2 * error.T @ seen / batch
        W, V = W - rates[step] * by_W, V - rates[step] * by_V


def measured_loss(
    task: Task, W: Floats, V: Floats, draws: int, random: np.random.Generator
) -> tuple[float, float]:
    """The loss of a head and its standard error, over draws of codes and sets; the mean over tokens is taken exactly."""
    losses = []
    for start in range(0, draws, 1000):
        many = min(1000, draws - start)
        codes, subsets = task.codes(random, many), task.subsets(random, many)
        p = attention(codes, task.queries(codes, subsets), W)
        squares = (p**2).sum(axis=1) * float((V**2).sum())
        aimed = 2 * float(np.trace(V)) * (p * subsets).sum(axis=1) / task.q
        losses.append(squares - aimed + task.d / task.q)
    each = np.concatenate(losses)
    return float(each.mean()), float(each.std() / np.sqrt(len(each)))


def trained_network(
    task: Task, width: int, hidden: int, steps: int, batch: int, random: np.random.Generator, draws: int
) -> tuple[float, float]:  # fmt: skip
    """The loss of a trained network behind a first layer of this width, with its standard error on fresh samples."""
    inputs = task.T * task.d
    sizes = [(width, inputs), (hidden, width), (hidden, task.T), (hidden,), (task.d, hidden)]
    fans = (inputs, width, task.T, 1, hidden)
    values = [
        random.standard_normal(size) * (len(size) > 1) / np.sqrt(fan)
        for size, fan in zip(sizes, fans, strict=True)
    ]
    first, second = [np.zeros_like(v) for v in values], [np.zeros_like(v) for v in values]
    for step in range(1, steps + 1):
        check_time()
        slopes = _slopes(task, values, _sample(task, batch, random))
        rate = 3e-3 * min(1.0, 2.0 * (1 - (step - 1) / steps))
        for k, slope in enumerate(slopes):
            first[k] = 0.9 * first[k] + 0.1 * slope
            second[k] = 0.999 * second[k] + 0.001 * slope**2
            grown = first[k] / (1 - 0.9**step)
            values[k] = values[k] - rate * grown / (np.sqrt(second[k] / (1 - 0.999**step)) + 1e-8)
    x, y, target = _sample(task, draws, random)
    output = _layers(values, x, y)[-1]
    each = ((output - target) ** 2).sum(axis=1)
    return float(each.mean()), float(each.std() / np.sqrt(draws))


def _sample(task: Task, many: int, random: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    tokens = random.standard_normal((many, task.T, task.d))
    subsets = task.subsets(random, many)
    target = np.einsum("ni,nid->nd", subsets, tokens) / task.q
    return tokens.reshape(many, -1), subsets, target


def _layers(values: list[Floats], x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    narrow = x @ values[0].T
    active = np.maximum(narrow @ values[1].T + y @ values[2].T + values[3], 0.0)
    return narrow, active, active @ values[4].T


def _slopes(
    task: Task, values: list[Floats], sample: tuple[Floats, Floats, Floats]
) -> list[Floats]:
    x, y, target = sample
    narrow, active, output = _layers(values, x, y)
    error = 2 * (output - target) / len(x)
    back = (error @ values[4]) * (active > 0)
    return [
        (back @ values[1]).T @ x, back.T @ narrow, back.T @ y, back.sum(axis=0), error.T @ active,
    ]  # fmt: skip
