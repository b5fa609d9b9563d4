"""The picture in a letter to a district or a province, as PNG: mail programs do not show SVG. Drawn once, then kept."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from tasks.picture_looks import INK, STANDING_COLOURS, png

ORDER = ("done_on_time", "done_late", "open", "at_risk", "overdue")
LIGHT_ON = ("done_on_time", "done_late", "overdue")
"""Standings whose colour is dark: a number on them is white."""
KEPT_PICTURES = 64
"""A province's districts and the province itself, some kilobytes each; more provinces take turns."""

Bar = tuple[str, tuple[tuple[str, int], ...]]
"""An area, and how many of its communes are in each standing."""


@lru_cache(maxsize=KEPT_PICTURES)
def standing_bars(bars: tuple[Bar, ...], words: tuple[tuple[str, str], ...]) -> bytes:
    """A bar for each area, its communes by standing with their number in it; `words` name the standings."""
    import altair as alt

    named, rows = dict(words), list(_segments(bars))
    there = [one for one in ORDER if any(row["standing"] == one for row in rows)]
    for row in rows:
        row["word"] = named[row["standing"]]
    scale = alt.Scale(domain=[named[one] for one in there], range=[STANDING_COLOURS[one] for one in there])
    y = alt.Y("area:N", sort=[area for area, _ in bars], title=None, axis=alt.Axis(labelLimit=190, ticks=False))
    x = alt.X("from:Q", title=None, axis=None, scale=alt.Scale(nice=False))
    legend = alt.Legend(title=None, orient="top", labelFontSize=12, symbolType="square", columns=5)
    base = alt.Chart(alt.Data(values=rows))
    squares = base.mark_bar(height=20).encode(
        x=x, x2=alt.X2("to:Q"), y=y, color=alt.Color("word:N", scale=scale, legend=legend, sort=list(scale.domain))
    )
    white = alt.FieldOneOfPredicate(field="standing", oneOf=list(LIGHT_ON))
    counts = base.mark_text(fontSize=12, fontWeight="bold").encode(
        x=alt.X("middle:Q"),
        y=y,
        text=alt.Text("count:Q"),
        color=alt.condition(white, alt.value("#ffffff"), alt.value(INK)),
    )
    return png((squares + counts).properties(width=390, height=28 * len(bars)))


def _segments(bars: Sequence[Bar]) -> Any:
    for area, counts in bars:
        start, found = 0, dict(counts)
        for standing in ORDER:
            if count := found.get(standing, 0):
                yield _segment(area, standing, start, count)
                start += count


def _segment(area: str, standing: str, start: int, count: int) -> Mapping[str, Any]:
    end = start + count
    return {
        "area": area,
        "standing": standing,
        "from": start,
        "to": end,
        "middle": (start + end) / 2,
        "count": count,
    }
