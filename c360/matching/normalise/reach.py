"""E-mail addresses, phone numbers and web addresses; what reaches nobody in particular is no value at all."""

import re

from c360.matching.normalise.text import plain, words_of

_NO_DIGITS = {ord(sign): None for sign in map(chr, range(128)) if not sign.isdigit()}
_EXTENSION = re.compile(r"(?:x|ext|#|durchwahl).*$")
_SCHEME = re.compile(r"^(https?:?/*)?(www\d?\.)?")
_KEPT = 9
MAILBOXES = words_of(
    "info sales contact office admin hello support mail kontakt service noreply noemail none test na unknown billing"
    " accounts team no-reply no_reply donotreply do-not-reply webmaster postmaster email nomail buero accounting"
)
"""Mailboxes of a role, shared by whoever holds it, and those people type to be left in peace."""
PROVIDERS = {
    "googlemail.com": "gmail.com", "gmial.com": "gmail.com", "gmail.co": "gmail.com", "gmai.com": "gmail.com",
    "gmal.com": "gmail.com", "gnail.com": "gmail.com", "hotmial.com": "hotmail.com", "hotmai.com": "hotmail.com",
    "yaho.com": "yahoo.com", "yahoo.co": "yahoo.com", "outlok.com": "outlook.com", "outloo.com": "outlook.com",
}  # fmt: skip
FREE = words_of(
    "gmail.com hotmail.com outlook.com live.com msn.com yahoo.com ymail.com aol.com icloud.com me.com mac.com gmx.de"
    " gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de arcor.de mail.de posteo.de mailbox.org protonmail.com"
    " proton.me pm.me tutanota.com tuta.io mail.com mail.ru yandex.ru yandex.com zoho.com fastmail.com qq.com 163.com"
    " 126.com sina.com naver.com daum.net hotmail.de hotmail.fr hotmail.it hotmail.co.uk yahoo.de yahoo.fr yahoo.it"
    " yahoo.es yahoo.co.uk yahoo.co.jp yahoo.com.br outlook.de outlook.fr live.de live.fr orange.fr wanadoo.fr free.fr"
    " laposte.net sfr.fr libero.it tiscali.it virgilio.it alice.it bluewin.ch hispeed.ch aon.at btinternet.com sky.com"
    " comcast.net verizon.net att.net telia.com wp.pl o2.pl onet.pl seznam.cz centrum.cz abv.bg ukr.net"
)
"""Providers who give a mailbox to anybody: to share one says nothing."""
NO_DOTS = frozenset({"gmail.com"})
"""Providers for whom dots in a mailbox mean nothing."""
_RUNS = ("234567890", "123456789", "012345678", "987654321")


def email(text: str) -> str:
    """Return an e-mail address as the provider reads it; nothing for a role's mailbox.

    >>> email("Ada.King+shop@GoogleMail.com "), email("info@king.com")
    ('adaking@gmail.com', '')
    """
    address = plain(text).replace(" ", "").removeprefix("mailto:")
    if "@" not in address:
        return address if len(address) > 5 else ""
    mailbox, domain = address.rsplit("@", 1)
    mailbox = mailbox.split("+", 1)[0]
    if not mailbox or mailbox in MAILBOXES:
        return ""
    domain = PROVIDERS.get(domain, domain)
    return f"{mailbox.replace('.', '') if domain in NO_DOTS else mailbox}@{domain}"


def domain(text: str) -> str:
    """Return the domain of an e-mail address that belongs to somebody in particular; nothing for a free provider's.

    >>> domain("Ada@King.example "), domain("ada.king@googlemail.com")
    ('king.example', '')
    """
    found = text.strip().lower().rpartition("@")[2] if "@" in text else ""
    return "" if PROVIDERS.get(found, found) in FREE else found


def mailbox(address: str) -> str:
    """Return what stands before the @, without the marks that people leave out."""
    return address.split("@")[0].replace(".", "").replace("_", "").replace("-", "")


def phone(text: str) -> str:
    """Return the last nine digits of a number, which no prefix changes; nothing for what is dialled in jest.

    >>> phone("+49 (0)30 901820-1"), phone("030/9018201"), phone("000 000 0000")
    ('309018201', '309018201', '')
    """
    number = plain(text)
    if "x" in number or "#" in number or "durchwahl" in number:
        number = _EXTENSION.sub("", number)
    digits = number.translate(_NO_DIGITS)
    if len(digits) < 7:
        return ""
    digits = digits[-_KEPT:]
    return "" if len(set(digits)) <= 2 or digits in _RUNS else digits


def web(text: str) -> str:
    """Return the host of a web address without "www"."""
    return _SCHEME.sub("", plain(text).strip()).split("/")[0].split("?")[0].strip()
