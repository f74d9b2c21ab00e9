"""Where a column's values can go: fields of the entity, and parts that become records of their own beside it."""

from collections.abc import Mapping

from c360.core.i18n import text
from c360.registry.entity import entity_for
from c360.registry.kinds import EMAIL, PHONE, TEXT, WEB, Kind
from c360.services import fields
from c360.services.imports.plan import LEAVING, Plan
from c360.services.imports.target import Target
from c360.services.uow import UnitOfWork

ADDRESS_FIELDS = ("street", "extra", "postal_code", "city", "region", "country")
ADDRESS_ROLES = ("main", "delivery", "invoice")
REACH: dict[str, tuple[str, Kind, str]] = {
    "email": ("email", EMAIL, ""), "phone": ("phone", PHONE, ""), "mobile": ("phone", PHONE, "Mobile"),
    "fax": ("fax", PHONE, "Fax"), "web": ("web", WEB, ""), "social": ("social", TEXT, ""),
    "messenger": ("messenger", TEXT, ""),
}  # fmt: skip
"""Extra ways to reach a customer: family, kind of value, name of the type."""
PERSON = ("name", "given_name", "family_name", "academic_title", "job_title", "email", "phone", "role")
"""What may be said of an account's contact person in the account's own row."""
UNFIT = ("file", "json")


def targets(uow: UnitOfWork, key: str) -> dict[str, Target]:
    """Return every place the actor may write to from a file of this entity."""
    entity, lang = entity_for(key), uow.actor.language
    found: list[Target] = []
    if key == "contact":
        found.append(Target("full_name", text(lang, "import.target.full_name"), "fields"))
    shut = fields.kept_out(uow.session, entity, "import")
    for name, spec in fields.writable(uow.session, entity, uow.actor).items():
        if spec.kind.key in UNFIT or name in shut:
            continue
        label = spec.label if spec.source == "custom" else text(lang, f"field.{name}", default=spec.label)
        found.append(Target(name, label, "custom" if spec.source == "custom" else "fields", spec, name == "notes"))
    address = entity_for("address")
    for role in ADDRESS_ROLES:
        group = text(lang, f"import.group.address.{role}")
        for name in ADDRESS_FIELDS:
            spec = address.fields[name]
            label = f"{group}: {text(lang, f'field.{name}', default=spec.label)}"
            found.append(Target(f"address.{role}.{name}", label, "address", spec))
    found += [Target(f"reach.{n}", text(lang, f"import.target.reach.{n}"), "reach", many=True) for n in REACH]
    if key == "account":
        person = text(lang, "import.group.person")
        found += [
            Target(f"person.{n}", f"{person}: {text(lang, f'import.target.person.{n}')}", "person") for n in PERSON
        ]
    found.append(Target("tags", text(lang, "import.target.tags"), "other", many=True))
    found += [Target(n, text(lang, f"import.target.{n}"), "other") for n in ("external_id", "id")]
    return {target.key: target for target in found}


def match_keys(uow: UnitOfWork, key: str) -> dict[str, str]:
    """Return by what a row can be recognised: ``{target: label}``; only what the actor may read."""
    lang, readable = uow.actor.language, uow.fields(key)
    found = {n: text(lang, f"import.target.{n}") for n in ("external_id", "id")}
    found |= {n: text(lang, f"field.{n}", default=readable[n].label) for n in ("email", "phone") if n in readable}
    found |= {n: text(lang, f"import.match.{n}") for n in ("name", "name+city", "name+postal_code")}
    if key == "contact" and "birth_date" in readable:
        found["name+birth_date"] = text(lang, "import.match.name+birth_date")
    return found | {n: s.label for n, s in readable.items() if s.source == "custom" and s.unique}


def missing(plan: Plan, known: Mapping[str, Target]) -> list[str]:
    """Return what a customer needs and no column gives."""
    if plan.on_match in LEAVING:
        return []
    used = {column.target for column in plan.columns} | set(plan.defaults)
    if plan.entity == "account":
        return [] if "name" in used else [known["name"].label]
    names = {"full_name", "given_name", "family_name", "middle_name"}
    return [] if used & names else [known["family_name"].label]
