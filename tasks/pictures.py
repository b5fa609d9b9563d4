"""Pictures as SVG, drawn on the server by Altair: the same on a page, in a report and as a Prefect artifact.

Each function takes plain values and returns the SVG as text with colours of its own; `dashboard.on_page` lets it follow
a page's light or dark. How they look, and PNG for paper, stand in `tasks.picture_looks`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

import altair as alt

from tasks.picture_looks import (
    ACCENT,
    INK,
    LINE,
    MUTED,
    NOWHERE,
    ON_TOP,
    STANDING_COLOURS,
    STANDING_SHAPES,
    drawn_once,
    svg,
)


@drawn_once
def burn_up(
    days: Sequence[tuple[date, int]],
    before: Sequence[tuple[date, int]],
    total: int,
    last_day: date | None,
    today: date,
    names: Mapping[str, str],
) -> str:
    """Communes that have filed, day by day, against all of them, the last day, and the year before (moved a year on).

    `names`: the words for "this_year", "last_year", "last_day", "today", "communes".
    """
    first, end = _span(days, before, last_day, today)
    layers: list[Any] = [_level(total, first, end)]
    if before:
        layers.append(_stairs(_steps(before, first, end), MUTED, [4, 3]))
        layers.append(_end_label(_steps(before, first, end), names["last_year"], MUTED))
    mine = _steps(days, first, min(today, end))
    ahead = _steps(before, first, end)[-1]["count"] - mine[-1]["count"] if before else total
    aside = 0 if abs(ahead) > total * 0.12 else 15 if ahead >= 0 else -9  # two words never lie upon each other
    if not before and mine[-1]["count"] > total * 0.9:
        aside = 10  # the word of the day stands at the top
    layers += [_stairs(mine, ACCENT, [1, 0], 2.5), _end_label(mine, names["this_year"], ACCENT, aside)]
    if last_day:
        layers += _moment(last_day, names["last_day"], STANDING_COLOURS["overdue"], "right")
    if first <= today <= end:
        layers += _moment(today, names["today"], INK, "left" if last_day and last_day <= today else "right")
    return svg(alt.layer(*layers).properties(width=520, height=210))


def _span(
    days: Sequence[tuple[date, int]], before: Sequence[tuple[date, int]], last: date | None, today: date
) -> tuple[date, date]:
    known = [day for day, _ in (*days, *before)] + ([last] if last else [today])
    first = min(known) - timedelta(days=5)
    if last:
        first = min(first, last - timedelta(days=21))
    end = max(*known, min(today, max(known) + timedelta(days=14)))
    return first, end + (end - first) / 6  # room for the word at the end of the line


def _steps(days: Sequence[tuple[date, int]], first: date, end: date) -> list[dict[str, Any]]:
    """The stairs with their two ends, so that the line begins at nothing and reaches the last day shown."""
    shown = [(day, count) for day, count in days if day <= end]
    rows = [(first, 0), *shown, (end, shown[-1][1] if shown else 0)]
    return [{"day": stamp(day), "count": count} for day, count in rows]


def _stairs(rows: list[dict[str, Any]], colour: str, dash: list[int], width: float = 1.5) -> Any:
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_line(interpolate="step-after", color=colour, strokeDash=dash, strokeWidth=width)
        .encode(x=_day_axis(), y=_count_axis())
    )


def _end_label(rows: list[dict[str, Any]], name: str, colour: str, aside: int = 0) -> Any:
    last = rows[-1] | {"text": f"{name}: {rows[-1]['count']}"}
    return (
        alt.Chart(alt.Data(values=[last]))
        .mark_text(align="left", dx=6, dy=aside, color=colour, fontSize=12, fontWeight="bold")
        .encode(x=_day_axis(), y=_count_axis(), text=alt.Text("text:N"))
    )


def _level(total: int, first: date, end: date) -> Any:
    rows = [{"day": stamp(day), "count": total} for day in (first, end)]
    return (
        alt.Chart(alt.Data(values=rows)).mark_line(color=LINE, strokeWidth=1.5).encode(x=_day_axis(), y=_count_axis())
    )


def _moment(day: date, name: str, colour: str, side: Literal["left", "right"]) -> list[Any]:
    base = alt.Chart(alt.Data(values=[{"day": stamp(day), "text": name}]))
    away = -4 if side == "right" else 4
    return [
        base.mark_rule(color=colour, strokeWidth=1.25).encode(x=_day_axis()),
        base.mark_text(align=side, baseline="bottom", dx=away, y=-2, color=colour, fontSize=12).encode(
            x=_day_axis(), text=alt.Text("text:N")
        ),
    ]


def _day_axis() -> Any:
    return alt.X(
        "day:T", title=None, axis=alt.Axis(format="%d/%m", tickCount=6, grid=False), scale=alt.Scale(nice=False)
    )


def _count_axis() -> Any:
    return alt.Y("count:Q", title=None, axis=alt.Axis(tickCount=4, tickMinStep=1, format="d"))


@drawn_once
def commune_map(dots: Sequence[Mapping[str, Any]], width: int = 460) -> str:
    """Communes at their places; a dot is {"longitude","latitude","standing","label","address"}."""
    if not dots:
        return ""
    longitudes, latitudes = [dot["longitude"] for dot in dots], [dot["latitude"] for dot in dots]
    wide, high = max(longitudes) - min(longitudes) or 0.01, max(latitudes) - min(latitudes) or 0.01
    rows = [{**dot, "standing": dot["standing"] or "undated", "address": f"{NOWHERE}{dot['address']}"} for dot in dots]
    rows.sort(key=lambda row: ON_TOP.index(row["standing"]))  # what is late is never hidden under what is not
    height = int(min(max(width * high / wide, 160), 360))
    scale = {"padding": 14, "zero": False, "nice": False}
    chart = (
        alt.Chart(alt.NamedData("dots"))
        .mark_point(filled=True, size=85, opacity=0.95)
        .encode(
            x=alt.X("longitude:Q", axis=None, scale=alt.Scale(**scale)),
            y=alt.Y("latitude:Q", axis=None, scale=alt.Scale(**scale)),
            color=_standing_scale("color"),
            shape=_standing_scale("shape"),
            href=alt.Href("address:N"),
            description=alt.Description("label:N"),
        )
        .properties(width=min(width, int(height * wide / high)) if high else width, height=height)
    )
    return svg(chart, dots=rows)


def _standing_scale(kind: str) -> Any:
    looks = STANDING_COLOURS if kind == "color" else STANDING_SHAPES
    scale = alt.Scale(domain=list(looks), range=list(looks.values()))
    return (alt.Color if kind == "color" else alt.Shape)("standing:N", scale=scale, legend=None)


@drawn_once
def bands(rows: Sequence[Mapping[str, Any]], threshold: float | None, names: Mapping[str, str]) -> str:
    """How many communes have a total in each band: {"from","to","communes"}; the threshold as a line where known."""
    edges = sorted({row[end] for row in rows for end in ("from", "to")})
    bars = (
        alt.Chart(alt.Data(values=[dict(row) for row in rows]))
        .mark_bar(color=ACCENT, binSpacing=1)
        .encode(
            x=alt.X("from:Q", bin="binned", title=names["points"], axis=alt.Axis(grid=False, values=edges)),
            x2=alt.X2("to:Q"),
            y=alt.Y("communes:Q", title=names["communes"], stack=None, axis=alt.Axis(tickMinStep=1, format="d")),
        )
    )
    layers: list[Any] = [bars]
    if threshold is not None:
        base = alt.Chart(alt.Data(values=[{"from": threshold, "text": names["threshold"]}]))
        layers.append(base.mark_rule(color=STANDING_COLOURS["overdue"], strokeWidth=1.5).encode(x=alt.X("from:Q")))
        label = base.mark_text(align="right", dx=-5, y=6, color=STANDING_COLOURS["overdue"], fontSize=12)
        layers.append(label.encode(x=alt.X("from:Q"), text=alt.Text("text:N")))
    return svg(alt.layer(*layers).properties(width=460, height=200))


@drawn_once
def heat_map(cells: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    """Districts by stages, for what leaves our pages: a cell is {"district","stage","done","all","standing"}.

    `names`: "district" heads the rows, and each standing in `cells` has its word, so that no colour speaks alone.
    """
    rows = [dict(cell) | {"text": f"{cell['done']}/{cell['all']}", "word": names[cell["standing"]]} for cell in cells]
    stages, districts = (list(dict.fromkeys(row[name] for row in rows)) for name in ("stage", "district"))
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("stage:N", sort=stages, title=None, axis=alt.Axis(orient="top", labelAngle=0, labelLimit=170)),
        y=alt.Y("district:N", sort=districts, title=names["district"] or None, axis=alt.Axis(labelLimit=220)),
    )
    squares = base.mark_rect(fillOpacity=0.22, stroke=LINE).encode(color=_standing_scale("color"))
    counts = base.mark_text(color=INK, fontSize=13, dy=-7, fontWeight="bold").encode(text=alt.Text("text:N"))
    words = base.mark_text(color=INK, fontSize=11, dy=8).encode(text=alt.Text("word:N"))
    return svg((squares + counts + words).properties(width={"step": 165}, height={"step": 38}), "white")


def stamp(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"
