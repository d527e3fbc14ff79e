"""``symkern derive``: the spectrum of a preset or pipeline."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from symkern.cli.output import Refused, deliver, unicode_output, write_file
from symkern.errors import SymkernError

if TYPE_CHECKING:
    import sympy as sp

    from symkern.spectra.spectrum import Spectrum
    from symkern.tokens import Law

__all__ = ["derive"]


@click.command()
@click.argument("kernel", default="linear-attention", metavar="[PRESET | PIPELINE]")
@click.option(
    "--tokens",
    default="uniform",
    metavar="uniform|distinct|1/2,1/3,1/6",
    help="Token law: uniform on v letters, all distinct, or independent with these probabilities.",
)
@click.option(
    "--length", default="L", metavar="L|INT", help="Context length: a symbol or a number."
)
@click.option(
    "--vocabulary", default=None, metavar="v|INT", help="Vocabulary size, for uniform tokens."
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Give a hyperparameter a value, read exactly: --set alpha=1 --set beta=1/2.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "latex", "json", "csv"]),
    default="text",
    show_default=True,
)
@click.option(
    "--full",
    is_flag=True,
    help="Every row and every formula, however long, and the radicals of quadratic eigenvalues.",
)
@click.option(
    "--against",
    metavar="PRESET|PIPELINE",
    help="Set a second kernel beside the first: which learns which sector with how many samples.",
)
@click.option(
    "--certificate",
    metavar="FILE",
    help="Also write the claim to FILE, for symkern verify FILE or any other program to test.",
)
@click.option("--output", metavar="FILE", help="Write to FILE instead of standard output.")
def derive(
    kernel: str,
    tokens: str,
    length: str,
    vocabulary: str | None,
    settings: tuple[str, ...],
    form: str,
    full: bool,
    against: str | None,
    certificate: str | None,
    output: str | None,
) -> None:
    """Derive the exact spectrum of a kernel, sector by sector.

    The kernel is a pipeline, an embedding, then stages, one of them a readout,

    \b
      "embedding(alpha, beta) | attention | residual | mean_pool"

    or a preset, linear-attention where none is named; `symkern presets` shows
    their pipelines and formulas:

    \b
      bag-of-tokens             linear-attention-last  transformer-block
      flatten                   linear-attention-2     transformer-block-last
      linear-attention          linear-attention-3     softmax-attention
      linear-attention-flatten                         fully-connected

    What is printed: a row is one eigenvalue, a group of rows a sector, an irrep
    of the permutations of positions with one of the renamings of tokens.
    "dimension" counts the eigenfunctions of each eigenvalue, "block" the
    eigenvalues of the sector. sigma2 (the letter sigma, squared) is the ridge,
    and sigma2 over an eigenvalue the number of samples that half learn such
    a function. "never" stands beside an eigenvalue that is zero. Formulas
    follow below the table, each with the sizes from which it holds.
    """
    from symkern.kernels import read_kernel
    from symkern.spectra.deriving import derived

    law = _law(tokens, vocabulary)
    chosen = read_kernel(kernel)
    size = _size(length)
    given = _settings(settings)
    try:
        spectrum = derived(chosen, size, law, _own(kernel, against, given), _progress)
        if against is not None:
            other = derived(
                read_kernel(against), size, law, _own(against, against, given), _progress
            )
    except SymkernError as error:
        names = [p.name for k in filter(None, (kernel, against)) for p in read_kernel(k).parameters]
        raise Refused(_in_options(str(error), [n for n in names if n not in given])) from None
    if certificate is not None:
        claim = json.dumps(spectrum.certificate(), indent=2)
        write_file(certificate, lambda stream: stream.write(f"{claim}\n".encode()))
    if against is not None:
        _compare(spectrum, other, form, output)
    elif form == "json":
        deliver(spectrum.to_json(), output)
    elif form == "csv":
        deliver(_csv(spectrum), output)
    elif form == "latex":
        from symkern.typeset.document import document

        deliver(document(spectrum.latex(full=full)), output)
    else:
        deliver(spectrum.text(full=full, unicode=unicode_output(output)), output)


def _in_options(message: str, missing: Iterable[str]) -> str:
    """An error of the library in the words of the command line: options for arguments."""
    message = re.sub(
        r"length=16, tokens=uniform\(2\)((?:, \w+=1)*)",
        lambda found: "--length 16 --vocabulary 2" + found[1].replace(", ", " --set "),
        message,
    )
    options = " ".join(f"--set {name}=..." for name in dict.fromkeys(missing))
    if options:
        message = re.sub(r"give (?:\w+, )*\w+ values", f"give {options}", message)
    return message


def _progress(items: list[Any]) -> Any:
    """A bar on standard error after a second, on a terminal only."""
    from tqdm import tqdm

    return tqdm(items, delay=1, disable=None, leave=False, unit="sector", ncols=78)


def _size(length: str) -> int | sp.Expr:
    """L or a positive integer."""
    from symkern.abc import L
    from symkern.errors import InvalidArgument

    text = length.strip()
    if text == "L":
        return L
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise InvalidArgument("length", "must be L or a positive integer", f"it is {length!r}")


def _law(tokens: str, vocabulary: str | None) -> Law:
    from symkern.abc import parse
    from symkern.errors import InvalidArgument
    from symkern.tokens import categorical, distinct, uniform

    if tokens == "uniform":
        return uniform(parse("v" if vocabulary is None else vocabulary, "vocabulary"))
    if vocabulary is not None:
        raise InvalidArgument(
            "vocabulary", "is an option of uniform tokens", f"the tokens are {tokens!r}"
        )
    if tokens == "distinct":
        return distinct()
    if "," not in tokens and not tokens[:1].isdigit():
        from symkern.kernels.grammar import did_you_mean

        raise InvalidArgument(
            "tokens",
            "must be uniform, distinct or a list of probabilities",
            f"it is {tokens!r}{did_you_mean(tokens, ('uniform', 'distinct'))}",
        )
    return categorical([parse(piece, f"tokens[{i}]") for i, piece in enumerate(tokens.split(","))])


def _settings(pairs: tuple[str, ...]) -> dict[str, object]:
    from symkern.abc import parse
    from symkern.errors import InvalidArgument

    found: dict[str, object] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        name = name.strip()
        if not equals or not name:
            raise InvalidArgument("set", "must read NAME=VALUE", f"it is {pair!r}")
        if name in found:
            raise InvalidArgument("set", "gives each hyperparameter once", f"{name!r} stands twice")
        found[name] = parse(value, name)
    return found


def _own(kernel: str, against: str | None, settings: dict[str, object]) -> dict[str, object]:
    """The settings meant for ``kernel``: beside a second kernel, each takes the hyperparameters it has."""
    from symkern.kernels import read_kernel

    if against is None:
        return settings
    names = {p.name for p in read_kernel(kernel).parameters}
    others = {p.name for p in read_kernel(against).parameters}
    first = kernel != against  # a name that neither has is refused by the first
    return {n: e for n, e in settings.items() if n in names or (first and n not in others)}


def _compare(first: Spectrum, second: Spectrum, form: str, output: str | None) -> None:
    """Two spectra side by side, in the format asked for."""
    from symkern.learning.comparison import compare

    found = compare(first, second)
    if form == "json":
        deliver(json.dumps(found.to_dict(), indent=2), output)
    elif form == "csv":
        from symkern.pages.comparison import comparison_table

        deliver(comparison_table(found).csv(), output)
    elif form == "latex":
        from symkern.typeset.document import document

        deliver(document(found.latex()), output)
    else:
        deliver(found.text(unicode=unicode_output(output)), output)


def _csv(spectrum: Spectrum) -> str:
    """One line per eigenvalue branch; partitions as in "2,1" and "[]".

    Numbers that have no formula are written by their certain digits.
    """
    from symkern.pages.eigenvalue_cells import enclosed_digits

    stream = io.StringIO()
    columns = ["eigenvalues", "minimal_polynomials", "leading", "exponents", "samples"]
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(
        [
            "position_irrep",
            "token_irrep",
            "dimension",
            "multiplicity",
            "eigenvalue",
            "minimal_polynomial",
            "leading",
            "exponent",
            "samples",
            "valid_for_L",
            "valid_for_v",
            "standing",
        ]
    )
    for found, sector in zip(spectrum.sectors, spectrum.to_dict()["sectors"], strict=True):
        irreps = [
            "" if mu is None else ",".join(map(str, mu)) or "[]"
            for mu in (sector["position_irrep"], sector["token_irrep"])
        ]
        for i, branch in enumerate(found.branches):
            written = ["" if sector[name][i] is None else sector[name][i] for name in columns]
            if branch.interval is not None:
                written[0], written[-1] = enclosed_digits(branch.value)
            writer.writerow(
                [
                    *irreps,
                    sector["dimension"],
                    sector["multiplicity"],
                    *written,
                    sector["valid_for"]["L"],
                    sector["valid_for"]["v"],
                    sector["standing"],
                ]
            )
    return stream.getvalue()
