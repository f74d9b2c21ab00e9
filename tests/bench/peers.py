"""One matcher on one labelled file, in a process of its own: ``python -m tests.bench.peers WHO FILE``.

``ours``: the app's engine with its defaults. ``splink``: Splink on DuckDB in the style of its demos. ``recordlinkage``:
its ECM classifier. All read the same columns and print what they found and what it took as JSON.
"""

import json
import re
import resource
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
from anyascii import anyascii

from tests.labelled import ENTITY, fit, groups, truth

PEOPLE = (
    "first_name",
    "last_name",
    "dob",
    "email",
    "phone",
    "street",
    "street_number",
    "city",
    "postcode",
    "national_id",
)
ORGANISATIONS = ("org_name", "website", "phone", "street", "city", "postcode", "vat")
Groups = list[list[str]]


def entity_of(path: Path) -> str:
    """Return what the rows of a file are."""
    return ENTITY.get(path.stem, "account" if path.stem.startswith("accounts") else "contact")


def clean(path: Path) -> pd.DataFrame:
    """Return the file as any careful user would prepare it: lower case, no accents, digits of phones, one date form."""
    frame = pd.read_csv(path, dtype=str).rename(columns={"name": "org_name", "id": "unique_id"})
    known = PEOPLE if entity_of(path) == "contact" else ORGANISATIONS
    frame = frame[["unique_id", *(name for name in known if name in frame)]].astype(object)
    frame = frame.where(frame.notna(), None)
    for name in frame.columns[1:]:
        change = {"phone": _digits, "dob": _day}.get(name, _plain)
        distinct = {value: change(value) for value in frame[name].unique() if value is not None}
        frame[name] = frame[name].map(distinct).astype(object)
        frame[name] = frame[name].where(frame[name].notna(), None)
    return frame


def _plain(text: str) -> str | None:
    return " ".join(anyascii(text).lower().split()) or None


def _digits(text: str) -> str | None:
    return re.sub(r"\D", "", re.sub(r"(x|ext).*$", "", text.lower()))[-9:] or None


def _day(text: str) -> str | None:
    if found := re.fullmatch(r"(\d{4})-?(\d\d)-?(\d\d)", text):
        return "-".join(found.groups())
    if found := re.fullmatch(r"(\d\d?)/(\d\d?)/(\d{4})", text):
        month, day, year = found.groups()
        month, day = (month, day) if int(month) <= 12 else (day, month)
        return f"{year}-{int(month):02d}-{int(day):02d}"
    return None


def ours(path: Path) -> Groups:
    """Return the groups of the app's engine."""
    return groups(path, entity_of(path))


def splink(path: Path) -> Groups:
    """Return the clusters Splink makes of pairs of 0.9 and more."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink.internals.exceptions import EMTrainingException

    frame = clean(path)
    made = {
        "first_name": cl.NameComparison, "last_name": cl.NameComparison, "org_name": cl.NameComparison,
        "email": cl.EmailComparison,
    }  # fmt: skip
    comparisons: list[Any] = []
    for name in frame.columns[1:]:
        if name == "dob":
            one: Any = cl.DateOfBirthComparison(name, input_is_string=True)
        elif name in made:
            one = made[name](name)
        elif name == "national_id":
            one = cl.DamerauLevenshteinAtThresholds(name)
        elif name == "street":
            one = cl.JaroWinklerAtThresholds(name, [0.9])
        else:
            one = cl.ExactMatch(name)
        comparisons.append(one if name == "dob" else one.configure(term_frequency_adjustments=True))
    person = "first_name" in frame
    pairs = [("first_name", "last_name"), ("dob", "last_name"), ("first_name", "dob"), ("postcode", "last_name")]
    rules = [block_on(*some) for some in pairs if set(some) <= set(frame)] if person else [block_on("org_name")]
    single = ("email", "phone", "national_id") if person else ("website", "phone", "street", "vat")
    rules += [block_on(name) for name in single if name in frame]
    database = DuckDBAPI()
    settings = SettingsCreator(
        link_type="dedupe_only", comparisons=comparisons, blocking_rules_to_generate_predictions=rules
    )
    linker = Linker(database.register(frame), settings)
    linker.training.estimate_probability_two_random_records_match(_sure(frame), recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    training = [("first_name", "last_name"), ("dob",)] if person else [("org_name",), ("city",)]
    for rule in [block_on(*some) for some in training if set(some) <= set(frame)]:
        with suppress(EMTrainingException):  # A rule without a pair teaches nothing.
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.9)
    made_of = linker.clustering.cluster_pairwise_predictions_at_threshold(found, threshold_match_probability=0.9)
    table = made_of.as_pandas_dataframe()
    return [some.tolist() for _, some in table.groupby("cluster_id").unique_id if len(some) > 1]


def _sure(frame: pd.DataFrame) -> list[Any]:
    """Return rules that hardly err, from which Splink reckons how rare duplicates are."""
    from splink import block_on

    sets = (
        ("first_name", "last_name", "dob"),
        ("email",),
        ("national_id",),
        ("org_name", "phone"),
        ("org_name", "city"),
    )
    if not {"email", "national_id", "org_name"} & set(frame):
        sets = (("last_name", "dob"),)
    return [block_on(*some) for some in sets if set(some) <= set(frame)]


def recordlinkage(path: Path) -> Groups:
    """Return the connected pairs of recordlinkage's ECM classifier."""
    import recordlinkage as rl
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    frame = clean(path).set_index("unique_id")
    index = rl.Index()
    for name in frame.columns:
        index.block(name)
    pairs = index.index(frame)
    compare = rl.Compare()
    for name in frame.columns:
        if name in ("dob", "phone", "postcode", "national_id", "vat"):
            compare.exact(name, name, label=name)
        else:
            compare.string(name, name, method="jarowinkler", threshold=0.85, label=name)
    links = rl.ECMClassifier().fit_predict(compare.compute(pairs, frame).round().astype(int))
    places = {one: place for place, one in enumerate(frame.index)}
    left, right = ([places[pair[side]] for pair in links] for side in (0, 1))
    shape = (len(frame), len(frame))
    labels = connected_components(coo_matrix(([1] * len(left), (left, right)), shape=shape), directed=False)[1]
    return [some.tolist() for _, some in pd.Series(frame.index).groupby(labels) if len(some) > 1]


WAYS: dict[str, Callable[[Path], Groups]] = {"ours": ours, "splink": splink, "recordlinkage": recordlinkage}


def main(who: str, file: str) -> None:
    """Match a file, score it and print the figures."""
    path = Path(file)
    begin = time.perf_counter()
    found = WAYS[who](path)
    seconds = time.perf_counter() - begin
    precision, recall, f1 = fit(found, truth(path.with_suffix(".truth.csv")))
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "precision": precision, "recall": recall, "f1": f1, "seconds": seconds, "cpu": used.ru_utime + used.ru_stime,
        "mb": used.ru_maxrss / 1024,
    }  # fmt: skip
    sys.stdout.write("\n" + json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
