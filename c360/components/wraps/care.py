"""A hint below a free text: what it should not hold, and which of its words need care."""

import reflex as rx

from c360.components.wraps import i18n, records, shared

I18N = i18n.LIBRARY
API = records.PARTS[0]


class Care(rx.Component):
    """Watch the text box whose id is ``of``."""

    library = shared(__name__, "care.jsx").importable_path
    tag = "Care"

    of: rx.Var[str]


care = Care.create
