"""Passwords: kept as Argon2id, long, and not among those people try first.

The common ones are the head of the list that zxcvbn (MIT licence) ships, with a few German ones.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from c360.core.errors import Invalid
from c360.core.fold import fold

SHORTEST = 12
LONGEST = 200
HASHER = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1),))
AT_ONCE = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
"""A hash takes 19 MB and a core, so that a crowd at the door waits in line."""
LIKE_LETTERS = str.maketrans("013457@$!", "oieastasi")


@cache
def common() -> frozenset[str]:
    """Return passwords people use and attackers try."""
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text("utf-8").splitlines())


@cache
def _nobody() -> str:
    return HASHER.hash("nobody has this password")


def make(password: str, *, name: str = "", login: str = "") -> str:
    """Return how a new password is kept; ``Invalid`` says what is wrong with it."""
    if wrong := problem(password, name=name, login=login):
        raise Invalid.field("password", wrong, n=SHORTEST)
    return AT_ONCE.submit(HASHER.hash, password).result()


def fits(password: str, kept: str | None) -> bool:
    """Tell whether a password is the one kept; takes as long when nothing is kept."""
    # An unknown user must not be told apart by the time an answer takes.
    asked = password[:LONGEST]
    found = AT_ONCE.submit(HASHER.verify, asked, kept or _nobody()).result()
    return found and kept is not None and len(password) <= LONGEST


def problem(password: str, *, name: str = "", login: str = "") -> str | None:
    """Return the key of what is wrong with a password, or None; no rule asks for signs or digits."""
    if len(password) < SHORTEST:
        return "password.short"
    if len(password) > LONGEST:
        return "password.long"
    plain = fold(password)
    own = [part for part in re.split(r"\W+", fold(f"{name} {login}")) if len(part) >= 4]
    if any(part in plain and len(plain) - len(part) < SHORTEST - 4 for part in own):
        return "password.own"
    return "password.common" if _is_common(plain) else None


def _is_common(plain: str) -> bool:
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    spoken = re.sub(r"[\W\d_]+$", "", plain).translate(LIKE_LETTERS)
    if {plain, core, spoken, plain.translate(LIKE_LETTERS)} & common():
        return True
    if len(set(plain)) < 5 or not core:
        return True  # A few signs over and over, or nothing but digits.
    return any(len(plain) % n == 0 and plain == plain[:n] * (len(plain) // n) for n in range(1, len(plain) // 2 + 1))
