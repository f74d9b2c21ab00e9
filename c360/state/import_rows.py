"""What the pages of imports show, as plain rows."""

from typing import TypedDict


class Batch(TypedDict):
    """An import as the list shows it."""

    id: str
    file: str
    entity: str
    state: str
    made: str
    created: int
    updated: int
    unchanged: int
    skipped: int
    rejected: int


class Column(TypedDict):
    """A column of the file and what it means."""

    index: int
    name: str
    samples: str
    filled: int
    target: str
    sure: int
    empty: str
    nulls: str


class Option(TypedDict):
    """One entry of a menu."""

    key: str
    label: str
    group: str


class Group(TypedDict):
    """Entries of a menu under a heading."""

    label: str
    options: list[Option]


class Problem(TypedDict):
    """A row that waits for a person."""

    number: int
    verdict: str
    cells: list[str]
    why: str
    like: bool
    record: str
    bad: list[str]


class Sample(TypedDict):
    """What one row would change."""

    number: int
    verdict: str
    name: str
    diff: list[str]


class Unknown(TypedDict):
    """A word that is no option."""

    column: str
    word: str
    n: int
    options: list[str]


class Made(TypedDict):
    """A record an import made or changed."""

    number: int
    verdict: str
    name: str
    href: str


class Reason(TypedDict):
    """Why rows were not taken, and how many."""

    text: str
    n: int
