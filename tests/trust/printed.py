"""A pytest plugin: what every doctest printed, as JSON lines [test, text] in the file that ``TRUST_PRINTED`` names.

A doctest passes where its output is what the text says up to spaces and ``...``; here stands all of it.
"""

from __future__ import annotations

import doctest
import json
import os
import re
from typing import Any

#: What differs from run to run: addresses, folders for a while, and how much memory is free.
_PLACES = re.compile(r"0x[0-9a-f]{6,}|/tmp/[^\s'\"]*|[\d,]+ are available")


def pytest_configure() -> None:
    """Look at each output where doctest compares it with the text."""
    target = os.environ.get("TRUST_PRINTED")
    if target is None:
        return
    plain = doctest.OutputChecker.check_output

    def check_output(self: Any, want: str, got: str, optionflags: int) -> bool:
        test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
        with open(target, "a", encoding="utf-8") as out:
            out.write(json.dumps([test, _PLACES.sub("...", got)]) + "\n")
        return plain(self, want, got, optionflags)

    doctest.OutputChecker.check_output = check_output  # type: ignore[method-assign]
