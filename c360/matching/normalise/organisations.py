"""Names of organisations: legal forms off, spelled-out initials joined, the shortest ways to write common words."""

import re

from c360.matching.normalise.text import plain, words, words_of

LEGAL_FORMS = words_of(
    "inc incorporated llc ltd limited corp corporation co company plc llp lp gmbh ag kg ohg mbh gesellschaft sarl sa"
    " sas sl srl spa bv nv ab aktiebolag oy as aps sro kft pty pte the group holding holdings kabushiki kaisha kk se"
    " ev ug cie liability eg gbr oyj asa doo sp zoo sia uab ltda"
)
SHORT = {
    "international": "intl", "int": "intl", "technologies": "tech", "technology": "tech", "services": "service",
    "svcs": "service", "svc": "service", "engineering": "eng", "manufacturing": "mfg", "solutions": "solution",
    "systems": "system", "sys": "system", "brothers": "bros", "associates": "assoc", "association": "assoc",
    "construction": "constr", "department": "dept", "university": "univ", "laboratories": "labs", "products": "prod",
    "industries": "industry", "ind": "industry", "management": "mgmt", "national": "natl", "american": "amer",
    "enterprises": "enterprise", "ent": "enterprise", "communications": "comm", "distribution": "dist",
}  # fmt: skip
"""Words that are abbreviated as often as not."""
FORMS = {
    "incorporated": "inc", "corporation": "corp", "company": "co", "limited": "ltd", "aktiebolag": "ab",
    "mbh": "gmbh", "gesellschaft": "gmbh", "kaisha": "kk", "kabushiki": "kk", "pte": "pty",
}  # fmt: skip
"""Legal forms written in full, and their short forms."""
NO_FORM = words_of("the group holding holdings cie")
_INITIALS = re.compile(r"\b(?:[a-z]\.\s?){2,}")


def organisation(text: str) -> str:
    """Return the words that name an organisation, without its legal form.

    >>> organisation("The A.B.C. Söhne & Co. GmbH"), organisation("Müller International Ltd.")
    ('abc sohne', 'muller intl')
    """
    parts = [SHORT.get(word, word) for word in _words(text)]
    return " ".join([word for word in parts if word not in LEGAL_FORMS] or parts)


def _words(text: str) -> list[str]:
    line = plain(text).replace("&", " and ").replace("+", " and ").replace("int'l", "intl")
    line = _INITIALS.sub(lambda found: found.group().replace(".", "").replace(" ", "") + " ", line)
    return [word for word in words(line) if word != "and"]


def legal_form(text: str) -> str:
    """Return the legal form a name carries, however it is written; nothing when it carries none.

    >>> legal_form("Iron Ltd."), legal_form("Iron Limited"), legal_form("Iron GmbH & Co. KG"), legal_form("Iron")
    ('ltd', 'ltd', 'co gmbh kg', '')
    """
    found = {FORMS.get(word, word) for word in _words(text)[1:] if word in LEGAL_FORMS and word not in NO_FORM}
    if "liability" in found:
        return "llc"
    return " ".join(sorted(found))


def initials(name: str) -> str:
    """Return the first letters of two words or more."""
    parts = name.split()
    return "".join(word[0] for word in parts) if len(parts) >= 2 else ""


def short_name(name: str) -> str:
    """Return a name that may be initials itself: one short word."""
    return name if " " not in name and 2 <= len(name) <= 6 else ""
