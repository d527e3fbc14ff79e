"""PyTorch, which the extra ``torch`` brings, imported where networks are trained; its own random numbers and its number of threads are left as they were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from symkern.errors import SymkernError


def torch_library() -> Any:
    """The module ``torch``.

    Raises:
        SymkernError: it is not installed.
    """
    try:
        import torch
    except ImportError:
        raise SymkernError(
            "networks: need PyTorch, which is not installed (pip install torch)"
        ) from None
    return torch


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread for what is done inside, as many as before afterwards: the matrices of small networks are multiplied faster by one than by several that wait for each other."""
    torch = torch_library()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
