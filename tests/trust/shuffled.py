"""A pytest plugin: files in an order drawn from ``TRUST_ORDER``, and the tests of each file in one of their own.

Nothing is drawn where the variable is not set. Files stay whole, so that what is made once for a file is made once.
"""

from __future__ import annotations

import os
import random
from itertools import groupby

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the items into the order of the seed, which does not depend on the order that they come in."""
    seed = os.environ.get("TRUST_ORDER")
    if seed is None:
        return
    by_file = {file: list(tests) for file, tests in groupby(sorted(items, key=_file), key=_file)}
    files = list(by_file)
    random.Random(f"{seed} {files}").shuffle(files)
    for file in files:
        by_file[file].sort(key=lambda item: item.nodeid)
        random.Random(f"{seed} {file}").shuffle(by_file[file])
    items[:] = [item for file in files for item in by_file[file]]


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]
