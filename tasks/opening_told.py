"""A planned cycle that may not open is told to the operator each morning: what is missing, and who can fill it."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from models.errors import LawRefusal, Refusal
from models.records.notices_refused import Refused, Wanting, queue_refused, withdraw_refused
from models.records.unit_search import unit_or_refusal
from models.words import Words
from tasks.database import work
from tasks.settings import current


def tell_refused(province: str, year: int, refusal: Refusal, at: datetime) -> bool:
    """Queue what is missing for the province's justice office, once a day; False if it was queued already.

    A province that the list of units does not know has no office: then the operator's own channel is told.
    """
    day = at.astimezone(current().zone).date()
    try:
        with work() as session:
            unit = unit_or_refusal(session, province, date(year, 12, 31), "province")
            return queue_refused(session, unit, year, _refused(refusal), day, at)
    except Refusal as nowhere:
        return _alarm(f"opening-{province}-{year}", f"{province}/{year}", nowhere, at)


def tell_opened(province: str, year: int) -> None:
    """What is not sent yet of its refusals is withdrawn."""
    with work() as session:
        withdraw_refused(session, province, year)


def tell_unreadable(file: Path, refusal: LawRefusal, at: datetime) -> bool:
    """A plan that cannot be read names no province: the operator's own channel is told, once a day."""
    return _alarm(f"plan-{file.name}", file.name, refusal, at)


def _alarm(name: str, about: str, refusal: Refusal, at: datetime) -> bool:
    from tasks.health import tell_once  # it brings Apprise along, which `tcpl open` can do without

    language = current().lang
    subject = Words(f"TCPL: chưa mở được kỳ đánh giá ({about})", f"TCPL: a cycle was not opened ({about})")
    lines: Sequence[str] = refusal.sentences(language)
    return tell_once(name, subject.to(language), "\n".join(lines), at)


def _refused(refusal: Refusal) -> Refused:
    wanting = [
        Wanting(one["address"], *one["what"], *one["who_can_fill_it"]) for one in refusal.details.get("missing", ())
    ]
    # where the list follows, its first lines need not be said twice
    whole = [refusal.what] if wanting else [refusal.what, refusal.why, refusal.do]
    return Refused(refusal.code, " ".join(one.vi for one in whole), " ".join(one.en for one in whole), wanting)
