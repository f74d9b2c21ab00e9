"""What is exported comes back as it was: the whole of an entity, written to a file and imported again."""

import pytest
from sqlmodel import select

from c360.core.actor import SYSTEM
from c360.models.customer import Customer
from c360.services import custom_fields, exports, listing, northwind
from c360.services.imports import direct
from c360.services.uow import ask, perform, unit_of_work

NASTY = ("=1+1", "'=1", "+49 (30) 12", 'a;b,"c"\nd', "Zoë 山 مريم 👩‍🚀", "NULL", "-1,5")


def state(actor):
    with unit_of_work(actor, reads=True) as uow:
        return {row.id: row.model_dump() for row in uow.session.exec(select(Customer))}


@pytest.mark.feature("B-IMP-8", "IMP-9", "IMP-10", "ADM-1")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_imported_again_changes_nothing(admin, make_as, tmp_path, form):
    northwind.load(admin)
    for entity in ("contact", "account"):
        perform(admin, custom_fields.add, {"entity": entity, "label": f"Bonus {entity}", "kind": "money"})
        field = {"entity": entity, "label": f"Tage {entity}", "kind": "choices"}
        perform(admin, custom_fields.add, field, [{"label": "Mo, früh"}, {"label": "Di"}])
    parent = make_as(admin, "account", name="Łódź & Söhne", revenue="1234567.89", founded_on="1899-12-31")
    for n, text in enumerate(NASTY):
        make_as(
            admin, "contact", family_name=f"Öz {n}", given_name=text, notes=text, job_title=text,
            birth_date="1988-02-29", preferred_media="phone; email", employer_id=str(parent),
            x_bonus_contact="-12.5", x_tage_contact="mo_fruh; di",
        )  # fmt: skip
        make_as(admin, "account", name=text, alternative_names=text, parent_id=str(parent), employees="007")
    before = state(admin)
    for entity in ("contact", "account"):
        path = tmp_path / f"{entity}s.{form}"
        query = listing.from_json(ask(SYSTEM, exports.whole, entity))
        rows = exports.write(admin, query, form, path)
        told = direct.run_file(admin, path, entity, match="id", on_match="overwrite")
        assert (told["rows"], told["unchanged"]) == (rows, rows), (told["problems"], told["samples"])
    assert state(admin) == before
