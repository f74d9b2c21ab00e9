"""The feed of a customer: posts, comments and likes, and colleagues who are told because they were mentioned."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import SYSTEM, Verb
from c360.core.errors import Invalid
from c360.models.customer import Customer
from c360.models.post import LONGEST, Post, PostComment, PostLike
from c360.models.user import User
from c360.query.scope import reach
from c360.registry.entity import entity_for
from c360.services import notifications, records, users
from c360.services.actors import actor_for
from c360.services.uow import UnitOfWork, perform

MARK = "@"


def post(uow: UnitOfWork, customer_id: UUID, text: str) -> UUID:
    """Post something on a customer the actor sees; who is mentioned and sees him too is told."""
    customer = uow.get("customer", customer_id)
    made = uow.add(Post(customer_id=customer_id, text=_text(text)))
    made.mentioned = [str(one) for one in _tell(uow, customer, text)]
    uow.log("post.created")
    return made.id


def comment(uow: UnitOfWork, post_id: UUID, text: str) -> UUID:
    """Answer a post; its author is told, as are those mentioned."""
    above: Post = uow.get("post", post_id)
    customer = uow.get("customer", above.customer_id)
    made = uow.add(PostComment(customer_id=above.customer_id, post_id=post_id, text=_text(text)))
    told = _tell(uow, customer, text)
    made.mentioned = [str(one) for one in told]
    if above.created_by_id and above.created_by_id not in (uow.actor.user_id, *told):
        _notify(uow, customer, above.created_by_id, "feed.answered")
    uow.log("post_comment.created")
    return made.id


def like(uow: UnitOfWork, post_id: UUID) -> bool:
    """Like a post, or take the like back; return whether it is liked now."""
    above: Post = uow.get("post", post_id)
    me = users.oneself(uow)
    mine = uow.select("post_like", archived=True).where(PostLike.post_id == post_id, PostLike.user_id == me)
    found = uow.session.exec(mine).first()
    if found is not None:
        uow.session.delete(found)
        return False
    uow.add(PostLike(customer_id=above.customer_id, post_id=post_id, user_id=me))
    return True


def remove(uow: UnitOfWork, key: str, record_id: UUID) -> None:
    """Take one's own post or comment back."""
    if key not in ("post", "post_comment"):
        raise Invalid.field("key", "error.invalid")
    records.archive(uow, key, record_id)


def mentioned(uow: UnitOfWork, text: str) -> list[UUID]:
    """Return the users a text mentions: an @ and the whole name, whatever the case."""
    if MARK not in text:
        return []
    people = select(User.id, User.name).where(col(User.disabled_at).is_(None), col(User.archived_at).is_(None))
    rest, found = text.casefold(), []
    for user_id, name in sorted(uow.session.exec(people), key=lambda row: -len(row[1])):
        called = f"{MARK}{name.casefold()}"
        if called in rest:
            # Who has a longer name is looked for first, so that "@Ann Lee" is not also an "@Ann".
            rest = rest.replace(called, " ")
            found.append(user_id)
    return found


def _text(text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid.field("text", "feed.empty")
    if len(text) > LONGEST:
        raise Invalid.field("text", "error.long", max=LONGEST)
    return text


def _tell(uow: UnitOfWork, customer: Any, text: str) -> list[UUID]:
    """Tell those a text mentions, as far as they may know of the customer; return who they are."""
    found = [one for one in mentioned(uow, text) if one != uow.actor.user_id]
    return [one for one in found if _notify(uow, customer, one, "feed.mentioned")]


def _notify(uow: UnitOfWork, customer: Any, user_id: UUID, message: str) -> bool:
    actor = actor_for(uow.session, user_id)
    if actor is None:
        return False
    seen = select(Customer.id).where(Customer.id == customer.id, reach(entity_for("customer"), actor, Verb.READ))
    if uow.session.exec(seen).first() is None:
        return False
    told = {"href": f"/{customer.kind}/{customer.id}/timeline", "who": uow.actor.name, "name": customer.name}
    uow.after_commit(lambda: perform(SYSTEM, notifications.tell, user_id, message, **told))
    return True
