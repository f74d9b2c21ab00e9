"""Accuracy, time and memory of the duplicate engine beside its peers, on the same labelled files in the same run.

The peers are in the dependency group ``peers`` and measured when installed. ``C360_BENCH_LABELLED`` names a folder
with more labelled files, NAME.csv beside NAME.truth.csv; those named accounts… are of organisations.
"""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.bench import peers, sheet
from tests.conftest import ROOT
from tests.labelled import HOME

pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]
COLUMNS = ("records", "matcher", "precision", "recall", "F1 of the clusters' pairs", "seconds", "MB", "bar", "met")
MORE = os.environ.get("C360_BENCH_LABELLED")
FILES = [
    path
    for folder in (HOME, *([Path(MORE)] if MORE else []))
    for path in sorted(folder.glob("*.csv"))
    if not path.name.endswith(".truth.csv")
]
WHO = [name for name in peers.WAYS if name == "ours" or find_spec(name)]
BARS = {"febrl1": 0.998, "febrl3": 0.998, "splink_fake_1000": 0.95, "rldata500": 0.97, "restaurants": 0.93}
BARS |= {"orgs_hard": 0.97, "people100000": 0.93, "accounts10000": 0.94, "people1000000": 0.89}
MANY, TURNS = "people1000000", 2
PARTS = ("what", "ours", "Splink", "ratio", "bar", "met")
LARGE = 10_000
"""Rows beyond which recordlinkage needs more memory than a machine has."""


def measured(path, who):
    """Return the figures of a matcher, run in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.peers", who, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_duplicates_beside_the_peers(path, who):
    with path.open(encoding="utf-8") as file:
        rows = sum(1 for _ in file) - 1
    if who == "recordlinkage" and rows > LARGE:
        return
    told = measured(path, who)
    bar = BARS.get(path.stem) if who == "ours" else None
    met = "–" if bar is None else "yes" if told["f1"] >= bar else "**no**"
    sheet.put(
        "matching", "Duplicates, default settings, no labels", COLUMNS, (path.stem, who),
        f"{told['precision']:.4f}", f"{told['recall']:.4f}", f"{told['f1']:.4f}", f"{told['seconds']:.1f}",
        f"{told['mb']:.0f}", f"{bar:.3f}" if bar else "–", met,
    )  # fmt: skip
    assert bar is None or told["f1"] >= bar


@pytest.mark.parametrize("path", [path for path in FILES if path.stem == MANY and "splink" in WHO])
def test_a_million_people_beside_splink_by_turns(path):
    every = [(measured(path, "ours"), measured(path, "splink")) for _ in range(TURNS)]
    for name, what, bar in (("seconds", "time", 0.5), ("cpu", "processor time", None), ("mb", "peak memory", 0.6)):
        ours, theirs = (min(pair[side][name] for pair in every) for side in (0, 1))
        met = "–" if bar is None else "yes" if ours <= bar * theirs else "**no**"
        sheet.put(
            "splink", "A million people beside Splink, from the file to groups", PARTS, (what,),
            f"{ours:.1f}", f"{theirs:.1f}", f"{ours / theirs:.2f}", f"{bar:.1f}" if bar else "–", met,
        )  # fmt: skip
        assert bar is None or ours <= bar * theirs
