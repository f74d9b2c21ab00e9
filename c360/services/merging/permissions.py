"""What a merge does to permissions: each purpose on each medium as the participants have it, and the survivor after."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from c360.models.customer import Customer
from c360.services import names, references
from c360.services.consents import asking, matrix, purposes
from c360.services.merging.shapes import Permission, Stand
from c360.services.uow import UnitOfWork

Standing = dict[tuple[UUID, str], Stand]
"""By purpose and medium."""


def standing(uow: UnitOfWork, ids: Sequence[UUID], reader: UnitOfWork | None = None) -> list[Standing]:
    """Return what each of these customers allows now, in their order, as ``reader`` may know it, if somebody else."""
    reader = reader or uow
    people = {one.id: one for one in uow.session.exec(select(Customer).where(col(Customer.id).in_(ids)))}
    subjects = asking.subjects(uow, list(people.values()), reader)
    asked = [(purpose, medium) for purpose in purposes.offered(uow) for medium in purpose.media]
    found = []
    for one in ids:
        cells = {
            (purpose.id, medium): matrix.cell(subjects[one], purpose, medium, reader.actor.language)
            for purpose, medium in asked
        }
        called = references.called(reader, people[one].kind, people[one])
        found.append({key: Stand(called, cell.state, cell.why) for key, cell in cells.items()})
    return found


def compared(uow: UnitOfWork, before: Sequence[Standing], after: Standing) -> tuple[Permission, ...]:
    """Return every purpose and medium on which the participants differ from each other or from what will hold."""
    called = {one.id: one.name for one in purposes.offered(uow)}
    return tuple(
        Permission(
            called[purpose],
            names.option("medium", medium, uow.actor.language),
            [one[purpose, medium] for one in before],
            stand,
        )
        for (purpose, medium), stand in after.items()
        if len({stand.state, *(one[purpose, medium].state for one in before)}) > 1
    )
