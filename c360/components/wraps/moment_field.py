"""A field for a day and a time."""

import reflex as rx

from c360.components.wraps import shared


class MomentField(rx.Component):
    """Ask for a moment by the reader's clock; ``name`` goes with the form in UTC, unchanged unless it was edited."""

    library = shared(__name__, "moment_field.jsx").importable_path
    tag = "MomentField"
    _is_form_control = True

    input_id: rx.Var[str]
    name: rx.Var[str]
    value: rx.Var[str]
    invalid: rx.Var[bool]
    described_by: rx.Var[str]


moment_field = MomentField.create
