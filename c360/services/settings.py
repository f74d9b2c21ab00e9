"""What administrators set in the app: sections, weights, the mask of codes; typed, journaled, read once a unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from c360.core import config
from c360.core.errors import Unavailable
from c360.models.activity import KINDS as ACTIVITY_KINDS
from c360.models.job import Setting
from c360.registry.entity import entity_for
from c360.services.privacy.words import WORDS

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork

KINDS = ("contact", "account")
TABS = {
    "contact": (
        "timeline", "history", "future", "general", "details", "marketing", "relations", "locations", "attachments",
        "additional", "consents", "changes",
    ),
    "account": (
        "timeline", "history", "future", "general", "details", "marketing", "contacts", "relations", "locations",
        "attachments", "additional", "consents", "changes",
    ),
}  # fmt: skip
"""The tabs of a profile, in the order they come."""
CARDS = {
    "contact": ("reach", "target", "employer", "working_place", "channels", "notes"),
    "account": ("reach", "target", "primary_person", "identities", "channels", "notes"),
}
"""What the summary is made of, in the order it comes."""
NAMED = {"contact": ("family_name",), "account": ("name",)}
"""What a customer is called by; it is always asked for."""
FIXED = frozenset({"tab.general", "form.name", "form.company", "form.marketing"})
"""Tabs and sections that hold what every customer must have."""
WEIGHTS = {
    "contact": {"email": 20, "phone": 20, "city": 10, "employer_id": 10, "job_title": 10, "birth_date": 5,
                "salutation_id": 5, "language": 5, "segment_id": 5, "status_id": 5, "channel_id": 5},
    "account": {"email": 15, "phone": 15, "city": 15, "industry_id": 10, "website": 10, "account_type_id": 10,
                "employee_range_id": 5, "tax_number": 5, "segment_id": 5, "status_id": 5, "channel_id": 5},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AppSettings:
    """Every setting with the value it has before anybody changes it."""

    parts_off: Mapping[str, list[str]] = field(default_factory=dict)
    part_order: Mapping[str, list[str]] = field(default_factory=dict)
    weights: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: WEIGHTS)
    code_mask: str = "A-#####"
    currency: str = field(default_factory=lambda: config.settings().currency)
    country: str = field(default_factory=lambda: config.settings().country)
    controller: str = ""
    """Who answers for the data by law: name and address, as receipts and preference pages tell."""
    unused_months: int = 0
    """After how many months without any use people are erased or anonymised; 0 for never."""
    prospects: Sequence[str] = ()
    """Statuses, by id, of those who never bought: unused, they are erased; everybody else is anonymised."""
    sensitive_words: Mapping[str, Sequence[str]] = field(default_factory=lambda: WORDS)
    """Words by language that a free text should rather not hold."""
    unshown_history: Mapping[str, list[str]] = field(default_factory=dict)
    duplicates: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """How duplicates are looked for, by kind of customer; see ``services.duplicates.rules``."""
    merging: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What is said of merges, by kind of customer; see ``services.merging.policy``."""

    def is_on(self, entity: str, part: str) -> bool:
        """Tell whether a part of an entity's pages is shown: ``tab.details``, ``form.size``, ``activity.letter``."""
        return part not in self.parts_off.get(entity, ())

    def allows(self, entity: str, kind: str) -> bool:
        """Tell whether a kind of activity is for customers of an entity."""
        return self.is_on(entity, f"activity.{kind}")

    def tabs(self, entity: str) -> tuple[str, ...]:
        """Return the tabs of a profile in the administrator's order, those switched off left out."""
        return self._shown(entity, "tab.", TABS[entity])

    def sections(self, entity: str) -> tuple[str, ...]:
        """Return the sections of a form in the administrator's order, those switched off left out."""
        return self._shown(entity, "form.", tuple(section.key for section in entity_for(entity).sections))

    def cards(self, entity: str) -> tuple[str, ...]:
        """Return what the summary is made of in the administrator's order, what is switched off left out."""
        return self._shown(entity, "card.", CARDS[entity])

    def fields(self, entity: str, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return fields of one section in the administrator's order, those switched off left out."""
        return self._shown(entity, "field.", names)

    def layout(self, entity: str) -> dict[str, tuple[str, ...]]:
        """Return the sections of a form in their order, each with its fields in theirs."""
        named = {section.key: section.fields for section in entity_for(entity).sections}
        return {key: self.fields(entity, named[key]) for key in self.sections(entity)}

    def _shown(self, entity: str, prefix: str, keys: tuple[str, ...]) -> tuple[str, ...]:
        placed = self.placed(entity, tuple(f"{prefix}{key}" for key in keys))
        return tuple(part.removeprefix(prefix) for part in placed if self.is_on(entity, part))

    def placed(self, entity: str, parts: tuple[str, ...]) -> tuple[str, ...]:
        """Return parts in the administrator's order, new ones where they come by themselves."""
        order = {part: i for i, part in enumerate(self.part_order.get(entity, ()))}
        return tuple(sorted(parts, key=lambda part: (order.get(part, len(order)), parts.index(part))))


def read(session: Session) -> AppSettings:
    """Return the settings as they are; one small query a unit of work."""
    cached = session.info.get("settings")
    if cached is None:
        with session.no_autoflush:
            rows = session.exec(_every()).all()
        cached = session.info["settings"] = AppSettings(**{key: value["value"] for key, value in rows})
    return cached


@cache
def _every() -> Any:
    """Return the query for all settings; made once, for making it takes longer than to run."""
    return select(Setting.key, Setting.value).where(col(Setting.key).in_([f.name for f in fields(AppSettings)]))


def by_kind(value: Any) -> Mapping[str, Any]:
    """Return what is set by kind of customer; ``ValueError`` when it is not."""
    if not isinstance(value, Mapping) or set(value) - set(KINDS):
        raise ValueError("setting.bad")
    return value


def put(uow: "UnitOfWork", name: str, value: Any) -> None:
    """Keep the checked value of one setting."""
    row = uow.session.exec(select(Setting).where(Setting.key == name)).one_or_none()
    if row is None:
        uow.add(Setting(key=name, value={"value": value}))
    elif row.value != {"value": value}:
        row.value = {"value": value}
    for cached in ("settings", "fields"):
        uow.session.info.pop(cached, None)
    uow.log("setting.changed", setting=name)
    uow.saw("setting.changed", "setting", ip=uow.actor.ip)
    uow.flush()


def require(uow: "UnitOfWork", entity: str, part: str) -> None:
    """Raise ``Unavailable`` when an administrator has switched the tab or section off."""
    if not read(uow.session).is_on(entity, part):
        raise Unavailable("section.off")


def tabs_of(entity: str) -> tuple[str, ...]:
    """Return every tab of an entity's profile, as a part."""
    return tuple(f"tab.{key}" for key in TABS[entity])


def sections_of(entity: str) -> tuple[str, ...]:
    """Return every section of an entity's form, as a part."""
    return tuple(f"form.{section.key}" for section in entity_for(entity).sections)


def cards_of(entity: str) -> tuple[str, ...]:
    """Return everything an entity's summary is made of, as a part."""
    return tuple(f"card.{key}" for key in CARDS[entity])


def fields_of(entity: str) -> dict[str, tuple[str, ...]]:
    """Return every field of an entity's form, as a part, by its section."""
    return {section.key: tuple(f"field.{name}" for name in section.fields) for section in entity_for(entity).sections}


def is_fixed(entity: str, part: str) -> bool:
    """Tell whether a part holds what every customer must have, so that it cannot be switched off."""
    kind, _, name = part.partition(".")
    if kind != "field":
        return part in FIXED
    return name in NAMED[entity] or entity_for(entity).fields[name].required


def activities_of(_: str) -> tuple[str, ...]:
    """Return every kind of activity, as a part of an entity's pages."""
    return tuple(f"activity.{kind}" for kind in ACTIVITY_KINDS)


def upsert(session: Session, row: Mapping[str, Any]) -> Insert:
    """Return an insert of a setting that does nothing when another transaction was faster."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(Setting).values(**row).on_conflict_do_nothing(index_elements=["key"])
