"""Folding gives the same text in Python, on SQLite and on PostgreSQL."""

import unicodedata

from sqlalchemy import text

from c360.core import db
from c360.core.fold import fold

WORDS = (
    "Müller",
    "ẞtraße",
    "İstanbul",
    "ΟΔΟΣ οδος ς",
    "ﬁne ﬂy",
    "①②",
    "Łódź Øre Æther",
    "王伟",
    "שָׁלוֹם",
    "😀👩‍👩‍👧",
    "ｆｕｌｌ",
    "x" * 500,
    "A\u0301\u0327",
    "ǅ ǈ",
    "ſ K Å",
    "a\u0345",
)


def test_every_letter_folds_alike(database):
    letters = [chr(n) for n in range(1, 0x3000) if unicodedata.category(chr(n)) not in ("Cn", "Cs", "Co")]
    with db.engine().connect() as connection:
        statement = text("SELECT c360_fold(:value)")
        differing = {
            word: (fold(word), found)
            for word in (*WORDS, *("".join(letters[i : i + 40]) for i in range(0, len(letters), 40)))
            if (found := connection.execute(statement, {"value": word}).scalar_one()) != fold(word)
        }
    assert differing == {}
