"""What handlers ask of the page beside its state: an act and its data, never a script.

Reflex sends a script where it is given one, and the page would have to allow eval for it. It also sends a value to a
ref of the page; the one these go to is no input but ``components/wraps/inbox.jsx``, which knows the acts by name.
"""

from typing import Any

from reflex_base.event import Event

INBOX = "ref_inbox"


def ask(act: str, **data: Any) -> Event:
    """Ask the page to act."""
    return Event("_set_value", payload={"ref": INBOX, "value": {"act": act, **data}})


def nothing() -> Event:
    """Ask for nothing, where a handler's failure is told on the page already."""
    return ask("nothing")


def emit(name: str, detail: Any) -> Event:
    """Send a browser event, which the component it concerns hears."""
    return ask("emit", name=name, detail=detail)


def focus(element: str, *, select: bool = False, unless: str = "") -> Event:
    """Put the cursor into a field as soon as it is there, unless it stands in one that fits ``unless``."""
    return ask("focus", id=element, select=select, unless=unless)


def insert(element: str, text: str) -> Event:
    """Put text where the cursor stands in a field."""
    return ask("insert", id=element, text=text)


def reveal(selector: str) -> Event:
    """Bring an element into view as soon as it is there."""
    return ask("reveal", selector=selector)


def submit(form: str, name: str, value: str) -> Event:
    """Send a form as its button would, with one more value in it."""
    return ask("submit", id=form, name=name, value=value)


def clock(handler: Any) -> Event:
    """Call a handler with the minutes the browser's clock is ahead of universal time, as its ``offset``."""
    return ask("clock", event=plain(handler))


def plain(handler: Any) -> dict[str, Any]:
    """Return a handler, with its arguments if it has any, as the page sends it back."""
    (event,) = Event.from_event_type(handler)
    return {"name": event.name, "payload": event.payload}
