"""Cards of more rows than fit at once: they say how many there are, and go on to the last."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import func, insert
from sqlmodel import select

from c360.core.clock import utc_now
from c360.core.errors import Unavailable
from c360.core.ids import new_id
from c360.models.journal import ChangeRow, ChangeSet
from c360.registry.entity import entity_for
from c360.services import mass, opening
from c360.services.paging import MOST
from c360.services.uow import ask, perform
from tests.conftest import statements
from tests.services.test_relations import kind

WORDS = ("Müller", "山田", "مريم", "🦊 Fuchs", "x" * 500)


def people(uow, n, **given):
    """Make contacts in bulk; every name comes more than once."""
    rows = []
    for index in range(n):
        name = f"{WORDS[index % len(WORDS)]}"[:200]
        one = {"id": new_id(), "kind": "contact", "family_name": name, "name": name, "sort_name": name.casefold()}
        rows.append(one | {"owner_id": uow.actor.user_id} | given)
    mass.add(uow, entity_for("contact"), rows)
    return [row["id"] for row in rows]


def hang(uow, key, link, record_id, n, **values):
    """Hang rows on a customer; a value that is an iterator gives each row one of its own."""
    told = [{name: next(v) if hasattr(v, "__next__") else v for name, v in values.items()} for _ in range(n)]
    mass.add(uow, entity_for(key), [{"id": new_id(), link: record_id, **one} for one in told], link)


def tied(uow, record_id, n, kind_id):
    """Tie as many people to a customer."""
    hang(uow, "relation", "to_id", record_id, n, from_id=iter(people(uow, n)), type_id=kind_id)


def handed(uow, record_id, n):
    """Hand a customer over as often, on another day each time; the chain of the journal is left out."""
    first = uow.session.exec(select(func.max(ChangeSet.seq))).one() or 0
    began, sets, rows = utc_now() - timedelta(days=n), [], []
    for index in range(n):
        set_id, at = new_id(), began + timedelta(days=index)
        sets.append({"id": set_id, "seq": first + index + 1, "at": at, "actor_id": uow.actor.user_id, "rows": 1,
                     "action": "account.updated", "details": {}, "prev_hash": "0" * 64, "hash": "0" * 64})  # fmt: skip
        rows.append({"id": new_id(), "set_id": set_id, "position": 0, "entity": "account", "record_id": record_id,
                     "customer_id": record_id, "op": "update", "before": {"owner_id": None}, "version": index + 2,
                     "after": {"owner_id": str(uow.actor.user_id)}, "salt": "0" * 32, "digest": "0" * 64})  # fmt: skip
    uow.session.execute(insert(ChangeSet), sets)
    uow.session.execute(insert(ChangeRow), rows)


def _numbered(pattern):
    return (pattern.format(n) for n in count())


def sow(uow, card, record_id, n, kind_id):
    """Give a customer as many rows as a card is to show."""
    if card == "staff":
        people(uow, n, employer_id=record_id)
    elif card == "subsidiaries":
        rows = [{"id": new_id(), "kind": "account", "name": "Süd", "sort_name": "sud", "parent_id": record_id,
                 "owner_id": uow.actor.user_id} for _ in range(n)]  # fmt: skip
        mass.add(uow, entity_for("account"), rows)
    elif card == "people":
        hang(uow, "contact_person", "account_id", record_id, n, contact_id=iter(people(uow, n)), is_primary=False)
    elif card in ("relays", "members", "party"):
        tied(uow, record_id, n, kind_id)
    elif card == "communications":
        mail = _numbered("ü{}@example.com")
        hang(uow, "communication", "customer_id", record_id, n, family="email", value=mail, is_primary=False)
    elif card == "addresses":
        hang(uow, "address", "customer_id", record_id, n, role="other", street=_numbered("Straße {}"))
    elif card == "jobs":
        hang(uow, "employment", "contact_id", record_id, n, organisation=_numbered("工場 {}"), is_main=False)
    elif card == "handovers":
        handed(uow, record_id, n)
    elif card == "bank_accounts":
        hang(uow, "bank_account", "customer_id", record_id, n, number=_numbered("{}"), is_main=False)
    else:
        hang(uow, "external_reference", "customer_id", record_id, n, source="shop", external_id=_numbered("{}"))


CARDS = {
    "staff": ("account", "contacts"), "subsidiaries": ("account", "contacts"), "people": ("account", "contacts"),
    "relays": ("account", "contacts"), "members": ("account", "contacts"), "identities": ("account", "contacts"),
    "party": ("contact", "details"), "jobs": ("contact", "details"), "bank_accounts": ("contact", "details"),
    "communications": ("contact", "locations"), "addresses": ("contact", "locations"),
    "references": ("contact", "additional"), "handovers": ("account", "marketing"),
}  # fmt: skip
TYPES = {"relays": "is relay of", "members": "is a member of", "party": "is a friend of"}


@pytest.mark.feature("REC-34", "REL-9")
@pytest.mark.parametrize("n", [MOST + 1, 1_000])
@pytest.mark.parametrize("card", CARDS)
def test_a_card_says_how_many_it_leaves_out_and_goes_on_to_the_last(agent, make_as, card, n):
    key, tab = CARDS[card]
    named = {"family_name": "Öz"} if key == "contact" else {"name": "Mühle"}
    record_id = make_as(agent, key, **named)
    perform(agent, sow, card, record_id, n, kind(agent, TYPES[card]) if card in TYPES else None)
    opened = ask(agent, opening.open_tab, key, record_id, tab)
    shown = next(one for one in opened.cards if one.key == card)
    assert (len(shown.lines), shown.more) == (MOST, n - MOST)
    lines, sent = [*shown.lines], 0
    while shown.more:
        with statements() as said:
            shown = ask(agent, opening.more, key, record_id, tab, card, shown.next)
        sent = max(sent, len(said))
        lines += shown.lines
        assert shown.more == n - len(lines)
    # What the journal tells has no record of its own, so its moment tells it apart.
    assert len({line.id or line.facts[0].text for line in lines}) == len(lines) == n
    assert sent < 40, "the statements of a page do not follow its rows"


def test_only_the_cards_of_a_tab_that_is_shown_go_on(agent, make_as):
    record_id = make_as(agent, "contact", family_name="Öz")
    for tab, card in (("details", "addresses"), ("contacts", "people"), ("nothing", "jobs")):
        with pytest.raises(Unavailable):
            ask(agent, opening.more, "contact", record_id, tab, card, 0)


@pytest.mark.feature("REL-9")
def test_a_household_of_many_goes_on_without_repeating_the_family(agent, make_as):
    ada, home = make_as(agent, "contact", family_name="Ada"), make_as(agent, "account", name="Großes Haus")
    lives = kind(agent, "lives in the household")
    perform(agent, tied, home, MOST + 50, lives)
    perform(agent, hang, "relation", "to_id", home, 1, from_id=ada, type_id=lives)
    perform(agent, tied, ada, 3, kind(agent, "is a friend of"))
    first = ask(agent, opening.more, "contact", ada, "details", "party", 0)
    rest = ask(agent, opening.more, "contact", ada, "details", "party", first.next)
    told = [line.sub for line in (*first.lines, *rest.lines)]
    assert (len(first.lines), first.more, len(rest.lines), rest.more) == (MOST, 53, 53, 0)
    assert (told.count("Großes Haus"), told.count("is a friend of")) == (MOST + 50, 3)
