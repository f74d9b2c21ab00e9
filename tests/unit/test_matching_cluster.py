"""Comparing on a cluster gives what comparing here gives; what keeps it from a cluster is said."""

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from c360.core import config
from c360.core.errors import C360Error
from c360.core.i18n import LANGUAGES
from c360.matching import engine, grouped
from c360.matching.executors import HERE, Cluster
from c360.services.duplicates import cluster
from tests.labelled import HOME, columns


class Processes:
    """Two processes that are spoken to as a Dask client is."""

    def __init__(self, pool):
        self.pool = pool

    def scatter(self, shared, *, broadcast, hash):
        assert broadcast
        assert not hash
        return shared

    def submit(self, work, *args, pure):
        assert not pure
        return self.pool.submit(work, *args)

    def gather(self, futures):
        return [future.result() for future in futures]


@pytest.fixture
def named(monkeypatch):
    """Name a cluster in the settings of this process."""

    def name(address):
        monkeypatch.setenv("C360_DUPLICATES_CLUSTER", address)
        config.settings.cache_clear()

    yield name
    monkeypatch.undo()
    config.settings.cache_clear()


@pytest.mark.parametrize(("name", "entity"), [("splink_fake_1000", "contact"), ("orgs_hard", "account")])
def test_two_processes_find_the_same_pairs_and_groups(name, entity):
    table, _, _ = columns.read(HOME / f"{name}.csv", entity, "id", {})
    here = engine.match(table, entity)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        there = engine.match(table, entity, executor=Cluster(Processes(pool), part=len(here.pairs) // 5))
    assert np.array_equal(here.levels, there.levels)
    assert np.array_equal(here.scores.odds, there.scores.odds)
    assert grouped.groups(here) == grouped.groups(there)
    assert len(grouped.groups(here)) > 20


def test_without_a_name_everything_is_compared_here(named):
    named("")
    with cluster.executor() as found:
        assert found is HERE


def test_what_is_not_installed_and_who_does_not_answer_is_said(named, monkeypatch):
    class Dask:
        @staticmethod
        def Client(address, timeout):
            assert timeout < 60
            raise OSError(address)

    named("tcp://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "distributed", Dask)
    with pytest.raises(C360Error) as caught, cluster.executor():
        pass
    assert all("tcp://127.0.0.1:9" in caught.value.text(language) for language in LANGUAGES)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(C360Error) as caught, cluster.executor():
        pass
    assert all("c360[cluster]" in caught.value.text(language) for language in LANGUAGES)
