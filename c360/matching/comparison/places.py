"""Addresses: one comparison of ordered levels, because street, postal code and city are one fact and not three."""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from c360.matching.column import Ints
from c360.matching.comparison.base import Levels, alike, jaro
from c360.matching.records import Records

ADDRESS = ("same house", "same house, other postal code", "same street", "same postal code", "same city", "different")
UNKNOWN, OTHER, SAME = -1, 0, 1


def address(records: Records, i: Ints, j: Ints) -> Levels:
    """Compare addresses by what both have of them."""
    city, post = _agree(records, "city", i, j), _agree(records, "postal_code", i, j)
    street, house = _agree(records, "street", i, j), _agree(records, "house_number", i, j)
    _soften(records, "city", i, j, city, 0.9)
    if "postal_code" in records:
        # A wrong digit in the postal code of an otherwise equal place is a slip.
        column = records["postal_code"]
        rest = np.flatnonzero((post == OTHER) & ((city == SAME) | (street != OTHER)))
        if len(rest):
            apart = alike(column, column.codes[i[rest]], column.codes[j[rest]], OSA.distance)
            post[rest[apart <= 1]] = UNKNOWN
    _soften(records, "street", i, j, street, 0.88)
    levels = np.full(len(i), -1, np.int8)
    levels[(city == OTHER) | (post == OTHER) | (street == OTHER)] = 5
    levels[city == SAME] = 4
    levels[post == SAME] = 3
    placed = (post == SAME) | (city == SAME) | ((post == UNKNOWN) & (city == UNKNOWN))
    levels[(street == SAME) & placed & (house != SAME)] = 2
    full = (street == SAME) & (house == SAME)
    levels[full] = 0
    levels[full & (post == OTHER)] = 1
    levels[full & (post == OTHER) & (city == OTHER)] = 5
    levels[(street == SAME) & (house == UNKNOWN) & (post == SAME)] = 0
    return levels


def placed(records: Records, i: Ints, j: Ints) -> NDArray[np.bool_]:
    """Tell of each pair whether both are in one postal code area or in one town: streets of a name are everywhere."""
    city, post = _agree(records, "city", i, j), _agree(records, "postal_code", i, j)
    _soften(records, "city", i, j, city, 0.9)
    return (post == SAME) | (city == SAME)


def _agree(records: Records, name: str, i: Ints, j: Ints) -> NDArray[np.int8]:
    codes = records.codes(name)
    a, b = codes[i], codes[j]
    return np.where((a < 0) | (b < 0), UNKNOWN, a == b).astype(np.int8)


def _soften(records: Records, name: str, i: Ints, j: Ints, agreed: NDArray[np.int8], least: float) -> None:
    """Take names spelt nearly alike for the same."""
    rest = np.flatnonzero(agreed == OTHER)
    if len(rest):
        column = records[name]
        agreed[rest[jaro(column, column.codes[i[rest]], column.codes[j[rest]], least) >= least]] = SAME
