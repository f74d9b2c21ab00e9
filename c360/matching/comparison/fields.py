"""Which comparisons these records allow, and what is expected of duplicates before anything is learned."""

from collections.abc import Sequence

from c360.matching.comparison import organisations, people, places, reach
from c360.matching.comparison.base import Comparison, code, exact, fuzzy, optional
from c360.matching.records import Records

WORDS = ("same", "similar", "different")
SAME = ("same", "different")
OPTIONAL = ("same", "only one has it", "different")
BARE_NAME = {"given", "family", "middle", "suffix", "gender", "name", "legal_form"}
PEOPLE = (
    Comparison("given", people.GIVEN, (0.78, 0.05, 0.035, 0.08, 0.02, 0.035), people.given, "given", 0.08),
    Comparison("family", people.FAMILY, (0.84, 0.08, 0.02, 0.02, 0.04), people.family, "family", 0.10),
    Comparison("middle", people.MIDDLE, (0.6, 0.3, 0.1), people.middle),
    Comparison("suffix", OPTIONAL, (0.5, 0.48, 0.02), optional("suffix"), "", 0.02),
    Comparison("birth_date", people.DAY, (0.87, 0.07, 0.03, 0.01, 0.02), people.day, "birth_date", 0.15),
    Comparison("gender", SAME, (0.98, 0.02), exact("gender"), "", 0.03),
    Comparison("identity_number", WORDS, (0.85, 0.1, 0.05), code("identity_number"), "identity_number", 0.07),
    Comparison("birth_place", WORDS, (0.6, 0.08, 0.32), fuzzy("birth_place", 0.88), "birth_place"),
    Comparison("occupation", WORDS, (0.6, 0.08, 0.32), fuzzy("occupation", 0.88), "occupation"),
    Comparison("employer", WORDS, (0.6, 0.08, 0.32), fuzzy("employer", 0.88), "employer"),
)
NAME_SHARES = (0.5, 0.07, 0.17, 0.07, 0.02, 0.07, 0.06, 0.04)
ORGANISATIONS = (
    Comparison("name", organisations.NAME, NAME_SHARES, organisations.name, "name", 0.2),
    Comparison("legal_form", OPTIONAL, (0.5, 0.42, 0.08), optional("legal_form"), "", 0.15),
    Comparison("website", WORDS, (0.85, 0.05, 0.1), fuzzy("website", 0.92), "website", 0.3),
    Comparison("tax_number", WORDS, (0.9, 0.05, 0.05), code("tax_number"), "tax_number", 0.06),
    Comparison(
        "registration_number", WORDS, (0.9, 0.05, 0.05), code("registration_number"), "registration_number", 0.06
    ),
    Comparison("fax", SAME, (0.8, 0.2), exact("fax"), "fax", 0.5),
)


def comparisons(records: Records, entity: str) -> list[Comparison]:
    """Return what these records can be compared by, in the order an explanation names them."""
    return [one for one in known_comparisons(entity) if one.name in records and records[one.name].filled]


def known_comparisons(entity: str) -> tuple[Comparison, ...]:
    """Return everything records of an entity are ever compared by."""
    moves = entity == "contact"  # Organisations move and change their numbers less often than people.
    own = PEOPLE if moves else ORGANISATIONS
    both = (
        Comparison("email", reach.EMAIL, (0.60, 0.05, 0.05, 0.30), reach.email, "email", 0.5),
        Comparison("phone", reach.PHONE, (0.6, 0.04, 0.36), reach.phone, "phone", 0.55 if moves else 0.2),
        Comparison(
            "address", places.ADDRESS, (0.55, 0.06, 0.04, 0.05, 0.08, 0.22), places.address, "address",
            0.40 if moves else 0.2,
        ),
        Comparison("address_extra", WORDS, (0.75, 0.1, 0.15), fuzzy("address_extra", 0.85), "address_extra"),
    )  # fmt: skip
    return own + both


def can_tell(fields: Sequence[Comparison]) -> bool:
    """Tell whether enough can be compared to learn what it is worth; a name and nothing else is not."""
    return not {one.name for one in fields} <= BARE_NAME and len(fields) >= 2
