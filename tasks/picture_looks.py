"""How every picture looks, and how it becomes SVG or PNG: on the machine itself, with no browser and no network.

Colours are told apart by the colour-blind (Okabe and Ito), and a shape or a word always says the same as the colour.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from hashlib import sha256
from threading import Lock
from typing import Any

import vl_convert

INK, MUTED, LINE, ACCENT = "#1b1f24", "#5b6571", "#d6dae1", "#0b5cad"
STANDING_COLOURS = {
    "open": "#7d8793",
    "at_risk": "#e69f00",
    "overdue": "#d1480b",
    "done_on_time": "#00875a",
    "done_late": "#8f5fbf",
    "undated": "#b3bac4",
}
STANDING_SHAPES = {
    "open": "circle",
    "at_risk": "diamond",
    "overdue": "triangle-up",
    "done_on_time": "circle",
    "done_late": "square",
    "undated": "circle",
}
FONT = "Noto Sans, DejaVu Sans, Liberation Sans, Arial, sans-serif"  # the first two have every Vietnamese sign
ON_TOP = ("undated", "done_on_time", "open", "done_late", "at_risk", "overdue")
NOWHERE = "http://page.invalid"
"""Stands before the addresses in a picture, so that vl-convert leaves them as they are; a page takes it away again."""

KEPT_PICTURES = 300
"""So many pictures of some tens of kilobytes: the boards of a country's provinces in a morning."""
_kept: OrderedDict[bytes, str] = OrderedDict()
_drawing, _shelf = Lock(), Lock()


def drawn_once(draw: Callable[..., str]) -> Callable[..., str]:
    """Draw a picture once for the same figures: describing it to Altair costs more than all questions of the page."""

    @wraps(draw)
    def remembered(*given: Any) -> str:
        figures = json.dumps([draw.__name__, *given], default=str, sort_keys=True)
        key = sha256(figures.encode()).digest()
        if (found := _known(key)) is not None:
            return found
        from altair.utils.schemapi import debug_mode  # a second to import: only for whoever draws

        # Whoever asks for the same picture meanwhile waits for it, instead of drawing it again. Altair would hold every
        # row of it against its schema, for half the time of a map.
        with _drawing, debug_mode(False):
            found = _known(key) or draw(*given)
            with _shelf:
                _kept[key] = found
                if len(_kept) > KEPT_PICTURES:
                    _kept.popitem(last=False)
        return found

    return remembered


def _known(key: bytes) -> str | None:
    with _shelf:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
        return found


def svg(chart: Any, background: str = "transparent", **rows: Sequence[Mapping[str, Any]]) -> str:
    """The chart as SVG text; what leaves our own pages brings its background along.

    `rows`: what the chart calls by name (`alt.NamedData`), where there are so many that Altair should not walk them.
    """
    spec = _quiet(chart, background).to_dict(validate=False)
    return vl_convert.vegalite_to_svg(json.dumps({**spec, "datasets": {**spec.get("datasets", {}), **rows}}))


def png(chart: Any) -> bytes:
    """The same chart for paper, twice as fine as a screen."""
    return vl_convert.vegalite_to_png(json.dumps(_quiet(chart, "white").to_dict(validate=False)), scale=2)


def _quiet(chart: Any, background: str) -> Any:
    quiet = chart.configure(background=background, font=FONT).configure_view(stroke=None)
    return quiet.configure_axis(
        labelFont=FONT,
        titleFont=FONT,
        labelColor=MUTED,
        titleColor=MUTED,
        gridColor=LINE,
        domainColor=LINE,
        tickColor=LINE,
        labelFontSize=12,
        titleFontSize=12,
        titleFontWeight="normal",
    )
