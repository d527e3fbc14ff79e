"""Clusters on which work is spread: a client of Dask, which this package never starts."""

from __future__ import annotations

from typing import Any

from symkern.errors import InvalidType


def read_client(client: Any) -> Any:
    """The client of a cluster: what has the methods submit and gather."""
    if not all(callable(getattr(client, name, None)) for name in ("submit", "gather")):
        rule = "must be a client of a Dask cluster, distributed.Client()"
        raise InvalidType("client", rule, client)
    return client
