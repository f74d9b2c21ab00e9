"""Asking the owner of a customer one may not open, and answering: neither tells the asker who the customer is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from limits import parse
from sqlalchemy import delete, update
from sqlmodel import col, func, or_, select

from c360.core.actor import SYSTEM, Verb
from c360.core.clock import utc_now
from c360.core.config import settings
from c360.core.errors import Forbidden, Invalid, NotFound, TooMany
from c360.models.customer import Customer
from c360.models.enquiry import ANSWERED, DECLINED, OPEN, DuplicateEnquiry
from c360.models.user import User
from c360.query.scope import reach
from c360.registry.entity import entity_for
from c360.services import limiting, notifications, references
from c360.services.actors import actor_for
from c360.services.duplicates import check
from c360.services.merging import approvers
from c360.services.uow import UnitOfWork, perform

PLACE = "/duplicates/enquiries"
LONGEST, LISTED, TOLD = 500, 100, 20
DAY, KEPT, UNANSWERED = timedelta(days=1), timedelta(days=30), timedelta(days=180)
"""A customer is asked about once a day; an answer is kept this long, a question nobody answers the longer time."""


@dataclass(slots=True)
class EnquiryLine:
    """A question as the page shows it; of one's own ``mine`` it says nothing of the customer."""

    id: str
    mine: bool
    name: str
    href: str
    shared: str
    who: str
    words: str
    at: str
    state: str
    answer: str
    by: str


def send(
    uow: UnitOfWork, entity: str, values: Mapping[str, str], mine: UUID | None, words: str, *, door: str = "typing"
) -> None:
    """Ask the owners of those these values are like and the actor may not open.

    What comes back is the same whether anybody was asked, and whether he was asked before.
    """
    asker, words = uow.actor.user_id, words.strip()
    if asker is None:
        raise Forbidden("enquiry.person")
    if len(words) > LONGEST:
        raise Invalid.field("words", "enquiry.long", n=LONGEST)
    most = int(settings().duplicate_enquiries)
    if not limiting.limiter().hit(parse(f"{most}/day"), "duplicate.enquiry", str(asker)):
        raise TooMany("enquiry.many", n=most)
    found = check.hidden(uow, entity, values, mine, door=door)
    made = [
        DuplicateEnquiry(customer_id=one, shared=shared, words=words, asked_by_id=asker)
        for one, shared in found.items() if one not in _asked(uow, asker)
    ]  # fmt: skip
    uow.session.add_all(made)
    for row in made:
        uow.saw("duplicate.enquired", entity, row.customer_id)
        tell: Any = partial(perform, SYSTEM, _tell, row.id)
        uow.after_commit(tell)
    uow.log("duplicate.enquiry.asked", enquiries=[str(row.id) for row in made])


def _asked(uow: UnitOfWork, asker: UUID) -> set[UUID]:
    """Return whom the asker asked about within a day, or without an answer yet."""
    row = DuplicateEnquiry
    recent = or_(col(row.asked_at) > utc_now() - DAY, col(row.state) == OPEN)
    return set(uow.session.exec(select(row.customer_id).where(row.asked_by_id == asker, recent)))


def _tell(uow: UnitOfWork, enquiry_id: UUID) -> None:
    """Leave a notice to the customer's owner or, where he is not there any more, to others who may answer."""
    row = uow.session.get_one(DuplicateEnquiry, enquiry_id)
    customer, asker = uow.session.get_one(Customer, row.customer_id), uow.session.get_one(User, row.asked_by_id)
    wide = select(User.id).where(col(User.id).in_(approvers.beyond_own(uow.session, customer.kind, Verb.UPDATE)))
    told = 0
    for user_id in (customer.owner_id, *uow.session.exec(wide.order_by(col(User.id)))):
        if user_id != asker.id and _may_answer(uow, user_id, customer.id):
            notifications.tell(uow, user_id, "enquiry.asked", href=PLACE, who=asker.name, records=[str(customer.id)])
            told += 1
            if user_id == customer.owner_id or told == TOLD:
                return


def _may_answer(uow: UnitOfWork, user_id: UUID, customer_id: UUID) -> bool:
    actor = actor_for(uow.session, user_id)
    rights = [reach(entity_for("customer"), actor, verb) for verb in (Verb.READ, Verb.UPDATE)] if actor else []
    here = select(Customer.id).where(Customer.id == customer_id, *rights)
    return actor is not None and uow.session.exec(here).first() is not None


def listed(uow: UnitOfWork) -> list[EnquiryLine]:
    """Return the questions that wait for the actor's answer and those he asked himself, the open ones first."""
    row = DuplicateEnquiry
    query = select(row).where(_mine(uow) | (_answerable(uow) & (col(row.state) == OPEN)))
    rows = uow.session.exec(query.order_by(col(row.state) != OPEN, col(row.asked_at).desc()).limit(LISTED)).all()
    asked = {one.customer_id for one in rows if one.asked_by_id != uow.actor.user_id}
    found = uow.session.exec(uow.select("customer").where(col(Customer.id).in_(asked))).all()
    names = references.titles(uow, "customer", asked)
    if asked:
        uow.saw("duplicate.enquiries", "customer", ids=[str(one) for one in asked])
    people = references.titles(
        uow, "user", {one for row in rows for one in (row.asked_by_id, row.decided_by_id) if one}
    )
    places = {one.id: f"/{one.kind}/{one.id}/summary" for one in found}
    return [_line(uow, one, names, places, people) for one in rows]


def _line(
    uow: UnitOfWork, row: DuplicateEnquiry, names: Mapping[UUID, str], places: Mapping[UUID, str],
    people: Mapping[UUID, str],
) -> EnquiryLine:  # fmt: skip
    mine = row.asked_by_id == uow.actor.user_id
    about = ("", "", "") if mine else (
        names.get(row.customer_id, references.NAMELESS), places.get(row.customer_id, ""), row.shared
    )  # fmt: skip
    by = people.get(row.decided_by_id, "") if row.decided_by_id else ""
    who, at = people.get(row.asked_by_id, ""), row.asked_at.isoformat()
    return EnquiryLine(str(row.id), mine, *about, who, row.words, at, row.state, row.answer, by)


def waiting(uow: UnitOfWork) -> int:
    """Return how many questions wait for the actor's answer."""
    here = (col(DuplicateEnquiry.state) == OPEN, ~_mine(uow), _answerable(uow))
    return uow.session.exec(select(func.count()).select_from(DuplicateEnquiry).where(*here)).one()


def answer(uow: UnitOfWork, enquiry_id: UUID, words: str, *, declined: bool = False) -> None:
    """Answer another's question with a sentence, or decline to, with or without one."""
    words = words.strip()
    if len(words) > LONGEST or not (words or declined):
        raise Invalid.field("words", "enquiry.words", n=LONGEST)
    row = DuplicateEnquiry
    here = (row.id == enquiry_id, col(row.state) == OPEN, ~_mine(uow), _answerable(uow))
    found = uow.session.exec(select(row).where(*here).with_for_update()).first()
    if found is None or uow.actor.user_id is None:
        raise NotFound("enquiry.gone")
    state = DECLINED if declined else ANSWERED
    values = {"state": state, "answer": words, "decided_at": utc_now(), "decided_by_id": uow.actor.user_id}
    uow.session.execute(update(row).where(col(row.id) == enquiry_id).values(**values))
    uow.log(f"duplicate.enquiry.{state}", enquiry=str(enquiry_id))
    tell: Any = partial(
        perform, SYSTEM, notifications.tell, found.asked_by_id, f"enquiry.{state}", href=PLACE, who=uow.actor.name
    )
    uow.after_commit(tell)


def stale(uow: UnitOfWork) -> bool:
    """Tell whether there are questions that were kept long enough."""
    return uow.session.exec(select(DuplicateEnquiry.id).where(_old()).limit(1)).first() is not None


def sweep(uow: UnitOfWork) -> None:
    """Forget questions that were kept long enough."""
    uow.session.execute(delete(DuplicateEnquiry).where(_old()).execution_options(synchronize_session=False))


def _old() -> Any:
    now, row = utc_now(), DuplicateEnquiry
    return or_(col(row.decided_at) < now - KEPT, col(row.asked_at) < now - UNANSWERED)


def _mine(uow: UnitOfWork) -> Any:
    return col(DuplicateEnquiry.asked_by_id) == uow.actor.user_id


def _answerable(uow: UnitOfWork) -> Any:
    """Return the test that the customer of a question is one the actor may change."""
    one = uow.select("customer").where(col(Customer.id) == col(DuplicateEnquiry.customer_id))
    return one.where(reach(entity_for("customer"), uow.actor, Verb.UPDATE)).correlate(DuplicateEnquiry).exists()
