"""A field for a day and a time."""

import reflex as rx


class MomentField(rx.Component):
    """Ask for a moment by the reader's clock; ``name`` goes with the form in UTC, unchanged unless it was edited."""

    library = rx.asset("moment_field.jsx", shared=True).importable_path
    tag = "MomentField"
    _is_form_control = True

    input_id: rx.Var[str]
    name: rx.Var[str]
    value: rx.Var[str]
    invalid: rx.Var[bool]
    described_by: rx.Var[str]


moment_field = MomentField.create
