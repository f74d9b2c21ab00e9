"""What was measured, kept as lines of a table in ``docs/benchmarks.md`` between two marks."""

import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

TABLE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- lists: begin -->", "<!-- lists: end -->"
HEAD = (
    "| database | customers | what | floor p50 | floor p95 | ours p50 | ours p95 | ratio p50 | bar met |\n"
    "|---|---:|---|---:|---:|---:|---:|---:|---|\n"
)


def p95(times: Sequence[float]) -> float:
    """Return the time 95 of 100 runs stay within."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def line(what: str, ours: Sequence[float], floors: Sequence[float]) -> str:
    """Return one row's figures in milliseconds."""
    numbers = [statistics.median(floors), p95(floors), statistics.median(ours), p95(ours)]
    told = " | ".join(f"{n * 1000:.1f}" for n in numbers)
    met = "yes" if numbers[3] <= 3 * numbers[1] + 0.010 else "**no**"
    return f"{what} | {told} | {numbers[2] / numbers[0]:.1f} | {met} |"


def note(backend: str, size: int, what: str, ours: Sequence[float], floors: Sequence[float]) -> None:
    """Put a row into the table, in place of the one of an earlier run."""
    text = TABLE.read_text("utf-8") if TABLE.exists() else "# Benchmarks\n"
    if BEGIN not in text:
        text += f"\n## Lists and search, server side, milliseconds\n\n{BEGIN}\n{HEAD}{END}\n"
    before, _, rest = text.partition(BEGIN)
    table, _, after = rest.partition(END)
    start = f"| {backend} | {size:,} | "
    rows = [row for row in table.strip().splitlines()[2:] if not row.startswith(f"{start}{what} |")]
    rows.append(start + line(what, ours, floors))
    sys.stdout.write(f"\n{rows[-1]}\n")
    TABLE.write_text(f"{before}{BEGIN}\n{HEAD}" + "\n".join(rows) + f"\n{END}{after}", "utf-8")


def forget_counts() -> None:
    """Forget every count the app remembers."""
    sys.modules["c360.services.listing.rows"]._counts.clear()
