"""A column as numbers: every distinct value once, and for each row the place of its value; -1 is no value."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from zlib import adler32, crc32

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Text = str | None


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
        return self._mapped(encoded(change(value) or None for value in self.values))

    def replaced(self, values: Iterable[Text]) -> "Column":
        """Return the column in which the distinct values are these instead."""
        return self._mapped(encoded(value or None for value in values))

    def _mapped(self, other: "Column") -> "Column":
        codes = np.append(other.codes, np.int32(-1))
        return Column(codes[self.codes], other.values)

    def facts(self, tell: Callable[[str], float], missing: float, kind: type) -> NDArray:
        """Return for each row a number that follows from its value."""
        told = np.fromiter((tell(value) for value in self.values), kind, len(self.values))
        return np.append(told, np.array([missing], kind))[self.codes]

    def take(self, rows: Ints) -> "Column":
        """Return these rows in this order."""
        return Column(self.codes[rows], self.values)

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
    def prints(self) -> NDArray[np.uint64]:
        """A fingerprint of each row's value, the same in every run; 0 for no value."""
        found = np.fromiter(map(_print, self.values), np.uint64, len(self.values))
        return np.append(found, np.uint64(0))[self.codes]


def _print(value: str | int) -> int:
    told = str(value).encode("utf-8", "surrogatepass")
    return crc32(told) << 32 | adler32(told)


class Encoder:
    """A column in the making: takes values piece by piece and keeps each distinct one once."""

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
        if None in self._places:
            none = self._places[None]
            codes = np.where(codes == none, -1, codes - (codes > none)).astype(np.int32)
            values.remove(None)
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
