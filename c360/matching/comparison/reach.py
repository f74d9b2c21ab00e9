"""Phone numbers and e-mail addresses."""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from c360.matching.column import Ints
from c360.matching.comparison.base import Levels, equal, paired
from c360.matching.comparison.people import slip
from c360.matching.records import Records

PHONE = ("same", "one slip", "different")
EMAIL = ("same", "same mailbox elsewhere", "similar", "different")


def phone(records: Records, i: Ints, j: Ints) -> Levels:
    """Compare numbers digit by digit; two leading digits may be a prefix written otherwise."""
    codes, digits = records.codes("phone"), records.facts["phone_digits"]
    a, b = codes[i], codes[j]
    levels = equal(a, b, 2)
    rest = np.flatnonzero(levels == 2)
    if len(rest):
        x, y = digits[a[rest]], digits[b[rest]]
        differs = x != y
        levels[rest[slip(x, y, differs) | ~differs[:, 2:].any(1)]] = 1
    return levels


def email(records: Records, i: Ints, j: Ints) -> Levels:
    """Compare addresses; a mailbox elsewhere that only repeats the name says nothing the name did not say."""
    codes, boxes = records.codes("email"), records["mailbox"]
    levels = equal(codes[i], codes[j], 3)
    rest = np.flatnonzero(levels == 3)
    if not len(rest):
        return levels
    a, b = boxes.codes[i[rest]], boxes.codes[j[rest]]
    signs, length = records.facts["mailbox_signs"], records.facts["mailbox_length"]
    found = np.full(len(rest), 3, np.int8)
    # The signs two texts do not share are a lower bound of their distance, and cost next to nothing.
    near = np.flatnonzero((np.bitwise_count(signs[a] ^ signs[b]) <= 4) & (a != b))
    if len(near):
        left, right = boxes.values[a[near]].tolist(), boxes.values[b[near]].tolist()
        apart = paired(left, right, OSA.distance, 2, np.int32)
        shorter = np.minimum(length[a[near]], length[b[near]])
        found[near[((apart <= 1) & (shorter >= 5)) | ((apart <= 2) & (shorter >= 10))]] = 2
    found[(a == b) & (a >= 0)] = 1
    if "given" in records:
        close = np.flatnonzero(found <= 2)
        left, right = (_says_name(records, rows[rest[close]]) for rows in (i, j))
        found[close[left | right]] = -1
    levels[rest] = found
    return levels


def _says_name(records: Records, rows: Ints) -> NDArray[np.bool_]:
    """Tell of each of these records whether its mailbox only repeats its name (``john.smith``, ``jsmith``)."""
    told = zip(*(records[name].texts(rows) for name in ("mailbox", "given", "family")), strict=True)
    return np.array([only_name(box or "", given or "", family or "") for box, given, family in told], bool)


def only_name(box: str, given: str, family: str) -> bool:
    """Tell whether a mailbox says no more than a name does.

    >>> only_name("jsmith", "john", "smith"), only_name("smithrocks", "john", "smith")
    (True, False)
    """
    if any(map(str.isdigit, box)):
        return False
    if family and len(family) > 2 and family in box:
        rest = len(box) - len(family)
        if rest <= 1 or (given and (given[:3] in box or box[0] == given[0])):
            return True
    if given and family and given in box and (family[:3] in box or len(box) - len(given) <= 1):
        return True
    return bool(given and not family and box.startswith(given))
