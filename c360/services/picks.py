"""What one can choose from in a field: the live choices of its list, fixed options, named records."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from c360.core.i18n import text
from c360.models.choice import Choice
from c360.models.custom_field import CustomField
from c360.registry.entity import FieldSpec
from c360.services import names, references
from c360.services.uow import UnitOfWork


@dataclass(slots=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    color: str = ""
    sub: str = ""


def options(
    uow: UnitOfWork, specs: Sequence[FieldSpec], values: dict[str, list[str]], *, new: bool
) -> dict[str, list[Option]]:
    """Return the options of every field one chooses in; a new form gets each list's default."""
    found = _from_lists(uow, [s for s in specs if s.pick_list], values, new=new)
    language = uow.actor.language
    custom = _custom_options(uow, specs)
    targets: dict[str, list[FieldSpec]] = {}
    for spec in specs:
        if spec.options is not None:
            found[spec.name] = custom.get(spec.name) or [
                Option(value, names.option(spec.options.key, value, language)) for value in spec.options.values
            ]
        elif spec.kind.key in names.CODED:
            found[spec.name] = [Option(v, names.name_of(spec.kind.key, v, language)) for v in values[spec.name]]
        elif spec.target and spec.kind.key == "reference":
            targets.setdefault(spec.target, []).append(spec)
    for target, wanted in targets.items():
        titles = references.titles(uow, target, [UUID(v) for s in wanted for v in values[s.name]])
        unseen = text(language, "form.unseen")
        for spec in wanted:
            found[spec.name] = [Option(v, titles.get(UUID(v), unseen)) for v in values[spec.name]]
    return found


def _from_lists(
    uow: UnitOfWork, specs: Sequence[FieldSpec], values: dict[str, list[str]], *, new: bool
) -> dict[str, list[Option]]:
    """Return the live choices of each pick list in their order, and a retired one where it is the value now."""
    lists = {spec.pick_list for spec in specs}
    if not lists:
        return {}
    query = select(Choice).where(col(Choice.pick_list).in_(lists), col(Choice.archived_at).is_(None))
    choices = uow.session.exec(query.order_by(col(Choice.position), col(Choice.name))).all()
    found: dict[str, list[Option]] = {}
    for spec in specs:
        mine = [choice for choice in choices if choice.pick_list == spec.pick_list]
        if new and not values[spec.name]:
            values[spec.name] = [str(choice.id) for choice in mine if choice.is_default and not choice.retired_at][:1]
        found[spec.name] = [
            Option(str(choice.id), choice.name, choice.color, choice.comment or "")
            for choice in mine
            if choice.retired_at is None or str(choice.id) in values[spec.name]
        ]
    return found


def _custom_options(uow: UnitOfWork, specs: Sequence[FieldSpec]) -> dict[str, list[Option]]:
    """Return the options of administrators' fields, which have names and colours of their own."""
    keys = [spec.name for spec in specs if spec.options is not None and spec.source == "custom"]
    if not keys:
        return {}
    rows = uow.session.exec(
        select(CustomField).where(col(CustomField.key).in_(keys), col(CustomField.archived_at).is_(None))
    )
    return {
        row.key: [
            Option(c["key"], c.get("label") or c.get("name") or c["key"], c.get("color") or "") for c in row.choices
        ]
        for row in rows
    }


def live(uow: UnitOfWork, pick_list: str) -> list[Option]:
    """Return the live choices of a pick list in their order."""
    query = select(Choice).where(
        Choice.pick_list == pick_list, col(Choice.archived_at).is_(None), col(Choice.retired_at).is_(None)
    )
    found = uow.session.exec(query.order_by(col(Choice.position), col(Choice.name)))
    return [Option(str(choice.id), choice.name, choice.color, choice.comment or "") for choice in found]
