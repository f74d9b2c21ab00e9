"""What handlers ask of the page: data that arrives as it was, never a script."""

import json

import pytest

from c360.state import browser, toasts
from c360.state.attachments import AttachmentsTab
from tests.state.driving import rx

HOSTILE = "</script><img src=x onerror=alert(1)> ${1} `x` <reflex.Var>1</reflex.Var> \u2028 'O\"Neill' 山 مريم 🦊"


@pytest.mark.feature("R17")
@pytest.mark.parametrize("make", [
    toasts.done, toasts.failed, toasts.told,
    lambda text: browser.emit("c360:grid", {"op": text}),
    lambda text: browser.insert("feed-text", text),
])  # fmt: skip
def test_what_a_message_says_is_data(make):
    event = make(HOSTILE)
    assert event.name == "_set_value"
    assert HOSTILE in json.loads(json.dumps(list(event.payload["value"].values()))) or event.payload["value"][
        "detail"
    ] == {"op": HOSTILE}


@pytest.mark.feature("R17")
def test_the_way_back_of_a_message_is_a_handler_by_name():
    event = toasts.done("Done", AttachmentsTab.bring_back("0190"), "Undo")
    action = event.payload["value"]["action"]
    assert action["label"] == "Undo"
    assert action["event"]["name"].endswith("attachments_tab.bring_back")
    assert action["event"]["payload"] == {"set_id": "0190"}
    led = toasts.failed("No", rx.redirect("/admin"), "Show").payload["value"]["action"]["event"]
    assert (led["name"], led["payload"]["path"]) == ("_redirect", "/admin")
