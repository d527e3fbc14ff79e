"""A small cluster of Dask for tests, within this process; skips where Dask is not installed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def small_cluster() -> Iterator[Any]:
    """A client of two workers, which are threads of this process.

    They are found by this machine's own address: without one, Dask asks the system for a way to the network in order to learn it.
    """
    distributed = pytest.importorskip("distributed", reason="clusters need the extra cluster")
    given = {"processes": False, "dashboard_address": None, "host": "127.0.0.1"}
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, protocol="tcp://", **given) as cluster,
        distributed.Client(cluster) as client,
    ):  # fmt: skip
        yield client
