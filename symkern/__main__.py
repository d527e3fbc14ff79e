"""``python -m symkern``: the same as the command ``symkern``."""

from symkern.cli import main

if __name__ == "__main__":
    main()
