"""Link ``theme.js``, so that sibling wrappers can import ``useDark`` from it."""

import reflex as rx

THEME = rx.asset("theme.js", shared=True)
