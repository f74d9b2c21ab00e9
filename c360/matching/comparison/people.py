"""Names and birth dates."""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from c360.matching.column import Ints
from c360.matching.comparison.base import Levels, alike, equal, jaro
from c360.matching.records import Records

GIVEN = ("same", "nickname", "initial", "very similar", "similar", "different")
FAMILY = ("same", "very similar", "one part", "similar", "different")
MIDDLE = ("same", "initial", "different")
DAY = ("same", "one slip", "two of three parts", "same year", "different")


def swapped(records: Records, i: Ints, j: Ints) -> NDArray[np.bool_]:
    """Tell where given and family names changed places, one of them perhaps misspelt."""
    given, family = records["given"], records.codes("family")
    given_i, given_j, family_i, family_j = given.codes[i], given.codes[j], family[i], family[j]
    known = (given_i >= 0) & (family_i >= 0) & (given_j >= 0) & (family_j >= 0)
    known &= (given_i != given_j) & (family_i != family_j)
    one, other = given_i == family_j, family_i == given_j
    found = known & one & other
    half = np.flatnonzero(known & (one ^ other))
    if len(half):
        left = np.where(one[half], family_i[half], given_i[half])
        right = np.where(one[half], given_j[half], family_j[half])
        found[half[jaro(given, left, right) >= 0.8]] = True
    return found


def given(records: Records, i: Ints, j: Ints) -> Levels:
    """Compare given names; a swap with the family name counts as very similar."""
    column = records["given"]
    a, b = column.codes[i], column.codes[j]
    levels = equal(a, b, 5)
    rest = np.flatnonzero(levels == 5)
    if not len(rest):
        return levels
    x, y = a[rest], b[rest]
    length, initial = records.facts["given_length"], records.facts["given_initial"]
    short = (length[x] == 1) | (length[y] == 1)
    nick = _is_nickname(records, x, y)
    likeness = np.zeros(len(rest), np.float32)
    open_ = np.flatnonzero(~nick & ~short)
    if len(open_):
        likeness[open_] = jaro(column, x[open_], y[open_], 0.78)
    found = np.full(len(rest), 5, np.int8)
    found[likeness >= 0.78] = 4
    found[likeness >= 0.9] = 3
    found[short & (initial[i[rest]] == initial[j[rest]])] = 2
    found[nick] = 1
    found[swapped(records, i[rest], j[rest])] = 3
    levels[rest] = found
    return levels


def _is_nickname(records: Records, a: NDArray, b: NDArray) -> NDArray[np.bool_]:
    known = records.facts["nicknames"]
    if not len(known):
        return np.zeros(len(a), bool)
    width = len(records["given"].values) + 1
    pair = np.minimum(a, b).astype(np.int64) * width + np.maximum(a, b)
    return known[np.minimum(np.searchsorted(known, pair), len(known) - 1)] == pair


def family(records: Records, i: Ints, j: Ints) -> Levels:
    """Compare family names; "one part" is a double name of which one is left out."""
    column = records["family"]
    a, b = column.codes[i], column.codes[j]
    levels = equal(a, b, 4)
    rest = np.flatnonzero(levels == 4)
    if not len(rest):
        return levels
    likeness = jaro(column, a[rest], b[rest], 0.82)
    found = np.full(len(rest), 4, np.int8)
    found[likeness >= 0.82] = 3
    found[likeness >= 0.92] = 1
    _one_part(records, i, j, rest, found)
    found[swapped(records, i[rest], j[rest])] = 1
    levels[rest] = found
    return levels


def _one_part(records: Records, i: Ints, j: Ints, rest: Ints, found: Levels) -> None:
    written = records["family_words"]
    several = np.append(np.array([" " in name for name in written.values], bool), False)
    left, right = written.codes[i[rest]], written.codes[j[rest]]
    open_ = np.flatnonzero((found >= 3) & (several[left] | several[right]))
    if len(open_):
        likeness = alike(written, left[open_], right[open_], fuzz.token_set_ratio)
        found[open_[likeness >= 92]] = 2


def middle(records: Records, i: Ints, j: Ints) -> Levels:
    """Compare middle names; an initial or the beginning is enough to agree."""
    column = records["middle"]
    a, b = column.codes[i], column.codes[j]
    levels = equal(a, b, 2)
    rest = np.flatnonzero(levels == 2)
    if len(rest):
        pairs = zip(column.values[a[rest]], column.values[b[rest]], strict=True)
        agree = [x[0] == y[0] and (len(x) == 1 or len(y) == 1 or x[:3] == y[:3]) for x, y in pairs]
        levels[rest[np.array(agree, bool)]] = 1
    return levels


def day(records: Records, i: Ints, j: Ints) -> Levels:
    """Compare birth dates digit by digit: one slip is a wrong digit, two in the wrong order, day and month swapped."""
    codes, digits = records.codes("birth_date"), records.facts["day_digits"]
    a, b = codes[i], codes[j]
    levels = equal(a, b, 4)
    rest = np.flatnonzero(levels == 4)
    if not len(rest):
        return levels
    x, y = digits[a[rest]], digits[b[rest]]
    differs = x != y
    year, month, date = (~differs[:, part].any(1) for part in (slice(4), slice(4, 6), slice(6, 8)))
    found = np.full(len(rest), 4, np.int8)
    found[year] = 3
    found[(year & month) | (year & date) | (month & date)] = 2
    turned = year & (x[:, 4:6] == y[:, 6:8]).all(1) & (x[:, 6:8] == y[:, 4:6]).all(1)
    found[slip(x, y, differs) | turned] = 1
    levels[rest] = found
    return levels


def slip(x: NDArray, y: NDArray, differs: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell where digits differ by one wrong digit or two neighbours in the wrong order."""
    wrong = differs.sum(1)
    found = wrong == 1
    for k in range(x.shape[1] - 1):
        found |= (wrong == 2) & differs[:, k] & differs[:, k + 1] & (x[:, k] == y[:, k + 1]) & (x[:, k + 1] == y[:, k])
    return found
