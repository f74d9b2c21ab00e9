"""What follows from names of organisations: how rare their words are, their initials, the name as one word."""

from collections import Counter

import numpy as np
from scipy.sparse import csr_matrix

from c360.matching.column import Column, stacked
from c360.matching.normalise.organisations import initials, short_name
from c360.matching.normalise.text import skeleton
from c360.matching.records import Records


def derive_organisations(records: Records) -> None:
    """Add what names of organisations are compared and found by."""
    if "name" not in records:
        return
    names = records["name"]
    _weigh_words(records, names)
    short = [short_name(name) or None for name in names.values]
    letters = [initials(name) or None for name in names.values]
    known = stacked((names.replaced(letters), names.replaced(short)))
    records.columns["initials"], records.columns["short_name"] = known
    # The same two by distinct name, to compare by.
    records.facts["initials_of"] = _by_value(names, known[0], -1)
    records.facts["short_of"] = _by_value(names, known[1], -2)
    records.columns["solid_name"] = names.derive(lambda name: name.replace(" ", ""))
    records.facts["solid_of"] = _by_value(names, records["solid_name"], -1)
    records.columns["name_sound"] = names.derive(_sound)


def _sound(name: str) -> str:
    parts = name.split()
    return skeleton(parts[0]) + skeleton(parts[-1])


def _by_value(names: Column, other: Column, missing: int) -> np.ndarray:
    found = np.full(len(names.values) + 1, -1, np.int64)
    rows = names.codes >= 0
    found[names.codes[rows]] = other.codes[rows]
    return np.where(found < 0, missing, found)


def _weigh_words(records: Records, names: Column) -> None:
    """Keep how much each word says: the rarer, the more."""
    parts = [list(dict.fromkeys(name.split())) for name in names.values]
    every = [word for some in parts for word in some]
    places = {word: place for place, word in enumerate(dict.fromkeys(every))}
    rows = np.repeat(np.arange(len(parts)), [len(some) for some in parts])
    columns = np.fromiter((places[word] for word in every), np.int64, len(every))
    times = np.bincount(columns, weights=names.counts[rows], minlength=len(places))
    total = names.counts.sum()
    if records.known is not None:
        times, total = records.known.times("word", np.array(list(places), object))
    rarity = np.log((total + 1) / np.maximum(times, 1))
    shape = (len(parts) + 1, len(places))
    matrix = csr_matrix((np.sqrt(rarity[columns]), (rows, columns)), shape=shape)
    records.facts["word_weights"] = matrix
    records.facts["name_weight"] = np.asarray(matrix.multiply(matrix).sum(1)).ravel()
    records.facts["word_times"] = Counter(dict(zip(places, times.tolist(), strict=True)))
