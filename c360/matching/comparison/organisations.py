"""Names of organisations, by what their words say."""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from c360.matching.column import Column, Ints
from c360.matching.comparison.base import WORKERS, Levels, equal
from c360.matching.records import Records

NAME = ("same", "same words", "one within the other", "initials", "very similar", "similar", "different")
CHUNK = 500_000


def name(records: Records, i: Ints, j: Ints) -> Levels:
    """Compare names; pairs of the same two names are compared once."""
    column = records["name"]
    a, b = column.codes[i], column.codes[j]
    levels = equal(a, b, 6)
    rest = np.flatnonzero(levels == 6)
    if len(rest):
        width = len(column.values)
        pair = np.minimum(a[rest], b[rest]).astype(np.int64) * width + np.maximum(a[rest], b[rest])
        distinct, back = np.unique(pair, return_inverse=True)
        levels[rest] = _levels(records, column, distinct // width, distinct % width)[back]
    return levels


def _levels(records: Records, column: Column, a: Ints, b: Ints) -> Levels:
    facts, found = records.facts, np.full(len(a), 6, np.int8)
    shared = _shared_weight(facts["word_weights"], a, b)
    left, right = column.values[a].tolist(), column.values[b].tolist()
    likeness = process.cpdist(
        left, right, scorer=JaroWinkler.normalized_similarity, workers=WORKERS, dtype=np.float32, score_cutoff=0.8
    )
    sorted_ratio = np.zeros(len(a), np.float32)
    near = np.flatnonzero((likeness >= 0.8) | (shared > 1.5))
    if len(near):
        sorted_ratio[near] = process.cpdist(
            [left[k] for k in near], [right[k] for k in near],
            scorer=fuzz.token_sort_ratio, workers=WORKERS, dtype=np.float32, score_cutoff=70,
        )  # fmt: skip
    weight = facts["name_weight"]
    within = shared / np.maximum(np.minimum(weight[a], weight[b]), 1e-9)
    overlap = within * (0.5 + 0.5 * shared / np.maximum(np.maximum(weight[a], weight[b]), 1e-9))
    letters, short, solid = facts["initials_of"], facts["short_of"], facts["solid_of"]
    found[(likeness >= 0.85) | (sorted_ratio >= 75)] = 5
    found[((likeness >= 0.93) & (sorted_ratio >= 80)) | (sorted_ratio >= 90)] = 4
    found[(letters[a] == short[b]) | (letters[b] == short[a])] = 3
    found[(within >= 0.85) & (shared >= 4)] = 2
    found[overlap >= 0.8] = 1
    found[solid[a] == solid[b]] = 0
    return found


def _shared_weight(weights: "object", a: Ints, b: Ints) -> NDArray[np.float64]:
    found = np.zeros(len(a))
    for start in range(0, len(a), CHUNK):
        part = slice(start, start + CHUNK)
        found[part] = np.asarray(weights[a[part]].multiply(weights[b[part]]).sum(1)).ravel()  # type: ignore[index]
    return found
