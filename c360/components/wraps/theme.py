"""Link ``theme.js``, so that sibling wrappers can import ``useDark`` from it."""

from c360.components.wraps import shared

THEME = shared(__name__, "theme.js")
