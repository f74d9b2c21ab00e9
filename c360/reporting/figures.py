"""Figures: numbers as the traces plotly draws, one function a chart. Colours are variables of the theme."""

from collections.abc import Sequence
from typing import Any

HUES = ("indigo", "teal", "amber", "plum", "cyan", "gray")
Trace = dict[str, Any]


def stacked(
    labels: Sequence[str], keys: Sequence[str], series: Sequence[tuple[str, str, Sequence[int]]]
) -> list[Trace]:
    """Return bars that stand on each other, a place on the axis for each label.

    A series is its key, its name and a number for each label; a click tells the label's key and the series' own.
    """
    return [
        {
            "type": "bar",
            "name": name,
            "x": list(labels),
            "y": list(numbers),
            "customdata": [[at, key] for at in keys],
            "marker": {"color": f"var(--{HUES[n % len(HUES)]}-9)"},
            "hovertemplate": "%{x}: %{y}<extra>%{fullData.name}</extra>",
        }
        for n, (key, name, numbers) in enumerate(series)
    ]
