"""``symkern verify``: every derivation and every certificate, checked on the spot."""

from __future__ import annotations

import json
import sys
from textwrap import indent
from typing import TYPE_CHECKING, Any

import click

from symkern import plot as figures
from symkern.cli.completion import complete_check
from symkern.cli.output import deliver, draw, read_file
from symkern.cli.parameters import output_option, place_option, plot_option
from symkern.errors import InvalidArgument
from symkern.reading.writable_places import write_whole

if TYPE_CHECKING:
    from symkern.certificates.verification import Finding


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME | CERTIFICATE]...", shell_complete=complete_check)
@click.option("--list", "listing", is_flag=True, help="List the names, and check nothing.")
@place_option(
    "--latex",
    help="Write the derivations to FILE as one LaTeX document, and check nothing.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "latex", "json", "rocq"]),
    default="text",
    show_default=True,
    help="latex is the derivations as one document, each with what its check found; json one record for each check; "
    "rocq the one certificate that is named as a theorem for coqc, and nothing is checked.",
)
@place_option(
    "--checker",
    help="Write the checker to FILE, one file that runs without symkern, and check nothing.",
)
@output_option()
@plot_option("Draw what was checked, and how long it took.")
@click.option(
    "--sequences",
    default=None,
    metavar="INT",
    help="Check certificates at sizes of up to so many sequences: 256 if nothing is said.",
)
def verify(
    names: tuple[str, ...], listing: bool, latex: str | None, form: str, checker: str | None, output: str | None,
    plot: str | None, sequences: str | None,
) -> None:  # fmt: skip
    """Check derivations step by step, and certificates by brute force.

    Without arguments: every derivation that symkern knows, and certificates of the
    presets' spectra and of other closed forms. NAME is one of them (symkern verify --list), CERTIFICATE a file that
    symkern derive --certificate wrote.

    The checker of certificates stands on the standard library alone: symkern verify
    --checker checker.pyz writes it as one file, and python checker.pyz CERTIFICATE
    runs without symkern.

    Status 0 if everything holds, 1 if something is wrong or beyond what can be
    checked in seconds, 2 if a certificate cannot be read.
    """
    from symkern.certificates.catalogue import CATALOGUE, CERTIFIED
    from symkern.certificates.verification import checked, findings, jobs, summary

    if listing:
        deliver(_listing(), None)
        return
    known = [name for name in names if name in CATALOGUE or name in CERTIFIED]
    if latex is not None:
        _write(latex, names)
        return
    if checker is not None:
        from symkern.certificates.standalone import archive

        write_whole(checker, lambda stream: stream.write(archive()))
        return
    if form == "rocq":
        deliver(_theorem(names), output)
        return
    budget = 256 if sequences is None else _budget(sequences)
    rule = "must be a name of symkern verify --list or a certificate's file"
    texts = [(name, read_file(name, "name", rule)) for name in names if name not in known]
    chosen = jobs(known) if known or not names else []
    found: list[Finding] = []
    said: list[str] = []
    at_once = form == "text" and output is None  # line by line, as the checks end
    kind = ""
    with _bar(len(chosen) + len(texts)) as bar:
        for finding in findings(chosen, budget):
            lines = [finding.report if names or finding.status else finding.line()]
            if finding.kind != kind and not names:
                kind = finding.kind
                lines.insert(0, f"{kind}s")
            found.append(finding)
            said += lines
            _say(bar, *(lines if at_once else ()))
        for name, text in texts:
            found.append(checked(name, text, budget))
            said.append(f"{name}\n{indent(str(found[-1].report), '  ')}")
            _say(bar, *(said[-1:] if at_once else ()))
    if len(found) > 1:
        said.append(summary(found))
        if at_once:
            click.echo(said[-1])
    if not at_once:
        written = {
            "text": lambda: "\n".join(said),
            "json": lambda: _records(found),
            "latex": lambda: _pages(found),
        }
        deliver(written[form](), output)
    draw(plot, lambda: figures.verification(found))
    statuses = {finding.status for finding in found}
    if output is not None and statuses - {0}:
        wrong = sum(finding.status != 0 for finding in found)
        click.echo(f"symkern: {wrong} of {len(found)} not confirmed; {output!r} says why", err=True)
    sys.exit(2 if 2 in statuses else max(statuses, default=0))


def _theorem(names: tuple[str, ...]) -> str:
    """The certificate that is named, or that a file holds, as Rocq source."""
    from symkern.certificates import rocq
    from symkern.certificates.catalogue import CERTIFIED, certificate_of
    from symkern.certificates.checker import CannotCheck
    from symkern.certificates.checker.program import read

    rule = "must be one certificate's name or file where Rocq source is asked for"
    if len(names) != 1:
        raise InvalidArgument("name", rule, f"there are {len(names)}")
    if names[0] in CERTIFIED:
        return rocq(certificate_of(names[0]))
    try:
        claim, _ = read(read_file(names[0], "name", rule))
    except (CannotCheck, ValueError) as error:
        raise InvalidArgument("name", rule, f"{names[0]} cannot be read: {error}") from None
    return rocq(claim)


def _records(found: list[Finding]) -> str:
    """The findings as JSON."""
    told = ("kind", "name", "verdict", "status", "report")
    records = [{name: getattr(finding, name) for name in told} for finding in found]
    passed = all(f.status == 0 for f in found)
    return json.dumps({"schema": 1, "passed": passed, "checks": records}, indent=2)


def _pages(found: list[Finding]) -> str:
    """The derivations that were checked, as one document; below them the reports."""
    from symkern.certificates.catalogue import derivation
    from symkern.pages.derivations import derivations_document

    checked = [f for f in found if f.kind == "derivation"]
    text = derivations_document([derivation(f.name) for f in checked], title="Derivations")
    reports = "\n\n".join(f.report for f in found)
    appendix = f"\\section*{{What was found}}\n\\begin{{verbatim}}\n{reports}\n\\end{{verbatim}}\n"
    head, end = text.rsplit("\\end{document}", 1)
    return f"{head}{appendix}\\end{{document}}{end}"


def _bar(total: int) -> Any:
    """A bar on standard error after a second, on a terminal only."""
    from tqdm import tqdm

    return tqdm(total=total, delay=1, disable=None, leave=False, unit="check", ncols=78)


def _say(bar: Any, *lines: str) -> None:
    """Lines on standard output, where the bar may stand on the same terminal."""
    bar.clear()
    for line in lines:
        click.echo(line)
    bar.update()


def _budget(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 7):
        raise InvalidArgument("sequences", "must be an integer from 1 to 999999", f"it is {text!r}")
    return int(text)


def _listing() -> str:
    from symkern.certificates.catalogue import CATALOGUE, CERTIFIED, derivation

    lines = ["derivations"]
    for name in CATALOGUE:
        title = derivation(name).title
        lines.append(f"  {name:<34} {title if len(title) <= 43 else title[:40] + '...'}")
    return "\n".join([*lines, "certificates", *(f"  {name}" for name in CERTIFIED)])


def _write(output: str, names: tuple[str, ...]) -> None:
    from symkern.certificates.catalogue import CATALOGUE, derivation
    from symkern.pages.derivations import derivations_document

    found = [derivation(name) for name in names or CATALOGUE]
    text = derivations_document(found, title="" if names else "Derivations")
    write_whole(output, lambda stream: stream.write(text.encode()))
