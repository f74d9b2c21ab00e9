"""What words of a file stand for: choices, options, users, records by name; each looked up once."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.fold import fold
from c360.core.i18n import LANGUAGES
from c360.core.ids import id_in
from c360.models.choice import Choice
from c360.models.consent import ConsentText
from c360.models.custom_field import CustomField
from c360.models.tag import Tag
from c360.models.user import User
from c360.registry.entity import FieldSpec, entity_for
from c360.services.imports.activity_words import ALIASES
from c360.services.listing.columns import named_option
from c360.services.uow import UnitOfWork

Problem = tuple[str, dict[str, Any]]
LONGEST = 1000
CATALOGUES = ("purpose",)
"""What administrators keep a few of: named in full, by key or id, or by the title people read in their language."""


class Unknown(ValueError):
    """A word stands for nothing; the text is a key of the catalogue."""

    def __init__(self, key: str, **params: Any) -> None:
        super().__init__(key)
        self.params = params


def plain(word: str) -> str:
    """Return a word as it is compared: "Mr." is "Mr", "KEY  Account" is "Key account"."""
    return " ".join(fold(word).strip(" .:").split())


class Words:
    """The words one unit of work knows."""

    def __init__(self, uow: UnitOfWork, entity: str) -> None:
        self.uow = uow
        live = (col(Choice.archived_at).is_(None), col(Choice.retired_at).is_(None))
        rows = uow.session.exec(select(Choice).where(*live).order_by(col(Choice.position))).all()
        self.choices: dict[str, dict[str, UUID]] = defaultdict(dict)
        self.defaults: dict[str, UUID] = {}
        self.labels: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            self.labels[row.pick_list].append(row.name)
            self.choices[row.pick_list][plain(row.name)] = row.id
            self.choices[row.pick_list][str(row.id)] = row.id
            if row.is_default:
                self.defaults[row.pick_list] = row.id
        self.users: dict[str, set[UUID]] = defaultdict(set)
        for user_id, login, name in uow.session.exec(
            select(User.id, User.login, User.name).where(col(User.archived_at).is_(None))
        ):
            for word in (login, name, str(user_id)):
                self.users[plain(word)].add(user_id)
        fields = select(CustomField).where(CustomField.entity == entity, col(CustomField.archived_at).is_(None))
        self.options: dict[str, dict[str, str]] = {
            row.key: {plain(w): c["key"] for c in row.choices for w in (c.get("label") or c["key"], c["key"])}
            for row in uow.session.exec(fields)
        }
        self._tags: dict[str, UUID] | None = None
        self._entries: dict[str, dict[str, UUID]] = {}

    def choice(self, spec: FieldSpec, word: str, unknown: str) -> UUID | None:
        """Return the choice a word stands for, made when it is new and the plan says so."""
        pick_list = spec.pick_list or ""
        found = self.choices[pick_list].get(plain(word))
        if found:
            return found
        if unknown == "empty":
            return None
        if unknown == "create" and self.uow.actor.may(Verb.CREATE, "choice"):
            made = Choice(pick_list=pick_list, name=word[:200], position=len(self.choices[pick_list]))
            self.uow.add(made)
            self.uow.flush()
            self.choices[pick_list][plain(word)] = made.id
            return made.id
        raise Unknown("import.option.unknown", value=word)

    def option(self, spec: FieldSpec, word: str, unknown: str) -> str | None:
        """Return the fixed value a word stands for."""
        found = self._option(spec, word)
        if found is None and unknown != "empty":
            raise Unknown("import.option.unknown", value=word)
        return found

    def _option(self, spec: FieldSpec, word: str) -> str | None:
        if spec.name not in self.options:
            values = spec.options.values if spec.options else ()
            said = ((w, v) for v in values for w in (v, *(named_option(lang, spec, v, {}).label for lang in LANGUAGES)))
            called = ALIASES.get(spec.options.key, {}) if spec.options else {}
            self.options[spec.name] = dict(called) | {plain(w): v for w, v in said}
        return self.options[spec.name].get(plain(word))

    def several(self, spec: FieldSpec, text: str) -> list[str]:
        """Return the words of a cell; a comma parts them too, unless it belongs to a word that is known."""
        found: list[str] = []
        for part in filter(str.strip, re.split(r"[;\n]", text)):
            known = self._option(spec, part) if spec.options else self.choices[spec.pick_list or ""].get(plain(part))
            found += [part.strip()] if known else [word.strip() for word in part.split(",") if word.strip()]
        return found

    def names(self, spec: FieldSpec) -> list[str]:
        """Return what a word may mean, as people read it."""
        if spec.pick_list:
            return self.labels[spec.pick_list]
        return list(spec.options.values) if spec.options else []

    def user(self, word: str) -> UUID:
        """Return the user with this login or name."""
        found = self.users.get(plain(word), set())
        if len(found) != 1:
            raise Unknown("import.user.many" if found else "import.user.unknown", value=word)
        return next(iter(found))

    def tag(self, word: str) -> UUID:
        """Return the tag of a name the actor may use, made when it is new."""
        if self._tags is None:
            rows = self.uow.session.execute(
                self.uow.select("tag").with_only_columns(col(Tag.folded), col(Tag.id))
            ).all()
            self._tags = {row[0]: row[1] for row in rows}
        key = fold(word)[:100]
        if key not in self._tags:
            if not self.uow.actor.may(Verb.CREATE, "tag"):
                raise Unknown("import.tag.unknown", value=word)
            made = self.uow.add(Tag(name=word[:100], visibility="private", owner_id=self.uow.actor.user_id))  # pyright: ignore[reportArgumentType]
            self.uow.flush()
            self._tags[key] = made.id
        return self._tags[key]

    def entry(self, target: str, word: str) -> UUID:
        """Return the entry of a catalogue administrators keep with this name or id."""
        if target not in self._entries:
            model: Any = entity_for(target).model
            rows = self.uow.session.exec(self.uow.select(target).where(model.retired_at.is_(None))).all()
            named = {plain(w): row.id for row in rows for w in (row.name, row.key, str(row.id))}
            self._entries[target] = self._titles({row.id for row in rows}) | named
        found = self._entries[target].get(plain(word))
        if found is None:
            raise Unknown("import.option.unknown", value=word)
        return found

    def _titles(self, purposes: Collection[UUID]) -> dict[str, UUID]:
        """Return the titles of the texts people read now, in every language, that mean one purpose alone."""
        read = self.uow.select("consent_text").where(col(ConsentText.is_active))
        meant: dict[str, set[UUID]] = defaultdict(set)
        for one in self.uow.session.exec(read.where(col(ConsentText.purpose_id).in_(purposes))):
            meant[plain(one.title)].add(one.purpose_id)
        return {title: ids.pop() for title, ids in meant.items() if len(ids) == 1}

    def records(self, target: str, names: Collection[str]) -> dict[str, list[UUID]]:
        """Return the records in reach of these names (or ids), in one question; spaces may differ."""
        model: Any = entity_for(target).model
        found: dict[str, list[UUID]] = defaultdict(list)
        ids = [i for i in map(id_in, names) if i]
        asked: dict[str, list[str]] = defaultdict(list)
        for name in names:
            for key in {fold(name.strip())[:LONGEST], fold(" ".join(name.split()))[:LONGEST]}:
                asked[key].append(name)
        for part in _parts(sorted(asked)):
            query = self.uow.select(target).with_only_columns(model.sort_name, model.id)
            for sort_name, record_id in self.uow.session.execute(query.where(col(model.sort_name).in_(part))):
                for name in asked[sort_name]:
                    found[name].append(record_id)
        if ids:
            query = self.uow.select(target).with_only_columns(model.id).where(col(model.id).in_(ids))
            for record_id in self.uow.session.scalars(query):
                found[str(record_id)].append(record_id)
        return found


def _parts(values: list[str], size: int = 500) -> Iterable[list[str]]:
    return (values[i : i + size] for i in range(0, len(values), size))
