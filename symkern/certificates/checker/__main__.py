"""Runs the checker: as a module of a package, or the folder by itself wherever it was copied to."""

import sys

if __package__:
    from .program import main
else:
    from importlib import import_module
    from pathlib import Path

    folder = Path(__file__).parent
    sys.path.insert(0, str(folder.parent))
    main = import_module(f"{folder.name}.program").main

sys.exit(main())
