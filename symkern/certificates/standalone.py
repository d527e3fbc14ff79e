"""The checker as one file that runs without symkern."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from symkern.certificates import checker


def archive() -> bytes:
    """The checker as a zip archive that Python runs: ``python checker.pyz FILE...`` (PEP 441), the same bytes for the same sources.

    Returns:
        the archive's bytes; `symkern verify --checker FILE` writes them.

    >>> archive()[:22]
    b'#!/usr/bin/env python3'
    """
    files = {
        f"checker/{path.name}": path.read_text(encoding="utf-8")
        for path in sorted(Path(checker.__file__).parent.glob("*.py"))
    }
    files["__main__.py"] = "import sys\n\nfrom checker.program import main\n\nsys.exit(main())\n"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as written:
        for name, text in files.items():
            # The time of a file is no part of what it says.
            written.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return b"#!/usr/bin/env python3\n" + stream.getvalue()
