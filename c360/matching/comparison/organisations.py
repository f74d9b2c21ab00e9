"""Names of organisations, by what their words say."""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler
from scipy.sparse import csr_matrix

from c360.matching.column import Column, Ints
from c360.matching.comparison.base import Levels, equal, paired
from c360.matching.records import Records

NAME = (
    "same", "one slip", "same words", "one within the other", "initials", "very similar", "similar", "different",
)  # fmt: skip
LONG_ENOUGH = 5
CHUNK = 500_000


def name(records: Records, i: Ints, j: Ints) -> Levels:
    """Compare names; pairs of the same two names are compared once."""
    column = records["name"]
    a, b = column.codes[i], column.codes[j]
    levels = equal(a, b, 7)
    rest = np.flatnonzero(levels == 7)
    if len(rest):
        width = len(column.values)
        pair = np.minimum(a[rest], b[rest]).astype(np.int64) * width + np.maximum(a[rest], b[rest])
        distinct, back = np.unique(pair, return_inverse=True)
        levels[rest] = _levels(records, column, distinct // width, distinct % width)[back]
    return levels


def _levels(records: Records, column: Column, a: Ints, b: Ints) -> Levels:
    facts, found = records.facts, np.full(len(a), 7, np.int8)
    shared = _shared_weight(facts["word_weights"], a, b)
    left, right = column.values[a].tolist(), column.values[b].tolist()
    likeness = paired(left, right, JaroWinkler.normalized_similarity, 0.8)
    ratio, slips = np.zeros(len(a), np.float32), np.full(len(a), 9, np.int32)
    near = np.flatnonzero((likeness >= 0.8) | (shared > 1.5))
    if len(near):
        some, others = [left[k] for k in near], [right[k] for k in near]
        for scorer in (fuzz.token_sort_ratio, fuzz.ratio):
            ratio[near] = np.maximum(ratio[near], paired(some, others, scorer, 70))
        solid = [text.replace(" ", "") for text in some], [text.replace(" ", "") for text in others]
        slips[near] = paired(*solid, OSA.distance, 1, np.int32)
        brief = [min(len(x), len(y)) < LONG_ENOUGH for x, y in zip(*solid, strict=True)]
        slips[near[np.array(brief, bool)]] = 9
    weight = facts["name_weight"]
    within = shared / np.maximum(np.minimum(weight[a], weight[b]), 1e-9)
    overlap = within * (0.5 + 0.5 * shared / np.maximum(np.maximum(weight[a], weight[b]), 1e-9))
    letters, short, whole = facts["initials_of"], facts["short_of"], facts["solid_of"]
    found[(likeness >= 0.85) | (ratio >= 75)] = 6
    found[((likeness >= 0.93) & (ratio >= 80)) | (ratio >= 90)] = 5
    found[(letters[a] == short[b]) | (letters[b] == short[a])] = 4
    found[(within >= 0.85) & (shared >= 4)] = 3
    found[overlap >= 0.8] = 2
    found[slips <= 1] = 1
    found[whole[a] == whole[b]] = 0
    return found


def _shared_weight(weights: csr_matrix, a: Ints, b: Ints) -> NDArray[np.float64]:
    found = np.zeros(len(a))
    for start in range(0, len(a), CHUNK):
        part = slice(start, start + CHUNK)
        found[part] = np.asarray(weights[a[part]].multiply(weights[b[part]]).sum(1)).ravel()
    return found
