"""Finding duplicates in a file on its own, touching no database."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from c360.core.i18n import text
from c360.matching import engine, grouped
from c360.matching.comparison import fields
from c360.services.duplicates import columns, telling

HEADINGS = ("id_a", "id_b", "score", "explanation")
SHOWN_SHARED = 5


@dataclass(slots=True)
class Answer:
    """What a comparison of a file came to; ``said`` are sentences about what could not be told."""

    rows: int
    pairs: int
    groups: int
    columns: dict[str, str]
    said: list[str] = field(default_factory=list)


def match_file(
    path: Path, entity: str, id_column: str, out: Path, *, threshold: float = engine.THRESHOLD,
    said: Mapping[str, str] | None = None, language: str = "en", step: Callable[[str], None] = lambda _: None,
) -> Answer:  # fmt: skip
    """Compare the rows of a file and write the pairs of its groups; ids are as in the file."""
    step("read")
    table, ids, used = columns.read(path, entity, id_column, said or {})
    compared = engine.match(table, entity, threshold, step=step)
    step("write")
    written = 0
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for pair in grouped.pairs(compared):
            why = telling.sentence(pair.why, language)
            if pair.through is not None:
                why = text(language, "duplicate.through", record=ids[pair.through], why=why)
            writer.writerow((ids[pair.left], ids[pair.right], f"{pair.why.score:.4f}", why))
            written += 1
    return Answer(table.size, written, len(grouped.groups(compared)), used, list(_remarks(compared, written, language)))


def _remarks(compared: engine.Compared, pairs: int, language: str) -> list[str]:
    names = [text(language, f"duplicate.field.{one.name}") for one in compared.fields]
    found = []
    if len(compared.prepared.collapsed.record) < 2:
        found.append(text(language, "duplicate.nothing.rows"))
    elif not names:
        found.append(text(language, "duplicate.nothing.columns"))
    elif not fields.can_tell(compared.fields):
        found.append(text(language, "duplicate.nothing.one", field=", ".join(names)))
    elif not pairs:
        found.append(text(language, "duplicate.nothing.found"))
    for name, value, times in compared.prepared.shared[:SHOWN_SHARED]:
        label = text(language, f"duplicate.field.{name}")
        found.append(text(language, "duplicate.shared", field=label, value=value, times=times))
    return found
