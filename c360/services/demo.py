"""The demo: Northwind enlarged to about 2,000 customers, some of them twice; and its removal without a trace."""

import csv
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, exists, update
from sqlmodel import SQLModel, col, select

from c360.core.actor import EVERYTHING, SYSTEM, Actor
from c360.core.clock import utc_now
from c360.core.errors import Conflict
from c360.models.activity import Activity, ActivityCustomer
from c360.models.attachment import Attachment
from c360.models.customer import Customer
from c360.models.duplicate import DuplicateGroup, DuplicateModel, DuplicatePair
from c360.models.job import ImportBatch, ImportRow, Setting, StoredFile
from c360.models.journal import ChangeRow, ChangeSet
from c360.models.tag import Tag, Tagging
from c360.models.user import Team, TeamMember, User, UserRole
from c360.registry.marks import OnErase
from c360.services import (
    codes,
    demo_activities,
    demo_consents,
    demo_people,
    demo_relations,
    demo_shelves,
    mass,
    northwind,
)
from c360.services.imports import direct, files
from c360.services.privacy import reach
from c360.services.uow import UnitOfWork, ask, perform

KEY = "demo"
PEOPLE = 1_700
REST = 500
"""What comes after the people, measured as if it were rows of theirs."""
TEAMS = ("Demo North", "Demo South")
Report = Callable[[int, int], Any]


def is_loaded(uow: UnitOfWork) -> bool:
    """Tell whether the demo is there, all of it."""
    setting = _setting(uow)
    return setting is not None and "groups" in setting.value


def is_begun(uow: UnitOfWork) -> bool:
    """Tell whether the demo is there, all of it or what a load that was cut off left."""
    return _setting(uow) is not None


def load(progress: Report = lambda done, total: None) -> dict[str, Any]:
    """Load the demo and return what it holds; ``Conflict`` when it is there already.

    What a load that was cut off left behind goes first.
    """
    if ask(SYSTEM, is_loaded):
        raise Conflict("demo.there")
    if ask(SYSTEM, is_begun):
        remove()
    user_ids = perform(SYSTEM, _begin)
    actor = Actor(user_id=user_ids[1], name="Andrew Fuller", rights=EVERYTHING, roles=frozenset({"administrator"}))
    shift = 91 + 29 + 9
    whole = shift + PEOPLE + REST
    told = northwind.load(actor, demo=True, report=lambda done, _: progress(done, whole))
    rows = list(demo_people.people(PEOPLE))
    more, groups = demo_people.twins(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo people.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            writer: Any = csv.DictWriter(out, demo_people.HEADER, restval="")
            writer.writeheader()
            writer.writerows([*rows, *more])
        told["people"] = direct.run_file(
            actor, path, "contact", mapping={"on_duplicate": "create", "match": "external_id", "source": KEY},
            demo=True, report=lambda done, _: progress(shift + done, whole),
        )  # fmt: skip
    perform(actor, demo_relations.tie)
    perform(actor, _shelve)
    perform(actor, demo_consents.arrange)
    perform(actor, demo_activities.fill, user_ids)
    perform(SYSTEM, _end, groups)
    progress(whole, whole)
    return {name: batch["created"] for name, batch in told.items()}


def _begin(uow: UnitOfWork) -> list[UUID]:
    """Make the demo's users, in two teams, and keep who they are: what they own is the demo's."""
    user_ids = northwind.users(uow)
    for n, name in enumerate(TEAMS):
        team = uow.add(Team(name=name, comment="Demo"))
        uow.flush()
        for user_id in user_ids[n::2]:
            uow.add(TeamMember(team_id=team.id, user_id=user_id))
    uow.add(Setting(key=KEY, value={"users": [str(i) for i in user_ids]}))
    return user_ids


def _shelve(uow: UnitOfWork) -> None:
    """Make views, folders and a field, and keep which are the demo's."""
    made = demo_shelves.arrange(uow)
    setting = _known(uow)
    setting.value = {**setting.value, "shelves": made}


def _end(uow: UnitOfWork, groups: list[demo_people.Group]) -> None:
    """Show everybody the demo's tags, and keep which of its records are one person: now it is there."""
    setting = _known(uow)
    for tag in uow.session.exec(select(Tag).where(col(Tag.owner_id).in_(_owners(setting)))):
        tag.visibility = "public"
    kept = [{"kind": g.kind, "same": g.same, "ids": list(g.ids)} for g in groups]
    setting.value = {**setting.value, "groups": kept}


def groups(uow: UnitOfWork) -> list[dict[str, Any]]:
    """Return the labelled groups of the demo: external ids that are, or only seem, one person."""
    setting = _setting(uow)
    return list(setting.value.get("groups", [])) if setting else []


def _setting(uow: UnitOfWork) -> Setting | None:
    return uow.session.exec(select(Setting).where(Setting.key == KEY)).first()


def _known(uow: UnitOfWork) -> Setting:
    setting = _setting(uow)
    if setting is None:
        raise Conflict("demo.gone")
    return setting


def _owners(setting: Setting) -> list[UUID]:
    return [UUID(i) for i in setting.value["users"]]


def remove() -> dict[str, Any]:
    """Remove the demo and return what was removed, and what of the people's own stood in the way."""
    return perform(SYSTEM, take_away)


def take_away(uow: UnitOfWork) -> dict[str, Any]:
    """Remove the demo, also one that was loaded in part; see ``remove``."""
    setting = _known(uow)
    owners = _owners(setting)
    batches = uow.session.exec(select(ImportBatch.id).where(col(ImportBatch.owner_id).in_(owners))).all()
    ids = select(Customer.id).where(col(Customer.is_demo))
    told: dict[str, Any] = {"customers": len(uow.session.exec(ids).all()), "freed": _free(uow, ids)}
    _erase_journal(uow, ids, owners)
    acts = uow.session.exec(
        select(ActivityCustomer.activity_id).where(col(ActivityCustomer.customer_id).in_(ids))
    ).all()
    _parts(uow, ids)
    _activities(uow, acts)
    _findings(uow)
    uow.session.execute(delete(Customer).where(col(Customer.is_demo)))
    keys = uow.session.exec(select(ImportBatch.file_key).where(col(ImportBatch.id).in_(batches))).all()
    uow.session.execute(delete(ImportRow).where(col(ImportRow.batch_id).in_(batches)))
    uow.session.execute(delete(ImportBatch).where(col(ImportBatch.id).in_(batches)))
    for key in keys:
        uow.after_commit(lambda key=key: files.discard(key))
    told["fields_kept"] = demo_shelves.clear(uow, setting.value.get("shelves", {}))
    told["tags_kept"] = _tags(uow, owners)
    told["users_kept"] = _users(uow, owners)
    # The counter of codes starts again: those still in use are passed over.
    uow.session.execute(delete(Setting).where(col(Setting.key).in_((KEY, codes.COUNTER))))
    uow.log("demo.removed", **{name: n for name, n in told.items() if isinstance(n, int)})
    return told


def _links(name: str) -> list[tuple[Table, Any]]:
    """Return every column of the schema that points at a table."""
    return [
        (table, key.parent)
        for table in SQLModel.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == name
    ]


def _free(uow: UnitOfWork, ids: Any) -> list[str]:
    """Take the demo out of records people made themselves, and name them."""
    freed: list[str] = []
    customer = SQLModel.metadata.tables["customer"]
    for table, column in _links("customer"):
        if table is customer:
            own = (column.in_(ids), customer.c.is_demo.is_(False))
            freed += uow.session.scalars(select(customer.c.name).where(*own)).all()
            uow.session.execute(update(customer).where(*own).values({column.name: None}))
    return sorted(set(freed))


def _parts(uow: UnitOfWork, ids: Any) -> None:
    """Delete what belongs to the demo's customers, their files too; a job of somebody's own only loses the link."""
    kept = {one.column for one in reach.mentions() if one.policy is OnErase.KEEP}
    for table, column in reversed(_links("customer")):
        if table.name == "customer":
            continue
        if column.nullable and column in kept:
            uow.session.execute(update(table).where(column.in_(ids)).values({column.name: None}))
        else:
            uow.session.execute(delete(table).where(column.in_(ids)))


def _activities(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
    """Delete activities that are with nobody any more, and their files."""
    alone = ~exists().where(col(ActivityCustomer.activity_id) == col(Activity.id))
    for part in mass.chunks(ids):
        gone = uow.session.exec(select(Activity.id).where(col(Activity.id).in_(part), alone)).all()
        hung = select(Attachment.id, Attachment.file_id).where(col(Attachment.record_id).in_(gone))
        papers = {one for pair in uow.session.exec(hung) for one in pair}
        _blank(uow, col(ChangeRow.record_id).in_({*gone, *papers}))
        uow.session.execute(delete(Attachment).where(col(Attachment.id).in_(papers)))
        uow.session.execute(delete(StoredFile).where(col(StoredFile.id).in_(papers)))
        uow.session.execute(update(Activity).where(col(Activity.follows_id).in_(gone)).values(follows_id=None))
        uow.session.execute(delete(Activity).where(col(Activity.id).in_(gone)))


def _findings(uow: UnitOfWork) -> None:
    """Delete the groups of duplicates nobody is left in, and what a search learned: the next one begins afresh."""
    alone = ~exists().where(col(DuplicatePair.group_id) == col(DuplicateGroup.id))
    uow.session.execute(delete(DuplicateGroup).where(alone))
    uow.session.execute(delete(DuplicateModel))


def _erase_journal(uow: UnitOfWork, ids: Any, users: list[UUID]) -> None:
    """Empty what the journal says of the demo; digests stay, so the chain still holds."""
    papers = select(StoredFile.id).where(col(StoredFile.customer_id).in_(ids))
    about = col(ChangeRow.customer_id).in_(ids) | col(ChangeRow.record_id).in_(users)
    about |= col(ChangeRow.record_id).in_(papers)
    sets = select(ChangeSet.id).where(col(ChangeSet.actor_id).in_(users))
    _blank(uow, about | col(ChangeRow.set_id).in_(sets))


def _blank(uow: UnitOfWork, test: ColumnElement[bool]) -> None:
    table = ChangeRow.__table__  # pyright: ignore[reportAttributeAccessIssue]
    uow.session.execute(update(table).where(test).values(before=None, after=None, salt=None))


def _tags(uow: UnitOfWork, owners: list[UUID]) -> int:
    """Delete the demo's tags; one somebody put on his own customer stays."""
    theirs = col(Tag.owner_id).in_(owners)
    uow.session.execute(delete(Tag).where(theirs, ~exists().where(col(Tagging.tag_id) == col(Tag.id))))
    return len(uow.session.exec(select(Tag.id).where(theirs)).all())


def _users(uow: UnitOfWork, users: list[UUID]) -> int:
    """Delete the demo's users and teams; one that owns something of somebody's own stays, disabled."""
    uow.session.execute(delete(TeamMember).where(col(TeamMember.user_id).in_(users)))
    empty = ~exists().where(col(TeamMember.team_id) == col(Team.id))
    uow.session.execute(delete(Team).where(col(Team.name).in_(TEAMS), empty))
    uow.session.execute(delete(UserRole).where(col(UserRole.user_id).in_(users)))
    kept = 0
    for user_id in users:
        used = [
            table.name
            for table, column in _links("user")
            if uow.session.execute(select(column).where(column == user_id).limit(1)).first()
        ]
        if used:
            kept += 1
            uow.session.execute(update(User).where(col(User.id) == user_id).values(disabled_at=utc_now()))
        else:
            uow.session.execute(delete(User).where(col(User.id) == user_id))
    return kept
