"""Comparing on a local Dask cluster of two processes beside comparing here; needs the extra ``c360[cluster]``.

Bar: F1 of the clusters' pairs within 0.01, at most 1.6 times the time.
"""

import time

import pytest

from c360.matching import engine, grouped
from c360.matching.executors import HERE, Cluster
from tests.bench import sheet
from tests.bench.peers import entity_of
from tests.bench.test_matching import FILES
from tests.labelled import columns, fit, truth

COLUMNS = ("records", "F1 here", "F1 on the cluster", "seconds here", "on the cluster", "ratio", "bar", "met")
LEAST = 50_000
"""Rows from which a cluster is worth measuring."""
pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]


@pytest.fixture(scope="module")
def client():
    """Give a client of two workers."""
    dask = pytest.importorskip("distributed")
    workers = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with dask.LocalCluster(**workers) as made, dask.Client(made) as found:
        yield found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_cluster_beside_one_process(path, client):
    table, ids, _ = columns.read(path, entity_of(path), "id", {})
    if table.size < LEAST:
        return
    true = truth(path.with_suffix(".truth.csv"))
    took, f1 = [], []
    for executor in (HERE, Cluster(client)):
        begin = time.perf_counter()
        found = grouped.groups(engine.match(table, entity_of(path), executor=executor))
        took.append(time.perf_counter() - begin)
        f1.append(fit([[ids[row] for row in group] for group in found], true)[2])
    met = abs(f1[0] - f1[1]) <= 0.01 and took[1] <= 1.6 * took[0]
    sheet.put(
        "cluster", "Duplicates on a cluster of two processes", COLUMNS, (path.stem,), *(f"{one:.4f}" for one in f1),
        *(f"{one:.1f}" for one in took), f"{took[1] / took[0]:.2f}", "1.6", "yes" if met else "**no**",
    )  # fmt: skip
    assert met
