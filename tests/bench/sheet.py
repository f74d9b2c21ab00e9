"""Tables of docs/benchmarks.md, each between two marks; a new run replaces the row of an earlier one."""

from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def put(section: str, title: str, columns: tuple[str, ...], key: tuple[str, ...], *rest: str) -> str:
    """Write one row into a section's table, in place of the row with the same key, and return it."""
    text = PAGE.read_text("utf-8") if PAGE.exists() else "# Benchmarks\n"
    begin, end = f"<!-- {section}: begin -->", f"<!-- {section}: end -->"
    head = f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}\n"
    if begin not in text:
        text += f"\n## {title}\n\n{begin}\n{head}{end}\n"
    before, _, after = text.partition(begin)
    table, _, after = after.partition(end)
    start = f"| {' | '.join(key)} |"
    rows = [row for row in table.strip().splitlines()[2:] if not row.startswith(start)]
    row = f"{start} {' | '.join(rest)} |"
    PAGE.write_text(f"{before}{begin}\n{head}" + "\n".join([*rows, row]) + f"\n{end}{after}", "utf-8")
    return row
