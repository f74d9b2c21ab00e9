"""Forms as plain data, made from the registry: what to ask for, in the actor's language, and what became of it."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from c360.core.actor import Verb
from c360.core.errors import Conflict
from c360.core.i18n import text
from c360.registry.entity import Entity, FieldSpec, Section, entity_for
from c360.services import fields, files, identities, locations, names, picks, records, references, settings, talks
from c360.services.imports import names as person_names
from c360.services.picks import Option
from c360.services.uow import UnitOfWork

ADDITIONAL = "additional"
NEVER = ("id", "archived_at", "custom")
NAMED_ANEW = ("contact_person", "contact_id")
"""The reference in which a new record may be named."""
WIDE = ("textarea", "pickers", "checks")
MINE = ("owner_id", "responsible_id")


@dataclass(slots=True)
class FormField:
    """One field to fill in: what it is called, how it is edited, what it holds now as text."""

    name: str
    label: str
    help: str = ""
    widget: str = "text"
    value: str = ""
    texts: list[str] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    shown: str = ""
    target: str = ""
    required: bool = False
    locked: bool = False
    wide: bool = False
    max_length: int = 10_000
    creatable: bool = False


@dataclass(slots=True)
class FormSection:
    """Fields that belong together."""

    key: str
    label: str
    fields: list[FormField] = field(default_factory=list)


@dataclass(slots=True)
class Form:
    """A record's form: its sections and the version they show."""

    entity: str
    record_id: str
    title: str
    version: int
    sections: list[FormSection] = field(default_factory=list)


@dataclass(slots=True)
class ClashLine:
    """A field two people changed: what it was, what I typed and what the other saved, as people read it."""

    name: str
    label: str
    base: str
    mine: str
    theirs: str


@dataclass(slots=True)
class Clashes:
    """A conflict on a record: who saved it last and when, its version now, and every clash."""

    who: str
    at: str
    version: int
    lines: list[ClashLine] = field(default_factory=list)


def describe(
    uow: UnitOfWork,
    key: str,
    record_id: UUID | None = None,
    *,
    sections: Collection[str] = (),
    only: Collection[str] = (),
    preset: Mapping[str, str] | None = None,
) -> Form:
    """Describe the form of a record, or of a new one when there is none yet.

    ``sections`` limits it to some sections, ``only`` to some fields, ``preset`` fills a new form. Hidden fields are
    left out, locked ones are there to read.
    """
    entity = entity_for(key)
    record = uow.get(key, record_id, Verb.UPDATE) if record_id else None
    readable = uow.fields(key)
    writable = fields.writable(uow.session, entity, uow.actor)
    asked: list[tuple[Section, list[FieldSpec]]] = []
    for section in layout(uow, entity, readable):
        specs = [
            readable[n] for n in section.fields if n in readable and n != entity.within and (not only or n in only)
        ]
        specs = [spec for spec in specs if record is not None or spec.name in writable]
        if specs and (not sections or section.key in sections):
            asked.append((section, specs))
    preset = {**_at_home(uow, key), **(preset or {})}
    values = {s.name: _value(uow, record, s, preset) for _, specs in asked for s in specs}
    found = picks.options(uow, [s for _, specs in asked for s in specs], values, new=record is None)
    language = uow.actor.language
    made = [
        FormSection(
            section.key,
            text(language, f"section.{section.key}", default=section.label),
            [
                _field(uow, key, spec, values[spec.name], found.get(spec.name, []), spec.name not in writable)
                for spec in specs
            ],
        )
        for section, specs in asked
    ]
    title = references.called(uow, key, record) if record else names.entity_label(entity, language)
    return Form(key, str(record_id or ""), title, record.version if record else 0, made)


def layout(uow: UnitOfWork, entity: Entity, readable: Mapping[str, FieldSpec]) -> list[Section]:
    """Return the sections of an entity's form in their order, administrators' fields last; one when it names none."""
    custom = tuple(name for name, spec in readable.items() if spec.source == "custom" and "form" not in spec.off)
    made = list(entity.sections)
    if made and entity.key in settings.KINDS:
        labels = {section.key: section.label for section in made}
        shown = settings.read(uow.session).layout(entity.key)
        made = [Section(key, labels[key], names) for key, names in shown.items()]
    if not made:
        plain = (n for n, s in readable.items() if s.editable and s.source == "column" and n not in NEVER)
        made = [Section("general", entity.label, tuple(n for n in plain if readable[n].kind.widget != "none"))]
    return [*made, Section(ADDITIONAL, "Additional", custom)] if custom else made


def save(
    uow: UnitOfWork,
    key: str,
    record_id: UUID | None,
    values: Mapping[str, str],
    version: int | None = None,
    *,
    given: Mapping[str, Any] | None = None,
    confirmed: bool = False,
) -> UUID:
    """Create or change a record from a form; return its id.

    A new person may be ``given`` the place ``at`` which he works, a product the activity it was discussed in. An
    address that claims the unique role of another, and an identity another customer has, are a ``Conflict`` until
    ``confirmed``.
    """
    given = dict(given or {})
    place_id = given.pop("at", None)
    if key == "address" and not confirmed:
        locations.ask_before_taking(uow, record_id, values, given)
    if key == identities.KEY and record_id is None:
        held = identities.attach(uow, values, given["customer_id"], confirmed=confirmed)
        if held is not None:
            return held
    if key == "contact_person" and record_id is None:
        values = {**values, "contact_id": _person(uow, values.get("contact_id", ""), given)}
    if key == talks.KEY and record_id is None:
        return talks.add(uow, values=values, **given)
    if record_id is None:
        made = records.create(uow, key, values, **given)
        if place_id is not None:
            uow.flush()
            locations.join(uow, made, place_id)
        return made
    records.update(uow, key, record_id, values, version)
    return record_id


def clashes(uow: UnitOfWork, key: str, record_id: UUID, found: Conflict) -> Clashes:
    """Return a conflict as people read it, with what a form needs to solve it."""
    record = uow.get(key, record_id)
    known = uow.fields(key)
    lines = []
    for clash in found.clashes:
        spec = known.get(clash.field)
        if spec is None:
            continue
        three = [readable_text(uow, spec, value) for value in (clash.base, clash.mine, clash.theirs)]
        lines.append(ClashLine(clash.field, names.field_label(key, spec, uow.actor.language), *three))
    who = references.titles(uow, "user", [record.updated_by_id] if record.updated_by_id else [])
    return Clashes(next(iter(who.values()), ""), record.updated_at.isoformat(), record.version, lines)


def meanwhile(uow: UnitOfWork, key: str, record_id: UUID, version: int, mine: Collection[str]) -> tuple[str, list[str]]:
    """Return who changed a record since a version, and the labels of what was changed besides ``mine``."""
    record, known = uow.get(key, record_id), uow.fields(key)
    if record.version == version:
        return "", []
    language = uow.actor.language
    changed = records.base_values(uow, entity_for(key), record, version)
    told = [known[n] for n in changed if n in known and n not in mine and known[n].editable]
    who = references.titles(uow, "user", [record.updated_by_id] if record.updated_by_id else [])
    return next(iter(who.values()), ""), [names.field_label(key, spec, language) for spec in told]


def readable_text(uow: UnitOfWork, spec: FieldSpec, value: Any) -> str:
    """Return a stored value as a person reads it."""
    if value in (None, "", []):
        return ""
    parts = [str(v) for v in value] if isinstance(value, list) else [str(value)]
    if spec.kind.key == "file":
        return next(iter(files.titles(uow, [UUID(parts[0])]).values()), text(uow.actor.language, "form.unseen"))
    found = picks.options(uow, [spec], {spec.name: parts}, new=False)
    if spec.name in found:
        return ", ".join(o.label for part in parts for o in found[spec.name] if o.value == part)
    if spec.kind.key == "boolean":
        return text(uow.actor.language, f"form.{'yes' if value is True else 'no'}")
    return spec.kind.write(value) if spec.kind.key == "money" else ", ".join(parts)


def _at_home(uow: UnitOfWork, key: str) -> dict[str, str]:
    """Return what a new address starts with: the home country."""
    return {"country": settings.read(uow.session).country} if key == "address" else {}


def _value(uow: UnitOfWork, record: Any, spec: FieldSpec, preset: Mapping[str, str]) -> list[str]:
    """Return the texts a field holds, or starts with on a new form."""
    if record is None:
        if spec.name in preset:
            return [preset[spec.name]] if preset[spec.name] else []
        if spec.name in MINE and uow.actor.user_id:
            return [str(uow.actor.user_id)]
        value = spec.default
        if isinstance(value, str):
            return [value]
    else:
        value = (record.custom or {}).get(spec.name) if spec.source == "custom" else getattr(record, spec.name)
    if value in (None, ""):
        return []
    if isinstance(value, list):
        return [str(part) for part in value]
    return [value if isinstance(value, str) else spec.kind.write(value)]


def _field(
    uow: UnitOfWork, key: str, spec: FieldSpec, texts: list[str], options: list[Option], locked: bool
) -> FormField:
    chosen = {option.value: option.label for option in options}
    language, many = uow.actor.language, spec.kind.multiple
    shown = ", ".join(chosen.get(part, part) for part in texts)
    if spec.kind.key == "boolean":
        shown = text(language, f"form.{texts[0]}") if texts else ""
    if spec.kind.key == "file" and texts:
        shown = readable_text(uow, spec, texts[0])
    coded = spec.kind.key if spec.kind.key in names.CODED else ""
    return FormField(
        name=spec.name,
        label=names.field_label(key, spec, language),
        help=text(language, f"field.{spec.name}.help", default=spec.help),
        widget=spec.kind.widget,
        value=texts[0] if texts and not many else "",
        texts=texts if many else [],
        options=options,
        shown=shown,
        target=spec.target or coded,
        required=spec.required,
        locked=locked,
        wide=spec.kind.widget in WIDE,
        max_length=files.most_bytes() if spec.kind.key == "file" else spec.max_length or 10_000,
        creatable=(key, spec.name) == NAMED_ANEW and uow.actor.may(Verb.CREATE, "contact"),
    )


def _person(uow: UnitOfWork, named: str, given: Mapping[str, Any]) -> str:
    """Return the id of the contact that is named; a name nobody has chosen from a list makes a new one."""
    named = " ".join(named.split())
    with suppress(ValueError):
        return str(UUID(named))
    if not named:
        return ""
    asked = (f for section in describe(uow, "contact").sections for f in section.fields if f.required and f.value)
    values = {field.name: field.value for field in asked} | person_names.split(named)
    made = records.create(uow, "contact", values | {"employer_id": str(given["account_id"])})
    return str(made)
