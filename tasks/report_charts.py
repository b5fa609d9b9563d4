"""The pictures of a report, drawn on the machine itself with no browser and no network: PNG bytes."""

from collections.abc import Mapping
from typing import Any

from tasks.picture_looks import STANDING_COLOURS, png

GOOD, BAD = STANDING_COLOURS["done_on_time"], STANDING_COLOURS["overdue"]


def by_district(figures: Mapping[str, Any]) -> bytes | None:
    """Recognised and not recognised by district; null where there are no districts."""
    rows = [
        {"Huyện": one["name"], "Kết quả": name, "Đơn vị": one[key], "thứ tự": place}
        for one in figures["by_district"]
        for place, (key, name) in enumerate((("recognised", "Đạt chuẩn"), ("not_recognised", "Chưa đạt")))
    ]
    if not rows:
        return None
    import altair as alt

    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            y=alt.Y("Huyện:N", sort=None, title=None),
            x=alt.X("Đơn vị:Q", title="Số đơn vị cấp xã", axis=alt.Axis(tickMinStep=1)),
            color=_results_colour(),
            order=alt.Order("thứ tự:Q"),
        )
        .properties(width=460, height=26 * max(2, len(figures["by_district"])))
    )
    return png(chart)


def over_years(figures: Mapping[str, Any]) -> bytes | None:
    """The same communes over the years; null with fewer than two."""
    if len(figures["years"]) < 2:
        return None
    import altair as alt

    rows = [
        {"Năm": str(one["year"]), "Kết quả": name, "Đơn vị": one[key]}
        for one in figures["years"]
        for key, name in (("recognised", "Đạt chuẩn"), ("not_recognised", "Chưa đạt"))
    ]
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            x=alt.X("Năm:N", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("Đơn vị:Q", title="Số đơn vị cấp xã", axis=alt.Axis(tickMinStep=1)),
            color=_results_colour(),
        )
        .properties(width=80 * len(figures["years"]), height=200)
    )
    return png(chart)


def by_criterion(figures: Mapping[str, Any]) -> bytes | None:
    """The mean share of each criterion's maximum; null where criteria have no points."""
    rows = [
        {"Tiêu chí": f"Tiêu chí {one['id']}", "Phần trăm": float(one["mean"]) * 100 / float(one["maximum"])}
        for one in figures["criteria"]
        if one["mean"] is not None and one["maximum"] is not None
    ]
    if not rows:
        return None
    import altair as alt

    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(color=GOOD)
        .encode(
            y=alt.Y("Tiêu chí:N", sort=None, title=None),
            x=alt.X("Phần trăm:Q", title="Điểm bình quân, % điểm tối đa", scale=alt.Scale(domain=[0, 100])),
        )
        .properties(width=460, height=28 * len(rows))
    )
    return png(chart)


def _results_colour() -> Any:
    import altair as alt

    scale = alt.Scale(domain=["Đạt chuẩn", "Chưa đạt"], range=[GOOD, BAD])
    return alt.Color("Kết quả:N", scale=scale, legend=alt.Legend(title=None, orient="top"))
