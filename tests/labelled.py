"""Labelled duplicates and how well an answer fits them."""

import csv
from collections import Counter
from pathlib import Path

from c360.matching import engine, grouped
from c360.matching.rule import everywhere
from c360.services.duplicates import columns

HOME = Path(__file__).parent / "data" / "duplicates"
ENTITY = {"restaurants": "account", "orgs_hard": "account"}


def truth(path):
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["cluster"].strip() for row in csv.DictReader(file)}


def fit(found, true):
    """Return precision, recall and F1 of the pairs of groups."""
    hits = sum(n * (n - 1) // 2 for group in found for n in Counter(true[i] for i in group).values())
    said = sum(len(group) * (len(group) - 1) // 2 for group in found)
    real = sum(n * (n - 1) // 2 for n in Counter(true.values()).values())
    precision, recall = hits / said if said else 1.0, hits / real if real else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if hits else 0.0


def groups(path, entity, said=None, rules=()):
    """Return the groups found in a file with the default settings, as ids; without people's rules unless given."""
    table, ids, _ = columns.read(path, entity, "id", said or {})
    return [
        [ids[row] for row in group] for group in grouped.groups(engine.match(table, entity, rules=everywhere(rules)))
    ]


def measured(name, rules=None):
    """Return how well a set is grouped; ``rules`` are by kind of customer."""
    path, entity = HOME / f"{name}.csv", ENTITY.get(name, "contact")
    return fit(groups(path, entity, rules=(rules or {}).get(entity, ())), truth(HOME / f"{name}.truth.csv"))
