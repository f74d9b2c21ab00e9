"""The address of the server as the built pages know it, made right for wherever the app is served."""

import re
from pathlib import Path

from starlette.responses import Response

BAKED = re.compile(r"localhost:\d+")


def runtime_env(pages: Path, path: str, host: str) -> Response | None:
    """Return the script that names the server, with the port the person really uses; None for any other path.

    The build bakes its port into one small file; without this a build would work on that port alone.
    """
    if not (path.startswith("/assets/reflex-env-") and path.endswith(".js")) or ".." in path:
        return None
    file = pages / path.lstrip("/")
    if not file.is_file():
        return None
    port = host.rpartition(":")[2] if ":" in host.rpartition("]")[2] else ""
    script = BAKED.sub(f"localhost:{port if port.isdigit() else 80}", file.read_text("utf-8"))
    return Response(script, media_type="text/javascript", headers={"cache-control": "no-store"})
