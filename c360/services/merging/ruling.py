"""What administrators can say of values in a merge: the fields a strategy fits, the sources there are."""

from dataclasses import dataclass

from sqlmodel import select

from c360.models.job import ImportBatch
from c360.registry.entity import entity_for
from c360.services import fields, names
from c360.services.merging import policy
from c360.services.merging.atoms import ATOMS
from c360.services.merging.lines import COUNTED, KEPT, STRICT
from c360.services.merging.strategies import offered
from c360.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Ruled:
    """A field that can have a strategy of its own: which fit it, and which it has."""

    name: str
    label: str
    offered: tuple[str, ...]
    said: str


def ruled(uow: UnitOfWork, entity: str) -> list[Ruled]:
    """Return the fields a strategy can be given to, by label; fields that are chosen only together have none."""
    said, together = policy.of(uow.session, entity).strategies, {part for parts in ATOMS.values() for part in parts}
    found = [
        Ruled(name, names.field_label(entity, spec, uow.actor.language), offered(spec), said.get(name, ""))
        for name, spec in fields.writable(uow.session, entity_for(entity), uow.actor).items()
        if name not in KEPT | together | {STRICT, *COUNTED} and spec.source != "computed" and "merge" not in spec.off
    ]
    return sorted(found, key=lambda one: one.label.casefold())


def known_sources(uow: UnitOfWork) -> list[str]:
    """Return the systems data was imported from, as those imports name them."""
    plans = uow.session.exec(select(ImportBatch.options, ImportBatch.file_name)).all()
    return sorted({str(options.get("source") or file) for options, file in plans}, key=str.casefold)
