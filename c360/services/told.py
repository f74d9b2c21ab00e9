"""Values of the journal as a person reads them: labels of fields, names of choices and records, in his language."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from c360.core.i18n import text
from c360.models.contact_figures import ContactFigures
from c360.query import criteria
from c360.registry.entity import Entity, FieldSpec, entities, entity_for
from c360.services import fields, files, settings
from c360.services.journal import SEALED
from c360.services.listing import cells
from c360.services.listing.columns import label, named_option, names
from c360.services.listing.sentence import sentence
from c360.services.uow import UnitOfWork

SILENT = frozenset(
    {"id", "version", "created_at", "created_by_id", "updated_at", "updated_by_id", "sort_name", "kind", "customer_id",
     "normalised", "folded", "is_demo", "photo", "file_id", "ended_at", "reminded_at",
     *ContactFigures.model_fields}
)  # fmt: skip
"""Bookkeeping a history does not tell."""
LIFE = ("archived_at", "inactive_at", "merged_into_id")
"""What happened to the record as a whole: told although no form shows it."""


class Teller:
    """Turns names and values of one reader's page into text; look everything up once with ``learn``."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.language = uow.actor.language
        self._specs: dict[str, Mapping[str, FieldSpec]] = {}
        self._titles: dict[tuple[str, str], str] = {}

    def specs(self, key: str) -> Mapping[str, FieldSpec]:
        """Return the fields of an entity the reader may see."""
        if key not in self._specs:
            self._specs[key] = self.uow.fields(key)
        return self._specs[key]

    def tells(self, key: str, name: str) -> bool:
        """Tell whether a change of this field, or of the record's life, is told to this reader."""
        return name in LIFE or self.shown(key, name)

    def shown(self, key: str, name: str) -> bool:
        """Tell whether a field appears in a history this reader sees."""
        short = name.removeprefix("custom.")
        return short not in SILENT and short in self.specs(key) and short not in self._untold(key)

    def _untold(self, key: str) -> frozenset[str]:
        """Return the fields an administrator keeps out of histories."""
        cache = self.uow.session.info.setdefault("untold_fields", {})
        if key not in cache:
            cache[key] = fields.untold(self.uow.session, entity_for(key))
        return cache[key]

    def learn(self, changes: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Look up the choices and records these values name, in one query a table."""
        choices: set[UUID] = set()
        records: dict[str, set[UUID]] = {}
        for key, values in changes:
            for name, value in values.items():
                spec = self.specs(key).get(name.removeprefix("custom."))
                ids = _ids(value) if spec else set()
                if spec and spec.kind.key in ("choice", "choices") and spec.options is None:
                    choices |= ids
                elif spec and spec.kind.key == "reference" and spec.target:
                    records.setdefault(spec.target, set()).update(ids)
        if choices:
            self._titles |= {("choice", i): one["label"] for i, one in cells.choices(self.uow, choices).items()}
        for target, ids in records.items():
            self._titles |= {(target, i): one["label"] for i, one in cells.titles(self.uow, target, ids).items()}

    def names(self, key: str, name: str, value: Any) -> bool:
        """Tell whether the reader may know the record a reference names."""
        spec = self.specs(key).get(name)
        return spec is not None and (spec.target or "", str(value)) in self._titles

    def label(self, key: str, name: str) -> str:
        """Return what a field is called."""
        short = name.removeprefix("custom.")
        spec = self.specs(key).get(short)
        return label(self.uow, spec) if spec else short

    def text(self, key: str, name: str, value: Any) -> str:
        """Return a value as text; what is out of reach is masked."""
        spec = self.specs(key).get(name.removeprefix("custom."))
        if value in (None, "", [], {}):
            return ""
        if value == SEALED or spec is None:
            return "•••••"
        if isinstance(value, list):
            return ", ".join(self._one(spec, one) for one in value)
        return self._one(spec, value)

    def _one(self, spec: FieldSpec, value: Any) -> str:
        kind = spec.kind
        if isinstance(value, Mapping):
            return self._structure(value)
        if spec.options is not None:
            return named_option(self.language, spec, str(value), fields.choices(self.uow.session, spec)).label
        if kind.key in ("choice", "choices"):
            return self._titles.get(("choice", str(value)), str(value))
        if kind.key == "reference" or (spec.target and kind.python is UUID):
            return self._titles.get((spec.target or "", str(value)), text(self.language, "listing.masked"))
        if kind.key == "file":
            called = files.titles(self.uow, _ids(str(value)))
            return next(iter(called.values()), text(self.language, "listing.masked"))
        if kind.key in ("country", "language"):
            return names(kind.key, self.language).get(str(value), str(value))
        if kind.cell == "money" and isinstance(value, int | float):
            return format_currency(value / 100, settings.read(self.uow.session).currency, locale=self.language)
        return plain_text(kind.cell if kind.cell != "text" else kind.key, value, self.language)

    def _structure(self, value: Any) -> str:
        """Return what a rule, a view or another structure holds, a filter as its sentence; empty parts are left out."""
        if isinstance(value, Mapping):
            parts = dict(value)
            if parts.get("criteria") and parts.get("entity"):
                parts["criteria"] = sentence(self.uow, parts.pop("entity"), criteria.from_json(parts["criteria"]))
            told = {name: self._structure(part) for name, part in parts.items()}
            return "; ".join(f"{name.replace('_', ' ')}: {part}" for name, part in told.items() if part)
        if isinstance(value, list):
            return ", ".join(part for one in value if (part := self._structure(one)))
        return "" if value is None else plain_text("", value, self.language)


def plain_text(cell: str, value: Any, language: str) -> str:
    """Return a value that names nothing else as a reader of this language writes it."""
    if isinstance(value, bool):
        return text(language, "value.yes" if value else "value.no")
    if isinstance(value, str) and cell == "date":
        return format_date(date.fromisoformat(value[:10]), "medium", locale=language)
    if isinstance(value, str) and (cell == "moment" or _is_moment(value)):
        return format_datetime(datetime.fromisoformat(value), "short", locale=language)
    if isinstance(value, int | float):
        return format_decimal(value, locale=language) + (" %" if cell == "percent" else "")
    return str(value)


def _is_moment(value: str) -> bool:
    return len(value) >= 25 and value[10:11] == "T" and value.endswith("+00:00")


def _ids(value: Any) -> set[UUID]:
    found: set[UUID] = set()
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, str) and len(part) == 36:
            found.add(UUID(part))
    return found


def entity_label(language: str, key: str) -> str:
    """Return what one record of an entity is called."""
    known = {entity.key: entity for entity in entities()}
    return text(language, f"entity.{key}", default=known[key].label if key in known else key)


def path_of(entity: Entity, record_id: UUID) -> str:
    """Return the address of a record's page, empty when it has none of its own."""
    return f"/{entity.key}/{record_id}" if entity.key in ("contact", "account", "customer") else ""
