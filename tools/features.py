"""Prints the features and the tests that prove them, read from the table and from the marks in the tests."""

import ast
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| ([A-Z][A-Z0-9-]*\d[a-z]?) \| (.+?) \| (done|partly|later) \|$")


def table() -> dict[str, tuple[str, str]]:
    """Return ``{id: (what, state)}`` of docs/features.md."""
    rows = (ROW.match(line) for line in (ROOT / "docs" / "features.md").read_text("utf-8").splitlines())
    return {row[1]: (row[2], row[3]) for row in rows if row}


def marks() -> dict[str, list[str]]:
    """Return the tests of each id: ``{"REC-9": ["tests/services/test_records.py::test_…"]}``."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        where = path.relative_to(ROOT).as_posix()
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for name in (i for mark in node.decorator_list for i in _ids(mark)):
                    found[name].append(f"{where}::{node.name}")
            elif isinstance(node, ast.Assign) and any(
                isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets
            ):
                for mark in ast.walk(node.value):
                    for name in _ids(mark):
                        found[name].append(where)
    return found


def _ids(mark: ast.AST) -> list[str]:
    if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == "feature":
        return [a.value for a in mark.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return []


def main() -> int:
    """Print one line a feature."""
    proofs, rows = marks(), table()
    for name, (what, state) in rows.items():
        sys.stdout.write(f"{name:10} {state:7} {len(proofs.get(name, ())):3} tests  {what}\n")
        sys.stdout.writelines(f"{'':25}{test}\n" for test in proofs.get(name, ()))
    done = sum(state == "done" for _, state in rows.values())
    sys.stdout.write(f"{len(rows)} features, {done} done, {sum(bool(proofs.get(n)) for n in rows)} with a test\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
