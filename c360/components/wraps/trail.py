"""Step to the next or previous record of the list one came from."""

import reflex as rx

from c360.components.wraps import i18n, shared

I18N = i18n.LIBRARY


class Trail(rx.NoSSRComponent):
    """Show the place in the list and the way to its neighbours; nothing when one came from no list."""

    library = shared(__name__, "trail.jsx").importable_path
    tag = "Trail"

    record_id: rx.Var[str]
    tab: rx.Var[str]


trail = Trail.create
