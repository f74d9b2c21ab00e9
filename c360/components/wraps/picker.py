"""A combobox: choose one or several of given options, of what the server finds, or make new ones."""

from typing import Any, NotRequired, TypedDict

import reflex as rx
from reflex.event import passthrough_event_spec

from c360.components.wraps import i18n, shared

I18N = i18n.LIBRARY


class Option(TypedDict):
    """One entry of a picker."""

    value: str
    label: str
    sub: NotRequired[str]
    color: NotRequired[str]


class Picker(rx.NoSSRComponent):
    """Choose values (``items`` are each an ``Option``); with ``name`` they go with the form, as hidden inputs.

    ``search_url`` (``/api/lookup/<entity>``) finds options; ``remote`` asks ``on_search`` instead. Without
    ``on_value_change`` the picker keeps its own value. It takes ``input_id``, not ``id``: Reflex reads a control
    with an id through its ref and would submit null.
    """

    library = shared(__name__, "picker.jsx").importable_path
    tag = "Picker"
    lib_dependencies: list[str] = ["@base-ui/react@1.9.0"]
    _is_form_control = True

    input_id: rx.Var[str]
    name: rx.Var[str]
    label: rx.Var[str]
    items: rx.Var[list[Any]]
    value: rx.Var[str | list[str]]
    multiple: rx.Var[bool]
    creatable: rx.Var[bool]
    remote: rx.Var[bool]
    search_url: rx.Var[str]
    busy: rx.Var[bool]
    invalid: rx.Var[bool]
    disabled: rx.Var[bool]
    described_by: rx.Var[str]
    placeholder: rx.Var[str]
    on_value_change: rx.EventHandler[passthrough_event_spec(list[str])]
    on_search: rx.EventHandler[passthrough_event_spec(str)]


picker = Picker.create
