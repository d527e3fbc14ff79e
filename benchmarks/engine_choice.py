"""Which engine a problem is given to, against what each takes: how often the choice loses, and by how much.

Random pipelines under random laws at small sizes are solved by every engine that applies, each time in a new process that has symkern loaded and
nothing remembered. Run as ``python benchmarks/engine_choice.py [number] [seed] [largest number of sequences]``.
"""

from __future__ import annotations

import multiprocessing as mp
import random
import resource
import sys
import time
from typing import Any

from symkern.engines.problem import Problem
from symkern.engines.registry import candidates, cheapest, engines
from symkern.kernels import categorical, embedding, mixture, uniform

#: Seconds after which an engine is stopped.
PATIENCE = 10
#: What the choice may lose: seconds, and a share of the cheaper engine's time.
LOSS, SHARE = 0.1, 0.2


def pipeline(draw: random.Random, symbols: bool) -> Any:
    """One to three layers, a readout, sometimes a layer behind it."""
    token, position = draw.choice(
        [("alpha", "beta"), ("alpha", 0), (1, "beta")] if symbols else [(1, 1), (1, 0), ("1/2", 2)]
    )
    kernel = embedding(token, position, draw.choice([0, 0, 0, 1]))
    activations = ["quadratic", "x^2 + x", "x^3 + x", "x^4 + 1"]
    for _ in range(draw.randint(0, 3)):
        stage = draw.choice(["attention", "attention", "mlp", "linear", "residual"])
        if stage == "attention":
            kernel = kernel.attention()
        elif stage == "mlp":
            kernel = kernel.mlp(draw.choice(activations))
        elif stage == "linear":
            kernel = kernel.linear("1/2", 1)
        elif len(kernel.stages) > 1 and "Residual" not in repr(kernel.stages[-1]):
            kernel = kernel.residual()
    read = draw.choice(["mean_pool", "mean_pool", "flatten", "at_position"])
    out = kernel.mean_pool() if read == "mean_pool" else kernel.flatten() if read == "flatten" else kernel.at_position("last")  # fmt: skip
    for _ in range(draw.choice([0, 0, 1, 2])):
        out = out.mlp(draw.choice(activations[:3]))
    return out


def law(draw: random.Random, letters: int) -> Any:
    """Uniform, unequal, a mixture with the uniform law, or a law and its mirror image in equal parts."""
    kind = draw.choice(["uniform", "uniform", "categorical", "mixture", "mirrored"])
    if kind == "uniform" or letters == 1:
        return uniform(letters)
    weights = [draw.randint(1, 4) for _ in range(letters)]
    weights[0] += len(set(weights)) == 1
    shares = [f"{w}/{sum(weights)}" for w in weights]
    unequal = categorical(shares)
    if kind == "categorical":
        return unequal
    if kind == "mixture":
        return mixture([("1/3", unequal), ("2/3", uniform(letters))])
    return mixture([("1/2", unequal), ("1/2", categorical(shares[::-1]))])


def problems(number: int, seed: int, most: int) -> Any:
    """Seeded problems with at most so many sequences; every fourth has symbols, and nearly half have two letters."""
    draw = random.Random(seed)
    for i in range(number):
        while True:
            letters, length = draw.choice([1, 2, 2, 2, 3, 4, 5]), draw.randint(1, 12)
            if letters**length <= most:
                break
        yield Problem.of(pipeline(draw, i % 4 == 3), law(draw, letters), length)


def _work(problem: Problem, name: str, pipe: Any) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
    engine = next(e for e in engines() if e.name == name)
    start = time.process_time()
    engine.solve(problem)
    pipe.send(time.process_time() - start)


def measured(problem: Problem, name: str) -> float:
    """Seconds of work of one engine in a new process; `PATIENCE` where it was stopped."""
    context = mp.get_context("fork")
    ours, theirs = context.Pipe(False)
    process = context.Process(target=_work, args=(problem, name, theirs))
    process.start()
    theirs.close()
    try:
        return float(ours.recv())
    except EOFError:
        return float(PATIENCE)
    finally:
        process.join()


def main(number: int = 100, seed: int = 1, most: int = 81) -> None:
    """Measure, and print every loss and the sum."""
    lost = worst = 0.0
    for problem in problems(number, seed, most):
        start = time.process_time()
        chosen = cheapest(problem)
        asked = time.process_time() - start
        found = candidates(problem)
        assert chosen is not None
        if len(found) < 2:
            continue
        seconds = {
            e.name: measured(problem, e.name) if c.seconds < 20 * PATIENCE else PATIENCE
            for e, c in found
        }
        least = min(seconds.values())
        loss = seconds[chosen[0].name] - least
        mark = "LOST" if loss > max(LOSS, SHARE * least) else ""
        lost += bool(mark)
        worst = max(worst, loss)
        shown = "  ".join(f"{e.name} {seconds[e.name]:.3f} ({c.seconds:.3f})" for e, c in found)
        print(
            f"{shown}  asked {asked:.3f}  {mark}  | {problem.kernel} | {problem.law} | L={problem.length}",
            flush=True,
        )
    print(f"lost {lost:.0f} of {number}, at most {worst:.2f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
