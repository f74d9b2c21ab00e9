"""A column as numbers: every distinct value once, and for each row the place of its value; -1 is no value."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from zlib import adler32, crc32

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Text = str | None
NONE: Codes = np.array([-1], np.int32)


@dataclass(frozen=True, eq=False)
class Column:
    """Codes of rows and the distinct values they stand for."""

    codes: Codes
    values: NDArray[np.object_]

    @cached_property
    def counts(self) -> NDArray[np.float64]:
        """How many rows have each value."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.values)).astype(np.float64)

    @property
    def filled(self) -> int:
        """How many rows have a value."""
        return int((self.codes >= 0).sum())

    def derive(self, change: Callable[[str], Text]) -> "Column":
        """Return the column of what each value becomes; what becomes nothing is no value."""
        return self._mapped(encoded(map(change, self.values)))

    def replaced(self, values: Iterable[Text]) -> "Column":
        """Return the column in which the distinct values are these instead."""
        return self._mapped(encoded(values))

    def parted(self, take: Callable[[str], Iterable[Text]], into: int) -> "list[Column]":
        """Return the so many columns each value is taken apart into."""
        parts = zip(*map(take, self.values), strict=True)
        return [self.replaced(part) for part in parts] if len(self.values) else [nothing(len(self.codes))] * into

    def _mapped(self, other: "Column") -> "Column":
        return Column(np.concatenate((other.codes, NONE))[self.codes], other.values)

    def facts(self, tell: Callable[[str], float], missing: float, kind: type) -> NDArray:
        """Return for each row a number that follows from its value."""
        told = np.fromiter((tell(value) for value in self.values), kind, len(self.values))
        return np.append(told, np.array([missing], kind))[self.codes]

    def take(self, rows: Ints) -> "Column":
        """Return these rows in this order."""
        return Column(self.codes[rows], self.values)

    def only(self, rows: NDArray[np.bool_]) -> "Column":
        """Return the column in which only these rows have their values, and no other value is kept."""
        codes = np.where(rows, self.codes, -1)
        return _in_order(codes, self.values, _used(codes))

    def without(self, marked: NDArray[np.bool_]) -> "Column":
        """Return the column in which the marked ones of the distinct values are no value."""
        if not marked.any():
            return self
        codes = np.where(np.append(marked, False)[self.codes], -1, self.codes).astype(np.int32)
        return Column(codes, self.values)

    def texts(self, rows: Ints) -> list[Text]:
        """Return the values of these rows."""
        return self.padded[self.codes[rows]].tolist()

    @cached_property
    def padded(self) -> NDArray[np.object_]:
        """The values and, at -1, nothing."""
        return np.append(self.values, np.array([None], object))

    @cached_property
    def marks(self) -> NDArray[np.uint64]:
        """A fingerprint of each distinct value, the same in every run."""
        return np.fromiter(map(_mark, self.values), np.uint64, len(self.values))

    @property
    def prints(self) -> NDArray[np.uint64]:
        """The fingerprint of each row's value; 0 for no value."""
        return np.append(self.marks, np.uint64(0))[self.codes]

    def canonical(self, rows: Ints) -> "Column":
        """Return these rows with only the values they have, in the order of their fingerprints."""
        codes = self.codes[rows]
        used = _used(codes)
        return _in_order(codes, self.values, used[np.argsort(self.marks[used], kind="stable")])


def _used(codes: Codes) -> Ints:
    """Return the codes that are there, in their order."""
    return np.flatnonzero(np.bincount(codes + 1, minlength=1)[1:])


def _in_order(codes: Codes, values: NDArray[np.object_], used: Ints) -> Column:
    """Return the column of these codes with the used ones of the values, in this order."""
    place = np.full(len(values) + 1, -1, np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    return Column(place[codes], values[used])


def _mark(value: str | int) -> int:
    told = str(value).encode("utf-8", "surrogatepass")
    return crc32(told) << 32 | adler32(told)


class Encoder:
    """A column in the making: takes values piece by piece and keeps each distinct one once; empty ones are none."""

    def __init__(self) -> None:
        self._places: defaultdict[Text, int] = defaultdict()
        self._places.default_factory = self._places.__len__
        self._codes: list[Codes] = []

    def add(self, values: Iterable[Text]) -> None:
        """Take more rows."""
        self._codes.append(np.fromiter(map(self._places.__getitem__, values), np.int32))

    def column(self) -> Column:
        """Return the column of all rows so far."""
        codes = np.concatenate(self._codes) if self._codes else np.empty(0, np.int32)
        values = list(self._places)
        if empty := [self._places[one] for one in ("", None) if one in self._places]:
            kept = np.ones(len(values), bool)
            kept[empty] = False
            codes = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)[codes]
            values = list(compress(values, kept))
        return Column(codes, objects(values))


def encoded(values: Iterable[Text]) -> Column:
    """Return a column of these values, distinct ones in the order they came."""
    encoder = Encoder()
    encoder.add(values)
    return encoder.column()


def objects(values: Sequence[Text]) -> NDArray[np.object_]:
    """Return texts as an array of objects."""
    array = np.empty(len(values), object)
    array[:] = values
    return array


def stacked(columns: Sequence[Column]) -> list[Column]:
    """Return columns that share their distinct values, so that equal codes are equal values across them."""
    every = encoded(value for column in columns for value in column.values)
    start, found = 0, []
    for column in columns:
        end = start + len(column.values)
        found.append(Column(np.append(every.codes[start:end], np.int32(-1))[column.codes], every.values))
        start = end
    return found


def either(first: Column, second: Column) -> Column:
    """Return the first column, filled from the second where it has nothing."""
    if not len(first.values) or not len(second.values):
        return first if len(first.values) else second
    one, other = stacked((first, second.only(first.codes < 0)))
    return Column(np.where(one.codes >= 0, one.codes, other.codes), one.values)


def nothing(size: int) -> Column:
    """Return a column without a value."""
    return Column(np.full(size, -1, np.int32), np.empty(0, object))


def key(*parts: NDArray) -> Ints:
    """Return one number for the values of several columns together; -1 where one has none."""
    whole = parts[0].astype(np.int64)
    missing = whole < 0
    for part in parts[1:]:
        whole = whole * (int(part.max(initial=0)) + 2) + part
        missing |= part < 0
    whole[missing] = -1
    return whole


def numbered(numbers: Ints) -> Column:
    """Return a column of numbers that are not values themselves, as a key is; its values are never read."""
    distinct, codes = np.unique(np.maximum(numbers, -1), return_inverse=True)
    if len(distinct) and distinct[0] == -1:
        distinct, codes = distinct[1:], codes - 1
    return Column(codes.astype(np.int32), distinct.astype(object))
