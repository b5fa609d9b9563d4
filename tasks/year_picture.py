"""The year of a cycle as a picture: stages and steps as bars over days, what was moved, days off, today.

A picture like those of `tasks.pictures`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from textwrap import wrap
from typing import Any

import altair as alt

from tasks.picture_looks import ACCENT, INK, LINE, MUTED, STANDING_COLOURS, drawn_once, svg
from tasks.pictures import stamp

GUTTER, YEAR_WIDTH, ROW, NAME_WIDE = 300, 1180, 34, 43
"""The year's line in pixels: names stand in a column of their own, so that no line ever crosses a word."""


@drawn_once
def year_line(
    bars: Sequence[Mapping[str, Any]],
    off: Sequence[Mapping[str, Any]],
    moved: Sequence[Mapping[str, Any]],
    today: date,
    names: Mapping[str, str],
) -> str:
    """The year as bars over days: a bar is {"name","from","to","kind","order"}, kind "stage" or "step".

    `off` are {"day","working"}: days off and make-up days as thin stripes. `moved` are {"order","from","to"}: arrows.
    """
    rows = [
        dict(bar)
        | {"from": stamp(bar["from"]), "to": stamp(bar["to"] + timedelta(days=1)), "end": stamp(bar["to"])}
        | {"lines": "\n".join(wrap(bar["name"], NAME_WIDE)), "wraps": len(bar["name"]) > NAME_WIDE}
        for bar in bars
    ]
    order = [str(row["order"]) for row in sorted(rows, key=lambda row: row["order"])]
    high = max(ROW * len(order), 60)
    y = alt.Y("order:N", sort=order, title=None, axis=None)
    x = alt.X(
        "from:T",
        title=None,
        axis=alt.Axis(format="%d/%m", orient="top", tickCount=10),
        scale=alt.Scale(nice=False, range=[GUTTER, YEAR_WIDTH]),
    )
    whole = alt.Chart(alt.Data(values=rows))
    layers: list[Any] = [*_stripes(off, x)]
    layers.append(
        whole.mark_rule(color=LINE, strokeDash=[1, 3]).encode(x=alt.value(GUTTER), x2=alt.value(YEAR_WIDTH), y=y)
    )
    colour = alt.condition("datum.kind == 'stage'", alt.value(ACCENT), alt.value(STANDING_COLOURS["open"]))
    layers += [
        whole.mark_bar(height=9, cornerRadius=3).encode(x=x, x2=alt.X2("to:T"), y=y, color=colour),
        whole.mark_text(align="left", dx=6, fontSize=11, color=MUTED).encode(
            x=alt.X("to:T"), y=y, text=alt.Text("end:T", format="%d/%m")
        ),
        *(_names(whole, y, stage, wraps) for stage in (True, False) for wraps in (True, False)),
    ]
    layers += _arrows(moved, x, y)
    if rows and min(row["from"] for row in rows) <= stamp(today) <= max(row["to"] for row in rows):
        now = alt.Chart(alt.Data(values=[{"from": stamp(today), "text": names["today"]}]))
        layers.append(now.mark_rule(color=INK, strokeWidth=1.5).encode(x=x))
        said = now.mark_text(align="center", color=INK, fontSize=12, fontWeight="bold")
        layers.append(said.encode(x=x, y=alt.value(high + 12), text=alt.Text("text:N")))
    return svg(alt.layer(*layers).properties(width=YEAR_WIDTH, height=high))


def _names(whole: Any, y: Any, stage: bool, wraps: bool) -> Any:
    """The names in their column: stages stand out; one of two lines is raised by half a line."""
    mine = whole.transform_filter(
        f"(datum.kind == 'stage') == {str(stage).lower()} && datum.wraps == {str(wraps).lower()}"
    )
    looks = {"color": INK if stage else MUTED, "fontWeight": "bold" if stage else "normal", "dy": -7 if wraps else 0}
    return mine.mark_text(align="left", fontSize=12, lineBreak="\n", lineHeight=14, **looks).encode(
        x=alt.value(0), y=y, text=alt.Text("lines:N")
    )


def _stripes(off: Sequence[Mapping[str, Any]], x: Any) -> list[Any]:
    """Days off and make-up days, from top to bottom."""
    if not off:
        return []
    days = [
        {"from": stamp(one["day"]), "to": stamp(one["day"] + timedelta(days=1)), "works": one["working"]} for one in off
    ]
    works, rests = (alt.value(STANDING_COLOURS[name]) for name in ("done_on_time", "at_risk"))
    tint = alt.condition("datum.works", works, rests)
    return [alt.Chart(alt.Data(values=days)).mark_rect(opacity=0.25).encode(x=x, x2=alt.X2("to:T"), color=tint)]


def _arrows(moved: Sequence[Mapping[str, Any]], x: Any, y: Any) -> list[Any]:
    """From the end of the day that was to that of the day that is, under the bar of the step."""
    if not moved:
        return []
    day = timedelta(days=1)
    rows = [dict(one) | {"from": stamp(one["from"] + day), "to": stamp(one["to"] + day)} for one in moved]
    for row in rows:
        row["turn"] = 90 if row["to"] >= row["from"] else -90
    whole, colour = alt.Chart(alt.Data(values=rows)), STANDING_COLOURS["done_late"]
    line = whole.mark_rule(strokeWidth=2, color=colour, yOffset=10).encode(x=x, x2=alt.X2("to:T"), y=y)
    head = whole.mark_point(shape="triangle-up", filled=True, size=70, opacity=1, color=colour, yOffset=10)
    turn = alt.Angle("turn:Q", scale=None)
    tail = whole.mark_tick(thickness=2, size=9, color=colour, yOffset=10).encode(x=x, y=y)
    return [line, tail, head.encode(x=alt.X("to:T"), y=y, angle=turn)]
