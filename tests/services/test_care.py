"""Care with free text: words that need it are pointed out, in any language, and nothing is ever refused."""

import pytest

from c360.core.errors import Invalid
from c360.services import administration
from c360.services.privacy import care
from c360.services.uow import ask, perform


@pytest.mark.feature("CNS-12")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Has cancer; his sick \n leave ends in May", ["cancer", "sick \n leave"]),
        ("Seit März KRANKGESCHRIEBEN, war früher im Gefängnis.", ["KRANKGESCHRIEBEN", "Gefängnis"]),
        ("Sie ist süchtig nach Kaffee 👩‍🚀 山", ["süchtig"]),
        ("Gayle from Cancerberg likes healthy food, jewels and wealth", ["healthy"]),
        ("hiv, HIV and Hiv", ["Hiv"]),
        ("مريم شركة", []),
        ("x" * 20_000, []),
        ("", []),
    ],
)
def test_words_that_need_care_are_pointed_out(agent, text, words):
    assert ask(agent, care.flagged, text) == words


@pytest.mark.feature("CNS-12")
def test_an_administrator_keeps_the_words(admin, agent):
    perform(
        admin, administration.change, "sensitive_words", {"en": "a.b*\n  star  sign, *\n", "de": "Sternzeichen;Güte"}
    )
    found = ask(agent, care.flagged, "cancer a.bc axb Star sign sternzeichen GÜTE gütevoll")
    assert found == ["a.bc", "Star sign", "sternzeichen", "GÜTE"]
    perform(admin, administration.change, "sensitive_words", {"en": "", "de": ""})
    assert ask(agent, care.flagged, "cancer") == []
    for wrong in ({"fr": "mot"}, "word", {"en": "\n".join(f"w{n}" for n in range(1_001))}):
        with pytest.raises(Invalid):
            perform(admin, administration.change, "sensitive_words", wrong)
