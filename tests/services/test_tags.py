"""Tags: who sees them, who makes them, who finds customers by them."""

import pytest

from c360.core.errors import C360Error, Forbidden, NotFound
from c360.query.criteria import Criteria, Criterion, Related
from c360.services import listing, tags
from c360.services.listing import ListQuery
from c360.services.uow import unit_of_work


def names(actor, criteria=None, column="name"):
    with unit_of_work(actor, reads=True) as uow:
        page = listing.rows(uow, ListQuery("contact", (column,), criteria or Criteria()), 0, 50)
    return [row[1] for row in page.rows]


@pytest.mark.feature("LST-11", "LST-12", "SEC-8")
def test_a_private_tag_exists_for_its_owner_alone(agent, admin, make_as):
    contact = make_as(agent, "contact", family_name="King")
    with unit_of_work(agent) as uow:
        secret = tags.save(uow, "Geheim ♥")
        shared = tags.save(uow, "Messe", "public", "teal")
        uow.flush()
        tags.put(uow, "contact", contact, [secret, shared, secret])
    with unit_of_work(agent, reads=True) as uow:
        assert [(t.name, t.uses, t.mine) for t in tags.tags(uow)] == [("Geheim ♥", 1, True), ("Messe", 1, True)]
    with unit_of_work(admin, reads=True) as uow:
        assert [t.name for t in tags.tags(uow)] == ["Messe"]
        with pytest.raises(NotFound):
            uow.get("tag", secret)
        assert listing.rows(uow, ListQuery("tagging", ("tag_id",)), 0, 50).total == 1
    assert [t["label"] for t in names(agent, column="tags")[0]] == ["Geheim ♥", "Messe"]
    assert [t["label"] for t in names(admin, column="tags")[0]] == ["Messe"]
    by_secret = Criteria((Criterion("tags", "has_any_of", (str(secret),)),))
    by_link = Criteria((Related("tagging", "customer_id", "at_least", 2),))
    for criteria in (by_secret, by_link):
        assert (names(agent, criteria), names(admin, criteria)) == (["King"], [])
    without = Criteria((Criterion("tags", "has_none_of", (str(shared),)),))
    assert names(agent, without) == []
    with unit_of_work(agent) as uow:
        tags.take(uow, "contact", contact, [shared])
    assert names(agent, without) == ["King"]


@pytest.mark.feature("LST-11", "SEC-8")
def test_only_keepers_make_and_change_corporate_tags(agent, stranger, admin, make_as):
    with pytest.raises(Forbidden), unit_of_work(agent) as uow:
        tags.save(uow, "Firmenweit", "corporate")
    with unit_of_work(admin) as uow:
        corporate = tags.save(uow, "Firmenweit", "corporate")
    with unit_of_work(agent) as uow:
        public = tags.save(uow, "Messe", "public")
    for tag in (corporate, public):
        with pytest.raises(Forbidden), unit_of_work(stranger) as uow:
            tags.change(uow, tag, "Anders", "public", "red")
    with pytest.raises(C360Error), unit_of_work(agent) as uow:
        tags.change(uow, public, "Messe", "corporate", "gray")
    contact = make_as(stranger, "contact", family_name="King")
    with unit_of_work(stranger) as uow:
        tags.put(uow, "contact", contact, [corporate, public])
    with unit_of_work(admin) as uow:
        tags.delete(uow, public)
    assert [t["label"] for t in names(stranger, column="tags")[0]] == ["Firmenweit"]
