"""The cluster that compares, where an operator named one: ``C360_DUPLICATES_CLUSTER``."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from c360.core.config import settings
from c360.core.errors import C360Error
from c360.matching.executors import HERE, Cluster, Executor

PATIENCE = 15
"""Seconds until a scheduler that does not answer is given up."""


@contextmanager
def executor() -> Iterator[Executor]:
    """Give what compares pairs: the workers of the named Dask scheduler, or this process where none is named."""
    address = settings().duplicates_cluster
    if not address:
        yield HERE
        return
    try:
        dask = import_module("distributed")
    except ImportError as error:
        raise C360Error("duplicate.cluster.missing") from error
    try:
        client = dask.Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise C360Error("duplicate.cluster.away", address=address) from error
    with client:
        yield Cluster(client)
