"""Parsing: from the text a person types or a file holds to a typed value; ``ValueError`` names a catalogue key."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache
from uuid import UUID
from zoneinfo import available_timezones

import phonenumbers
from babel import Locale
from babel.numbers import list_currencies

from c360.core import home

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")
_DATE_FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y%m%d", "%d %b %Y", "%d %B %Y")
_CLOCK = re.compile(r"[,\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]m)?$", re.I)
_TRUE, _FALSE = {"true", "yes", "y", "1", "on", "ja", "j", "x"}, {"false", "no", "n", "0", "off", "nein"}
_IBAN_LENGTH = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
    "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20,
    "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18,
    "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SD": 18,
    "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22,
    "VG": 24, "XK": 20,
}  # fmt: skip


def email(text: str) -> str:
    """Return an e-mail address in lower case."""
    text = text.strip().lower()
    if not _EMAIL.fullmatch(text):
        raise ValueError("kind.email.bad")
    return text


def phone(text: str) -> str:
    """Return a phone number as it was typed, tidied; a number of no known country stays as it is."""
    text = " ".join(text.split())
    if sum(c.isdigit() for c in text) < 3 or re.search(r"[^\d\s()+./\-x#*,;a-z]", text, re.I):
        raise ValueError("kind.phone.bad")
    return text


def e164(text: str, country: str = "") -> str:
    """Return a phone number in E.164 where the country is known, else its digits."""
    return _e164(text, country or home.country())


@cache
def _e164(text: str, country: str) -> str:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def web(text: str) -> str:
    """Return a web address with its scheme; only http and https are links."""
    text = text.strip()
    if re.match(r"^[a-z][a-z0-9+.-]*:(?!\d)", text, re.I) and not re.match(r"^https?://", text, re.I):
        raise ValueError("kind.url.bad")
    text = text if re.match(r"^https?://", text, re.I) else f"https://{text}"
    if not re.fullmatch(r"https?://[^\s/@?#]+\.[^\s/@?#]{2,}([/?#]\S*)?", text, re.I):
        raise ValueError("kind.url.bad")
    return text


def integer(text: str) -> int:
    """Return a whole number; spaces and thousands separators are passed over."""
    try:
        number = decimal(text)
    except ValueError as error:
        raise ValueError("kind.integer.bad") from error
    if number != number.to_integral_value() or abs(number) >= 2**53:
        raise ValueError("kind.integer.bad")
    return int(number)


def decimal(text: str) -> Decimal:
    """Return a number written the English or the continental way."""
    raw = re.sub(r"[\s'’]", "", text)
    if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?|[+-]?\d+,\d{1,2}|[+-]?\d+,\d{4,}", raw):
        raw = raw.replace(".", "").replace(",", ".")
    else:
        raw = raw.replace(",", "")
    try:
        number = Decimal(raw)
    except InvalidOperation as error:
        raise ValueError("kind.number.bad") from error
    if not number.is_finite():
        raise ValueError("kind.number.bad")
    return number


def minor_units(text: str) -> int:
    """Return an amount of money in cents of the base currency."""
    amount = decimal(re.sub(r"[^\d.,\-+'’\s]", "", text)) * 100
    if abs(amount) >= 2**53:
        raise ValueError("kind.number.bad")
    return int(amount.to_integral_value())


def percent(text: str) -> float:
    """Return a percentage as typed: 12.5 means 12.5 %."""
    return float(decimal(text.replace("%", "")))


def number(text: str) -> float:
    """Return a number with decimals."""
    return float(decimal(text))


def day(text: str) -> date:
    """Return a date written in ISO or a common form; day before month."""
    text = text.strip()
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text[:10] if form == "%Y-%m-%d" else text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise ValueError("kind.date.bad")


def moment(text: str) -> datetime:
    """Return a point in time written in ISO, or as a day in a common form and perhaps a time; without a zone UTC."""
    text = text.strip()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = _common_moment(text)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _common_moment(text: str) -> datetime:
    clock = _CLOCK.search(text)
    try:
        at = time.fromisoformat(f"{int(clock[1]):02}:{clock[2]}:{clock[3] or '00'}") if clock else time()
        if clock and clock[4]:
            at = at.replace(hour=at.hour % 12 + 12 * (clock[4].lower() == "pm"))
        return datetime.combine(day(text[: clock.start()] if clock else text), at)
    except ValueError as error:
        raise ValueError("kind.moment.bad") from error


def boolean(text: str) -> bool:
    """Return yes or no."""
    word = text.strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError("kind.boolean.bad")
    return word in _TRUE


def uuid(text: str) -> UUID:
    """Return an id."""
    try:
        return UUID(text.strip())
    except ValueError as error:
        raise ValueError("kind.reference.bad") from error


def iban(text: str) -> str:
    """Return an IBAN without spaces, after checking its length and check digits (ISO 13616)."""
    code = re.sub(r"[\s-]", "", text).upper()
    if len(code) != _IBAN_LENGTH.get(code[:2]) or not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]+", code):
        raise ValueError("kind.iban.bad")
    if int("".join(str(int(c, 36)) for c in code[4:] + code[:4])) % 97 != 1:
        raise ValueError("kind.iban.bad")
    return code


def bic(text: str) -> str:
    """Return a BIC (ISO 9362)."""
    code = text.replace(" ", "").upper()
    if not re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", code):
        raise ValueError("kind.bic.bad")
    return code


@cache
def _countries() -> dict[str, str]:
    names = {}
    for language in ("de", "en"):
        names |= {n.casefold(): c for c, n in Locale(language).territories.items() if len(c) == 2 and c.isalpha()}
    return names | {"usa": "US", "uk": "GB", "england": "GB", "deutschland": "DE"}


@cache
def country(text: str) -> str:
    """Return a country's two-letter code (ISO 3166) from its code or its English or German name."""
    text = text.strip()
    if text.upper() in set(_countries().values()):
        return text.upper()
    try:
        return _countries()[text.casefold()]
    except KeyError as error:
        raise ValueError("kind.country.bad") from error


def language(text: str) -> str:
    """Return a language's two-letter code (ISO 639)."""
    code = text.strip().lower().replace("_", "-").split("-")[0]
    if code not in Locale("en").languages or len(code) > 3:
        raise ValueError("kind.language.bad")
    return code


def currency(text: str) -> str:
    """Return a currency's code (ISO 4217)."""
    code = text.strip().upper()
    if code not in list_currencies():
        raise ValueError("kind.currency.bad")
    return code


def timezone(text: str) -> str:
    """Return a time zone's name (IANA)."""
    if text.strip() not in available_timezones():
        raise ValueError("kind.timezone.bad")
    return text.strip()
