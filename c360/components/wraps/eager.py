"""A client-only component whose chunk starts to download with the page instead of after hydration."""

import json

import reflex as rx
from reflex.utils import format as names


class EagerClient(rx.NoSSRComponent):
    """Base of the heavy wrappers: a chunk of their own, asked for at once."""

    def _get_dynamic_imports(self) -> str:
        name = self.alias or self.tag or ""
        library = names.format_library_name(self._get_import_name() or "")
        return (
            f"const {name}_mod = typeof window === 'undefined' ? null : import('{library}');\n"
            f"const {name} = ClientSide(() => {name}_mod.then((m) => m.{self.tag}), {json.dumps(name)})"
        )
