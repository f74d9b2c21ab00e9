"""The one question behind every door: which customers may be the same as records that are not kept yet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import Session

from c360.matching import generic
from c360.matching.keys import Row
from c360.matching.normalise import reach
from c360.services.duplicates import keys, scoping, sources, weighing
from c360.services.duplicates.rules import Rules
from c360.services.duplicates.unkept import Unkept

if TYPE_CHECKING:
    from c360.matching.online import Weighed


@dataclass(frozen=True, slots=True)
class Alike:
    """Who is like one record: each weighed against it, with the names of the keys both share."""

    hits: dict[UUID, "Weighed"] = field(default_factory=dict)
    shared: dict[UUID, set[str]] = field(default_factory=dict)

    def best(self) -> list[UUID]:
        """Return them, the likeliest first."""
        return sorted(self.hits, key=lambda one: (-self.hits[one].why.score, str(one)))


def alike(
    session: Session, entity: str, rows: Sequence[Row], who: Sequence[Unkept], by: Rules, *, but: Collection[UUID] = (),
    before: datetime | None = None,
) -> list[Alike]:  # fmt: skip
    """Return for each record who is like it by these rules, whoever may see them; ``before`` leaves out who is new.

    ``who`` tells of each record what the scopes of the rules read of it.
    """
    rows = [generic.row(one, by.generic) for one in rows]
    found = [Alike(shared=shared) for shared in keys.sharing(session, entity, rows)]
    for one in but:
        for told in found:
            told.shared.pop(one, None)
    known = sources.rows(session, entity, {one for told in found for one in told.shared}, before=before)
    table, pairs, ids = list(rows), [], list[UUID]()
    places: dict[tuple[UUID, str | None, str | None], int] = {}
    for number, told in enumerate(found):
        for one in told.shared:
            if one not in known:
                continue
            other = _closest(rows[number], known[one])
            place = places.setdefault((one, other.texts.get("email"), other.texts.get("phone")), len(table))
            if place == len(table):
                table.append(other)
                ids.append(one)
            pairs.append((number, place))
    asked = scoping.asked(session, entity, by, [*who, *ids]) if pairs else []
    for one in weighing.weigh(session, entity, weighing.table(entity, table), pairs, by, asked, by.ask):
        found[one.left].hits[ids[one.right - len(rows)]] = one
    return found


def _closest(row: Row, other: Row) -> Row:
    """Return a record with that e-mail address and phone number of its own that the first one has too."""
    found = dict(other.texts)
    for name, many, tell in (("email", other.emails, reach.email), ("phone", other.phones, reach.phone)):
        wanted = tell(row.texts.get(name) or "")
        found[name] = next((one for one in many if wanted and tell(one) == wanted), found.get(name))
    return replace(other, texts=found)
