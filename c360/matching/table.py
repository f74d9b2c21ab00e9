"""What is given to the engine: columns of text, named by what they mean."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from c360.matching.column import Column, Text, encoded

CONTACT_FIELDS = (
    "full_name", "given_name", "middle_name", "family_name", "suffix", "birth_date", "gender", "email", "phone",
    "street", "house_number", "address_extra", "postal_code", "city", "region", "identity_number", "birth_place",
    "occupation", "employer",
)  # fmt: skip
ACCOUNT_FIELDS = (
    "name", "tax_number", "registration_number", "website", "email_domain", "email", "phone", "fax", "street",
    "house_number", "postal_code", "city",
)  # fmt: skip
FIELDS: dict[str, tuple[str, ...]] = {"contact": CONTACT_FIELDS, "account": ACCOUNT_FIELDS}
"""What can be compared of each entity."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows to compare, by column; a column without any value is left out."""

    size: int
    columns: Mapping[str, Column]

    def get(self, name: str) -> Column | None:
        """Return a column, if the table has it."""
        return self.columns.get(name)

    def without(self, names: Collection[str]) -> "Table":
        """Return the table without these columns."""
        return Table(self.size, {name: column for name, column in self.columns.items() if name not in names})


def table(size: int, columns: Mapping[str, Iterable[Text]]) -> Table:
    """Return a table of plain texts; empty and blank ones are no value."""
    found = {name: encoded(_text(value) for value in values) for name, values in columns.items()}
    return Table(size, {name: column for name, column in found.items() if len(column.values)})


def of_rows(rows: Sequence[Mapping[str, Text]], names: Sequence[str]) -> Table:
    """Return a table of a few records."""
    return table(len(rows), {name: [row.get(name) for row in rows] for name in names})


def _text(value: Text) -> Text:
    return value if value and not value.isspace() else None
