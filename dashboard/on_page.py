"""A picture inside a page: named for who does not see it, in the page's own colours, linked to our own pages."""

import re
from functools import lru_cache

from markupsafe import Markup, escape

from tasks.picture_looks import ACCENT, INK, LINE, MUTED, NOWHERE, STANDING_COLOURS

THEMED = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    LINE: "var(--line)",
    ACCENT: "var(--accent)",
    **{colour: f"var(--{name.replace('_', '-')})" for name, colour in STANDING_COLOURS.items()},
}


@lru_cache(maxsize=128)
def on_page(picture: str, label: str, kind: str = "img") -> Markup:
    """The picture inside a page: named for who does not see it, in the page's colours, its links to our own pages.

    Its parts are hidden from a screen reader, which finds the same in the table that stands beside every picture.
    """
    if not picture:
        return Markup("")
    inside = re.sub(r' (?:role|aria-roledescription|aria-hidden|font-family)="[^"]*"', "", picture)
    inside = re.sub(r'<path aria-label="([^"]*)"([^>]*)/>', r"<path\2><title>\1</title></path>", inside)
    inside = re.sub(r' aria-label="[^"]*"', "", inside)
    inside = inside.replace(f'xlink:href="{NOWHERE}', 'tabindex="-1" href="')
    for colour, variable in THEMED.items():
        inside = inside.replace(f'"{colour}"', f'"{variable}"')
    named = inside.replace("<svg ", f'<svg role="{kind}" aria-label="{escape(label)}" ', 1)
    return Markup('<div class="picture">{}</div>').format(Markup(named))
