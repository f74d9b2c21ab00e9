"""The mask of account codes: text with a running number (``#``) and, if wanted, the year and month."""

import re

from c360.core.clock import today

_PART = re.compile(r"#+|\{YYYY\}|\{YY\}|\{MM\}")


def check(mask: str) -> str:
    """Return a mask as it is kept; ``ValueError`` unless it holds exactly one run of ``#`` for the number."""
    mask = mask.strip()
    runs = re.findall("#+", mask)
    rest = _PART.sub("", mask)
    if mask and (len(runs) != 1 or len(mask) > 40 or not re.fullmatch(r"[\w./ -]*", rest)):
        raise ValueError("setting.code_mask.bad")
    return mask


def written(mask: str, number: int) -> str:
    """Return the code of a number: ``A-####`` and 7 give ``A-0007``; a number too long for its mask is not cut."""
    now = today()
    words = {"{YYYY}": f"{now:%Y}", "{YY}": f"{now:%y}", "{MM}": f"{now:%m}"}
    return _PART.sub(lambda m: words.get(m[0]) or str(number).zfill(len(m[0])), mask)
