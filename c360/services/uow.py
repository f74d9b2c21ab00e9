"""One click, one unit of work, one transaction: the only place that commits."""

from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, UpdateBase, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from c360.core import home
from c360.core.actor import Actor, Verb
from c360.core.db import engine
from c360.core.errors import Conflict, Forbidden, NotFound
from c360.models.customer import Customer
from c360.models.journal import AccessEntry, ChangeSet
from c360.models.view import Folder
from c360.query.complete import complete
from c360.query.criteria import Criteria, Reader, from_json, where
from c360.query.scope import BOTH, reach, visible
from c360.registry.entity import FieldSpec, entity_for, entity_of
from c360.registry.record import Row
from c360.services import constraints, counters, fields, journal, loops, merged, references, rights, search, settings
from c360.services.duplicates import groups, keys
from c360.services.privacy import suppressions

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class UnitOfWork:
    """A session and its actor: every read is scoped, every write is checked and journaled."""

    session: Session
    actor: Actor
    draft: journal.Draft
    effects: list[Callable[[], Any]] = field(default_factory=list)
    seen: list[AccessEntry] = field(default_factory=list)

    def fields(self, key: str) -> Mapping[str, FieldSpec]:
        """Return the fields of an entity this actor may read, those of administrators included."""
        return fields.readable(self.session, entity_for(key), self.actor)

    def select(self, key: str, *, archived: bool = False, inactive: bool = True) -> SelectOfScalar[Any]:
        """Start a query on the rows of an entity this actor may see."""
        return visible(entity_for(key), self.actor, archived=archived, inactive=inactive)

    def where(
        self, key: str, criteria: Criteria, *, inside: Collection[UUID] = (), model: Any = None
    ) -> ColumnElement[bool]:
        """Compile criteria as this actor may ask them; ``inside`` names the folder whose rule they are.

        They test the entity's table, or the ``model`` that is given, which stands for it.
        """
        reader = Reader(self.actor, self.fields, self._rule, frozenset(inside))
        return where(entity_for(key), criteria, reader, model)

    def _rule(self, folder_id: UUID) -> tuple[str, Criteria] | None:
        found = self.session.exec(self.select("folder").where(col(Folder.id) == folder_id)).one_or_none()
        if found is None or found.mode != "dynamic":
            return None
        return found.entity, complete(from_json(found.criteria))

    def get(self, key: str, record_id: UUID, verb: Verb = Verb.READ, *, archived: bool = False) -> Any:
        """Load one visible record; ``NotFound`` outside the reach, ``Forbidden`` when the verb does not reach it."""
        entity = entity_for(key)
        model: Any = entity.model
        record = self.session.exec(self.select(key, archived=archived).where(model.id == record_id)).one_or_none()
        if record is None:
            raise NotFound("error.not_found", entity=entity.label)
        if verb is not Verb.READ:
            allowed = select(model.id).where(model.id == record_id, reach(entity, self.actor, verb))
            if self.session.exec(allowed).first() is None:
                raise Forbidden("error.forbidden", verb=verb.value, entity=entity.label)
        if verb is Verb.UPDATE:
            rights.check_kept(self.actor, record)
        return record

    def must_see(self, key: str, record_id: UUID, *, archived: bool = False) -> None:
        """Raise ``NotFound`` unless the record is visible; it is not loaded."""
        model: Any = entity_for(key).model
        seen = self.select(key, archived=archived).with_only_columns(model.id).where(model.id == record_id)
        if self.session.execute(seen).first() is None:
            raise NotFound("error.not_found", entity=entity_for(key).label)

    def require(self, verb: Verb, key: str) -> None:
        """Raise ``Forbidden`` unless the actor may do this to some record of the entity."""
        if not any(self.actor.may(verb, part) for part in (BOTH if key == "customer" else (key,))):
            raise Forbidden("error.forbidden", verb=verb.value, entity=entity_for(key).label)

    def add(self, record: Row) -> Any:
        """Add a new record to this unit of work and return it."""
        self.session.add(record)
        return record

    def saw(self, act: str, key: str, record_id: UUID | None = None, **details: Any) -> None:
        """Log a read of personal data: nothing is answered unless the entry is safe."""
        details |= {"api_key": str(self.actor.key_id)} if self.actor.key_id else {}
        self.seen.append(
            AccessEntry(actor_id=self.actor.user_id, act=act, entity=key, record_id=record_id, details=details)
        )

    def log(self, action: str, **details: Any) -> None:
        """Name this unit of work in the journal, with details that hold no personal data."""
        self.draft.action = action
        self.draft.details.update(details)

    def after_commit(self, effect: Callable[[], Any]) -> None:
        """Run an effect outside the database once the work is safe on disk."""
        self.effects.append(effect)

    def flush(self) -> None:
        """Write what is pending, so that its rules speak now."""
        with constraints.explained(self.session, self.actor):
            # Links are no relationships, so the ORM does not know that a customer goes in before what hangs on it.
            late = [row for row in self.session.new if _hangs(row)]
            if late and any(isinstance(row, Customer) for row in self.session.new):
                for row in late:
                    self.session.expunge(row)
                self.session.flush()
                self.session.add_all(late)
            self.session.flush()


def _hangs(row: Any) -> bool:
    entity = entity_of(row) if isinstance(row, Row) else None
    return entity is not None and entity.within is not None


def _written(session: Session, draft: journal.Draft) -> None:
    session.info.pop(references.PEOPLE, None)
    journal.record(session, draft)


@contextmanager
def unit_of_work(
    actor: Actor, *, cause_id: UUID | None = None, key: str | None = None, reads: bool = False
) -> Generator[UnitOfWork]:
    """Commit on leaving, roll back on any error.

    ``cause_id`` ties the change set to a larger act (a job), ``key`` makes it happen once however often it is sent.
    A unit that only ``reads`` takes no write lock and cannot change anything.
    """
    bind = engine().execution_options(postgresql_readonly=True) if reads else engine()
    draft = journal.Draft(actor, cause_id=cause_id, idempotency_key=key)
    with (
        Session(bind, expire_on_commit=False, autoflush=False) as session,
        home.at_home(lambda: settings.read(session).country),
    ):
        uow = UnitOfWork(session, actor, draft)
        event.listen(session, "before_flush", lambda *_: _written(session, draft))
        try:
            yield uow
            if not reads:
                session.add_all(uow.seen)
                finish(uow)
                journal.seal(session, draft)
                session.commit()
        except StaleDataError as error:
            raise Conflict("error.stale") from error
        except IntegrityError as error:
            raise constraints.explain(session, actor, error) from error
    if reads and uow.seen:
        _keep(uow.seen)
    for effect in uow.effects:
        effect()


def finish(uow: UnitOfWork) -> None:
    """Write what is pending and what follows from it, and let the rules that look at the whole speak."""
    session, draft = uow.session, uow.draft
    uow.flush()
    rights.keep_an_administrator(session, draft.rows.values())
    loops.refuse(session, draft.rows.values())
    merged.refuse_late(session, draft.rows.values())
    search.refresh(session, draft.customers)
    keys.refresh(session, draft.customers)
    groups.leave(session, draft.customers)
    suppressions.meet(session, draft)
    counters.refresh(session, draft.rows.values())


def _keep(seen: list[AccessEntry]) -> None:
    """Write what a reading unit of work saw; its own transaction could not."""
    with Session(engine()) as session:
        session.add_all(seen)
        session.commit()


@contextmanager
def attempt(uow: UnitOfWork) -> Generator[None]:
    """Keep all that is done inside with all that follows from it or, on an error, nothing of it."""
    draft = uow.draft
    kept = replace(draft, rows=dict(draft.rows), customers=set(draft.customers), details=dict(draft.details))
    effects, seen = len(uow.effects), len(uow.seen)
    savepoint = uow.session.begin_nested()
    try:
        yield
        finish(uow)
        savepoint.commit()
    except Exception:
        savepoint.rollback()
        draft.rows, draft.customers, draft.details, draft.action = kept.rows, kept.customers, kept.details, kept.action
        draft.reverses_id = kept.reverses_id
        del uow.effects[effects:], uow.seen[seen:]
        raise


def mark(*statements: UpdateBase) -> None:
    """Run statements nobody explains or undoes, such as when a session was last seen; no journal, no actor."""
    with Session(engine()) as session:
        for statement in statements:
            session.execute(statement)
        session.commit()


def perform(actor: Actor, service: Callable[Concatenate[UnitOfWork, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run one service in a unit of work of its own."""
    with unit_of_work(actor) as uow:
        return service(uow, *args, **kwargs)


def ask(actor: Actor, service: Callable[Concatenate[UnitOfWork, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run one service that only reads, without holding up writers."""
    with unit_of_work(actor, reads=True) as uow:
        return service(uow, *args, **kwargs)


def perform_once(
    actor: Actor, key: str, service: Callable[Concatenate[UnitOfWork, P], T], /, *args: P.args, **kwargs: P.kwargs
) -> Any:
    """Run a service unless this key was already used by the same user: then answer what it answered (an id or None)."""
    key = f"{actor.user_id}:{key}"
    answered, result = _answer(key)
    if answered:
        return result
    try:
        with unit_of_work(actor, key=key) as uow:
            result = service(uow, *args, **kwargs)
            if isinstance(result, UUID):
                uow.draft.result = result
            return result
    except Conflict as error:
        if error.message.key == "error.repeated":
            return _answer(key)[1]
        raise


def _answer(key: str) -> tuple[bool, UUID | None]:
    with Session(engine().execution_options(postgresql_readonly=True)) as session:
        done = session.exec(select(ChangeSet).where(col(ChangeSet.idempotency_key) == key)).first()
    return done is not None, UUID(done.result["id"]) if done and done.result else None


def kept_of(actor: Actor, key: str) -> Mapping[str, Any]:
    """Return the details the journal keeps of what a user did once by a key; nothing when he has not."""
    with Session(engine().execution_options(postgresql_readonly=True)) as session:
        done = session.exec(select(ChangeSet.details).where(col(ChangeSet.idempotency_key) == f"{actor.user_id}:{key}"))
        return done.first() or {}
