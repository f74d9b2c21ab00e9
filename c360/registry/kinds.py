"""Kinds of value: how each is read from text, written as text, edited and filtered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from c360.registry import values
from c360.registry.marks import SYSTEM_SET, Privacy

EMPTY_OPS = ("is_empty", "is_not_empty")
TEXT_OPS = ("contains", "not_contains", "equals", "not_equals", "starts_with", "ends_with", "any_of", *EMPTY_OPS)
NUMBER_OPS = ("equals", "not_equals", "less", "at_most", "more", "at_least", "between", *EMPTY_OPS)
MOMENT_OPS = ("on", "before", "after", "between_dates", "within", *EMPTY_OPS)
DATE_OPS = ("on", "before", "after", "between_dates", "within", "anniversary", *EMPTY_OPS)
CHOICE_OPS = ("is", "is_not", "is_any_of", "is_none_of", *EMPTY_OPS)
MULTI_OPS = ("has_any_of", "has_all_of", "has_none_of", *EMPTY_OPS)


def _plain(value: Any) -> str:
    return str(value)


def _iso(value: Any) -> str:
    return value.isoformat()


def _joined(value: Any) -> str:
    return "; ".join(str(v) for v in value)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value, from the text a person types to the operators that test it.

    ``parse`` raises ``ValueError`` with a key of the catalogue. ``write`` gives text that ``parse`` reads back.
    ``python`` is the type in memory, ``widget`` the editor, ``cell`` how a list shows it.
    """

    key: str
    parse: Callable[[str], Any] = str.strip
    write: Callable[[Any], str] = _plain
    python: type = str
    widget: str = "text"
    cell: str = "text"
    operators: tuple[str, ...] = TEXT_OPS
    multiple: bool = False


TEXT = Kind("text")
LONG_TEXT = Kind("long_text", widget="textarea")
EMAIL = Kind("email", parse=values.email, widget="email")
PHONE = Kind("phone", parse=values.phone, widget="tel")
WEB = Kind("url", parse=values.web, widget="url")
IBAN = Kind("iban", parse=values.iban)
BIC = Kind("bic", parse=values.bic)
INTEGER = Kind("integer", values.integer, python=int, widget="number", cell="number", operators=NUMBER_OPS)
NUMBER = Kind("number", values.number, python=float, widget="decimal", cell="number", operators=NUMBER_OPS)
PERCENT = Kind("percent", values.percent, python=float, widget="percent", cell="percent", operators=NUMBER_OPS)
MONEY = Kind(
    "money", values.minor_units, lambda v: f"{v / 100:.2f}", int, widget="money", cell="money", operators=NUMBER_OPS
)
DATE = Kind("date", values.day, _iso, date, widget="date", cell="date", operators=DATE_OPS)
MOMENT = Kind("moment", values.moment, _iso, datetime, widget="moment", cell="moment", operators=MOMENT_OPS)
BOOLEAN = Kind(
    "boolean", values.boolean, lambda v: "yes" if v else "no", bool, "switch", "boolean", operators=("is_yes", "is_no")
)
CHOICE = Kind("choice", values.uuid, python=UUID, widget="picker", cell="choice", operators=CHOICE_OPS)
CHOICES = Kind("choices", values.uuid, _joined, UUID, "pickers", "choices", operators=MULTI_OPS, multiple=True)
OPTION = Kind("option", widget="options", cell="option", operators=CHOICE_OPS)
OPTIONS = Kind("options", write=_joined, widget="checks", cell="options", operators=MULTI_OPS, multiple=True)
REFERENCE = Kind(
    "reference", values.uuid, python=UUID, widget="lookup", cell="reference", operators=(*CHOICE_OPS, "matches")
)
COUNTRY = Kind("country", values.country, widget="country", cell="country", operators=CHOICE_OPS)
LANGUAGE = Kind("language", values.language, widget="language", cell="language", operators=CHOICE_OPS)
CURRENCY = Kind("currency", values.currency, widget="currency", operators=CHOICE_OPS)
TIMEZONE = Kind("timezone", values.timezone, widget="timezone", operators=CHOICE_OPS)
TAGS = Kind("tags", values.uuid, _joined, UUID, "none", "tags", operators=MULTI_OPS, multiple=True)
FOLDERS = Kind("folders", values.uuid, _joined, UUID, "none", "folders", operators=MULTI_OPS, multiple=True)
CUSTOMERS = Kind("customers", values.uuid, _joined, UUID, "none", "customers", operators=MULTI_OPS[:3], multiple=True)
FILE = Kind("file", widget="file", cell="file", operators=EMPTY_OPS)
SCORE = Kind("score", values.integer, python=int, widget="none", cell="meter", operators=NUMBER_OPS[:-2])
JSON = Kind("json", python=dict, widget="none", cell="none", operators=())

KINDS = {kind.key: kind for kind in list(globals().values()) if isinstance(kind, Kind)}
KIND_BY_TYPE = {str: TEXT, int: INTEGER, float: NUMBER, bool: BOOLEAN, date: DATE, datetime: MOMENT, UUID: REFERENCE}

PLAIN, PERSONAL, SENSITIVE, SECRET = Privacy.PLAIN, Privacy.PERSONAL, Privacy.SENSITIVE, Privacy.SECRET

Text = Annotated[str, TEXT, PLAIN]
LongText = Annotated[str, LONG_TEXT, PLAIN]
Web = Annotated[str, WEB, PLAIN]
Whole = Annotated[int, INTEGER, PLAIN]
Money = Annotated[int, MONEY, PLAIN]
Day = Annotated[date, DATE, PLAIN]
Moment = Annotated[datetime, MOMENT, PLAIN]
Flag = Annotated[bool, BOOLEAN, PLAIN]
Choice = Annotated[UUID, CHOICE, PLAIN]
Choices = Annotated[list[str], CHOICES, PLAIN]
Reference = Annotated[UUID, REFERENCE, PLAIN]
Country = Annotated[str, COUNTRY, PLAIN]
Language = Annotated[str, LANGUAGE, PLAIN]
Timezone = Annotated[str, TIMEZONE, PLAIN]
Currency = Annotated[str, CURRENCY, PLAIN]
PersonName = Annotated[str, TEXT, PERSONAL]
PersonalText = Annotated[str, TEXT, PERSONAL]
PersonalNote = Annotated[str, LONG_TEXT, PERSONAL]
EmailAddress = Annotated[str, EMAIL, PERSONAL]
PhoneNumber = Annotated[str, PHONE, PERSONAL]
BirthDate = Annotated[date, DATE, PERSONAL]
Json = Annotated[dict[str, Any], JSON, PLAIN, SYSTEM_SET]
"""Bookkeeping the app writes; a column that holds a person's data says ``PERSONAL`` itself."""
