"""React components the app wraps: readable ``.jsx`` files, each with a typed Python face beside it."""

import hashlib
import sys
from pathlib import Path
from uuid import uuid4

from reflex.assets import AssetPathStr


def shared(module: str, name: str) -> AssetPathStr:
    """Return what ``rx.asset(name, shared=True)`` returns in a module, and link the file for the build like it.

    Reflex finds the module by searching the source of every caller: 40 ms a file, a second at each start.
    """
    source = Path(str(sys.modules[module].__file__)).with_name(name)
    path = f"external/{module.replace('.', '/')}/{name}"
    link = Path.cwd() / "assets" / path
    if not link.is_symlink() or link.readlink() != source:
        link.parent.mkdir(parents=True, exist_ok=True)
        new = link.with_name(f".{uuid4().hex}.tmp")
        new.symlink_to(source)
        new.replace(link)
    version = hashlib.sha256(source.read_bytes()).hexdigest()[:8]
    return AssetPathStr(f"/{path}?v={version}", importable_path=f"/{path}")
