"""The known word that is nearest to a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """The end of an error message for a misspelt word: the known word that is nearest, if any is near; nothing for what is no word.

    >>> did_you_mean("flaten", ["mean_pool", "flatten"])
    "; did you mean 'flatten'?"
    >>> did_you_mean("softmax", ["mean_pool", "flatten"])
    ''
    """
    from difflib import get_close_matches

    if not isinstance(word, str):
        return ""
    names, word = list(known), word.strip().lower()
    near = [name for name in names if len(word) > 2 and name.startswith(word)]
    near = near or get_close_matches(word, names, n=1)
    near = near or get_close_matches(word.replace("_", "-"), names, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
