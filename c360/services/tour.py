"""The tour: five things to try with the demo, each done once the journal tells that its user did it."""

from dataclasses import dataclass

from sqlmodel import col, select

from c360.core.actor import Verb
from c360.models.customer import KINDS
from c360.models.journal import MERGED, UNMERGED, ChangeSet
from c360.services import demo
from c360.services.uow import UnitOfWork

STEPS = {
    "view": ("view.created",),
    "change": tuple(f"{kind}.updated" for kind in KINDS),
    "record": ("activity.recorded", "activity.planned"),
    "merge": MERGED,
    "unmerge": UNMERGED,
}
"""The steps in their order, each with the acts that do it."""
RIGHTS = {
    "change": (Verb.UPDATE, KINDS), "record": (Verb.CREATE, ("activity",)), "merge": (Verb.MERGE, KINDS),
    "unmerge": (Verb.UNMERGE, KINDS),
}  # fmt: skip
"""What a step takes; anybody who reads customers may keep a view of them."""


@dataclass(slots=True)
class Step:
    """A thing to try: where to, empty when it is done or nothing is there to try it on, and whether it is done."""

    key: str = ""
    href: str = ""
    done: bool = False


def steps(uow: UnitOfWork) -> list[Step]:
    """Return what of the tour the actor may do, nothing where the demo is not there or he has done it all."""
    if not demo.is_loaded(uow):
        return []
    mine = col(ChangeSet.actor_id) == uow.actor.user_id
    acts = [act for key in STEPS for act in STEPS[key]]
    did = set(uow.session.exec(select(ChangeSet.action).where(mine, col(ChangeSet.action).in_(acts)).distinct()))
    merges = select(ChangeSet.id).where(mine, col(ChangeSet.action).in_(MERGED))
    merge_id = uow.session.exec(merges.order_by(col(ChangeSet.seq).desc()).limit(1)).first()
    ways = {"view": "/customers", "change": "/customers", "record": "/customers", "merge": "/duplicates"}
    if merge_id:
        ways["unmerge"] = f"/unmerge/{merge_id}"
    done = {key for key, acts in STEPS.items() if not did.isdisjoint(acts)}
    found = [Step(key, "" if key in done else ways.get(key, ""), key in done) for key in STEPS if _may(uow, key)]
    return [] if all(step.done for step in found) else found


def _may(uow: UnitOfWork, key: str) -> bool:
    verb, entities = RIGHTS.get(key, (Verb.READ, KINDS))
    return any(uow.actor.may(verb, entity) for entity in entities)
