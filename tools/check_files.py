"""Refuses files that cannot be read by their own format, and files too large for a repository."""

import json
import sys
import tomllib
from pathlib import Path

import yaml

LARGEST = 1_000_000
READERS = {".json": json.loads, ".toml": tomllib.loads, ".yaml": yaml.safe_load, ".yml": yaml.safe_load}


def problem(path: Path) -> str | None:
    """Return what is wrong with a file, None when nothing is."""
    if path.stat().st_size > LARGEST:
        return f"larger than {LARGEST:,} bytes"
    reader = READERS.get(path.suffix)
    try:
        return reader(path.read_text("utf-8")) and None if reader else None
    except (ValueError, yaml.YAMLError) as error:
        return str(error).splitlines()[0]


def main() -> int:
    """Check the files named on the command line."""
    found = {path: told for name in sys.argv[1:] if (told := problem(path := Path(name)))}
    sys.stderr.writelines(f"{path}: {told}\n" for path, told in found.items())
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
