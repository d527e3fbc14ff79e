"""Lines of LaTeX, filled with pieces of a formula: each broken where the depth of the break and the emptiness of the line together are least."""

from __future__ import annotations

from dataclasses import dataclass, replace

from symkern.typeset.numerals import decimal


@dataclass(frozen=True)
class Chunk:
    """A piece of a formula before which a line may break, at the price ``cost``."""

    latex: str
    em: float
    cost: float
    opening: str = ""  # stands before the piece only where it opens a line


def stuck_to_prefix(chunks: list[Chunk]) -> list[Chunk]:
    """No line ends in a bare prefix such as 1/(2 L^4): it joins the piece that follows."""
    if len(chunks) > 1 and chunks[0].latex.endswith(" "):
        first, second = chunks[:2]
        joined = replace(first, latex=first.latex + second.latex, em=first.em + second.em)
        return [joined, *chunks[2:]]
    return chunks


def cut_number(number: object, depth: int) -> list[Chunk]:
    """A number of many digits, cut every twenty."""
    text = decimal(number)
    return [
        Chunk(text[i : i + 20], 0.5 * len(text[i : i + 20]), depth + 3.0)
        for i in range(0, len(text), 20)
    ]


def filled_lines(chunks: list[Chunk], width: float) -> list[str]:
    """Lines of at most ``width`` em, each broken where depth plus emptiness is least."""
    lines: list[str] = []
    start = 0
    while start < len(chunks):
        em, end, best, best_cost = 0.0, start, start + 1, float("inf")
        while end < len(chunks) and (end == start or em + chunks[end].em <= width):
            em += chunks[end].em
            end += 1
            if end == len(chunks):
                best = end
                break
            cost = chunks[end].cost + 6.0 * (max(width - em, 0.0) / width) ** 2
            if cost <= best_cost:
                best, best_cost = end, cost
        line = "".join(chunk.latex for chunk in chunks[start:best])
        opening = chunks[start].opening if lines else ""
        lines.append((opening + line.strip()).strip())
        start = best
    return lines
