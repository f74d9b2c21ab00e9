"""Where a file lies: SQLite's locks hold on disks of this machine, not on those of a network."""

import re
from pathlib import Path

NETWORK = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "davfs", "fuse.davfs2", "fuse.sshfs", "fuse.rclone",
    "fuse.glusterfs", "fuse.s3fs", "fuse.smbnetfs",
})  # fmt: skip
MOUNTS = Path("/proc/self/mountinfo")
"""What Linux tells of its mounts; other systems tell nothing here."""


def filesystem_of(path: Path) -> str:
    """Return the kind of filesystem a path lies on, nothing where the system does not tell."""
    try:
        lines = MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    real, best, kind = path.resolve(), Path(), ""
    for line in lines:
        where, _, what = line.partition(" - ")
        mounted = Path(re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), where.split()[4]))
        # Of two at one place, the later hides the earlier.
        if real.is_relative_to(mounted) and len(mounted.parts) >= len(best.parts):
            best, kind = mounted, what.split()[0]
    return kind


def is_local(path: Path) -> bool:
    """Tell whether a path lies on a disk of this machine, as far as the system tells."""
    return filesystem_of(path) not in NETWORK
