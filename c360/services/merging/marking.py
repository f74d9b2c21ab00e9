"""After the rows have come: one primary of each kind, one main address, one main job, and the customer's own columns.

They follow from what was picked: the picked e-mail is the primary one, the picked address the main one.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.ids import new_id
from c360.models.address import UNIQUE_ROLES, Address
from c360.models.bank_account import BankAccount
from c360.models.communication import Communication, normalised
from c360.models.contact_person import ContactPerson
from c360.models.employment import Employment
from c360.models.relationship import Relation
from c360.query.expressions import plain
from c360.registry.entity import entity_for
from c360.services import mass
from c360.services.mass import Change
from c360.services.merging.lines import Resolved
from c360.services.merging.shapes import APPEND
from c360.services.merging.work import Fold, write
from c360.services.rules.communications import MIRRORED
from c360.services.rules.employments import SHARED

Values = dict[str, Any]
MARKED = (
    ("communication", "customer_id", "family"), ("address", "customer_id", ""), ("bank_account", "customer_id", ""),
    ("contact_person", "account_id", ""), ("employment", "contact_id", ""),
)  # fmt: skip
"""Tables in which one row of a customer is the main one, or one of each kind."""
FOLLOWING = {"communication": tuple(MIRRORED.values()), "address": ("city", "country")}
"""The customer's own columns that say what the main row says."""


def settle(work: Fold, resolved: Resolved) -> None:
    """Give out the marks and correct the survivor's values where they follow from his rows."""
    values = resolved.values
    work.uow.session.expire_all()
    _options(work, values)
    _places(work, values, resolved.home or work.survivor_id)
    _one_main(work, BankAccount, "bank_account", "customer_id", "is_main")
    _one_main(work, ContactPerson, "contact_person", "account_id", "is_primary", resolved.contact)
    if work.people.entity.key == "contact":
        _jobs(work, values)
    else:
        _one_relay(work)


def _rows(work: Fold, model: Any, parent: str) -> list[Any]:
    """Return the survivor's live rows of a table, his own before those that came, each participant's by age."""
    found = select(model).where(getattr(model, parent) == work.survivor_id, col(model.archived_at).is_(None))
    rank = {record.id: n for n, record in enumerate(work.people.ranked)}
    rows = work.uow.session.exec(found.execution_options(populate_existing=True)).all()
    return sorted(
        rows, key=lambda row: (rank.get(work.origin.get(row.id, work.survivor_id), 0), row.created_at, row.id)
    )


def _mark(work: Fold, key: str, rows: Sequence[Any], mark: str, chosen: Any) -> None:
    """Set a flag on one row and take it from the others."""
    entity = entity_for(key)
    write(work, [
        Change(entity, row.id, row.version, {mark: getattr(row, mark)}, {mark: row is chosen}, work.survivor_id)
        for row in rows if getattr(row, mark) is not (row is chosen)
    ])  # fmt: skip


def _one_main(work: Fold, model: Any, key: str, parent: str, mark: str, contact: UUID | None = None) -> None:
    """Leave one row marked: that of the picked contact, else the first that was."""
    rows = _rows(work, model, parent)
    if rows:
        picked = next((row for row in rows if contact and row.contact_id == contact), None)
        _mark(work, key, rows, mark, picked or next((row for row in rows if getattr(row, mark)), rows[0]))


def _one_relay(work: Fold) -> None:
    """Keep one primary relay, the survivor's before those that came; an organisation may have none."""
    others = [row for row in _rows(work, Relation, "to_id") if row.is_primary][1:]
    write(work, [
        Change(entity_for("relation"), row.id, row.version, {"is_primary": True}, {"is_primary": False}, row.from_id)
        for row in others
    ])  # fmt: skip


def _options(work: Fold, values: Values) -> None:
    """Unite e-mails, phones and pages, those included that stand in a customer's own column alone."""
    rows = _rows(work, Communication, "customer_id")
    for family in dict.fromkeys([*MIRRORED, *(row.family for row in rows)]):
        mine = [row for row in rows if row.family == family]
        name = MIRRORED.get(family, "")
        if name:
            mine += _written_down(work, family, name, values.get(name), mine)
        if not mine:
            continue
        wanted = normalised(family, values.get(name) or "") if name else ""
        usable = [row for row in mine if not row.do_not_use] or mine
        named = next((row for row in mine if wanted and row.normalised == wanted), None)
        chosen = named or next((row for row in usable if row.is_primary), usable[0])
        _mark(work, "communication", mine, "is_primary", chosen)
        if name:
            values[name] = chosen.value


def _written_down(work: Fold, family: str, name: str, wanted: Any, rows: Sequence[Any]) -> list[Communication]:
    """Give an option to what only a participant's own column told, as soon as there are two."""
    only = work.choices.collections.get(f"communication.{family}", APPEND)
    people = [one for one in work.people.ranked if only in (APPEND, str(one.id))]
    told = dict.fromkeys(filter(None, (wanted, *(getattr(one, name) for one in people))))
    known, new = {row.normalised for row in rows}, []
    for value in told:
        form = normalised(family, value)
        if form not in known:
            known.add(form)
            new.append({"id": new_id(), "customer_id": work.survivor_id, "family": family, "value": value,
                        "normalised": form, "is_primary": False})  # fmt: skip
    if len(known) < 2 and not rows:
        return []
    if not new:
        return []
    mass.add(work.uow, entity_for("communication"), new, customer="customer_id")
    return [row for row in _rows(work, Communication, "customer_id") if row.id in {one["id"] for one in new}]


def _places(work: Fold, values: Values, home: UUID) -> None:
    """Keep one address of each role that is one of a kind; the customer's city and country are the main one's."""
    rows = _rows(work, Address, "customer_id")
    rows.sort(key=lambda row: work.origin.get(row.id, work.survivor_id) != home)
    changes = []
    for role in UNIQUE_ROLES:
        for row in [row for row in rows if row.role == role][1:]:
            changes.append(Change(entity_for("address"), row.id, row.version, {"role": role}, {"role": "other"},
                                  work.survivor_id))  # fmt: skip
    write(work, changes)
    if rows:
        main = next((row for row in rows if row.role == "main"), rows[0])
        values["city"], values["country"] = main.city, main.country


def _jobs(work: Fold, values: Values) -> None:
    """Make the job that was picked the main one; it says the same as the contact's own columns."""
    rows = [row for row in _rows(work, Employment, "contact_id") if row.is_current]
    said = {name: values.get(name) for name in SHARED}
    if not rows:
        return
    if not any(said.values()):
        said = _said(next((row for row in rows if row.is_main), rows[0]))
    same = next((row for row in rows if _said(row) == said), None)
    if same is None:
        same = next((row for row in rows if row.account_id == said["employer_id"] and row.is_main), None)
        if same is None:
            new = {"id": new_id(), "contact_id": work.survivor_id, "is_current": True, "is_main": True,
                   **{column: said[name] for name, column in SHARED.items()}}  # fmt: skip
            mass.add(work.uow, entity_for("employment"), [new], customer="contact_id")
        else:
            said = _said(same)
    _mark(work, "employment", rows, "is_main", same)
    values |= said


def _said(job: Employment) -> Mapping[str, Any]:
    return {name: getattr(job, column) for name, column in SHARED.items()}


def survivor(work: Fold, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Write the survivor's fields that change; return each with its former and its new value."""
    record = work.uow.session.get_one(type(work.people.survivor), work.survivor_id, populate_existing=True)
    custom = dict(record.custom or {})
    changed: dict[str, tuple[Any, Any]] = {}
    for name, value in values.items():
        own = name.startswith("custom.")
        former = custom.get(name[7:]) if own else getattr(record, name)
        if plain(former) != plain(value) and (former or value or former != value):
            changed[name] = (former, value)
    if changed:
        before, after = ({n: plain(pair[side]) for n, pair in changed.items()} for side in (0, 1))
        write(work, [Change(work.people.entity, record.id, record.version, before, after, record.id, custom)])
    return changed
