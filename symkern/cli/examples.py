"""Two examples for each verb, which ``--help`` shows last; those of verbs that have some in their own text are there."""

from __future__ import annotations

import click

#: Verb, with its group before it -> what one may type.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "derive": ("symkern derive flatten --vocabulary 2", "symkern derive softmax-attention --vocabulary 2 --set alpha=1 --set beta=1", "symkern derive linear-attention --format latex --output spectrum.tex"),
    "presets": ("symkern presets", "symkern presets transformer-block"),
    "character": ("symkern character 3,2,1 2,2,2", "symkern character 40,10 5,5,5,5,30"),
    "table": ("symkern table 6", "symkern table 12 --format latex --output table.tex"),
    "decompose": ("symkern decompose words --length 6 --letters 2", "symkern decompose subsets --size 8 --choose 3 --format csv"),
    "curve": ('symkern curve bag-of-tokens --length 16 --target "s1*s2" --set alpha=1', "symkern curve flatten --set alpha=1 --set beta=1 --length 8 --plot c.pdf"),
    "bound trace": ("symkern bound trace 2,1", "symkern bound trace 1 --length 64 --ridge 1e-2"),
    "bound learn": ("symkern bound learn 1", "symkern bound learn 1 transformer-block --vocabulary 4 --derivation"),
    "bound map": ("symkern bound map", "symkern bound map flatten --plot map.pdf"),
    "bound cross-dataset": ('symkern bound cross-dataset "1/(L*v)"', 'symkern bound cross-dataset "1/L^2" --ridge 1e-2 --derivation', "symkern bound cross-dataset 1/54 --feature s1-s2 --length 6 --tokens 1/3,2/3"),
    "bound copying": ("symkern bound copying", "symkern bound copying --length 64 --vocabulary 50"),
    "bound alignment": ('symkern bound alignment "x1-x2" --length 4', "symkern bound alignment parity --length 6 --plot alignment.pdf"),
    "selection bound": ("symkern selection bound --T 8 --d 4 --q 2", "symkern selection bound --T 8 --d 4 --q 2 --m 6 --derivation"),
    "selection gap": ("symkern selection gap --T 8 --d 4 --q 2", "symkern selection gap --T 64 --d 16 --q 4 --format json"),
    "selection loss": ("symkern selection loss --T 8 --d 4 --q 2", "symkern selection loss --T 8 --d 4 --q 2 --a 5 --c 1"),
    "selection flow": ("symkern selection flow --T 8 --d 4 --q 2", "symkern selection flow --T 8 --d 4 --q 2 --until 1e4 --plot flow.pdf"),
    "selection generalise": ("symkern selection generalise --T 8 --d 4 --q 2 --T1 64", "symkern selection generalise --T 8 --d 4 --q 2 --T1 64 --time 1e4"),
    "selection codes": ("symkern selection codes --T 8 --q 2 --m 16", "symkern selection codes --T 12 --q 3 --m 64 --query dual --at-length 24"),
    "selection fixed": ("symkern selection fixed --T 8 --q 3 --coherence 1/5", "symkern selection fixed --T 6 --q 3 --m 16 --seed 1 --times 10,1000"),
    "selection heads": ("symkern selection heads --T 6 --d 2 --q 2", "symkern selection heads --T 6 --d 2 --q 2 --heads 4 --times 10"),
    "verify": ("symkern verify linear-attention dimension-2,1", "symkern verify certificate.json --sequences 4096"),
    "completion": ("symkern completion bash --install", "symkern completion fish"),
}  # fmt: skip


def with_examples(command: click.Command, path: str = "") -> None:
    """Give each verb below a command its examples, as the last paragraph of its help."""
    if isinstance(command, click.Group):
        for name, verb in command.commands.items():
            with_examples(verb, f"{path} {name}".strip())
        return
    listed = EXAMPLES.get(path, ())
    if listed:
        command.epilog = "\b\nExamples:\n" + "\n".join(f"  {line}" for line in listed)
