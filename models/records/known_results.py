"""What is known of each commune's results up to a year: the JSON of `tcpl results show` and of `/api/results/known`."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models.records.earlier_results import recognised_years, years_running
from models.records.unit_queries import communes_of
from models.records.unit_search import unit_or_refusal


def known_of_province(
    session: Session, province: str, year: int, trial: bool, *, most: int | None = None, skip: int = 0
) -> list[dict[str, Any]]:
    """Each commune's documented results up to the year, and for how many years running it was recognised.

    `most`: of a page's communes alone, after the first `skip`.
    """
    unit = unit_or_refusal(session, province, date(year, 12, 31), "province")
    communes = communes_of(session, unit.id, date(year, 12, 31), most, skip)
    known = recognised_years(session, [one.id for one in communes], trial)
    return [
        {
            "code": one.code,
            "name": one.name,
            "years": {str(each): known[one.id][each] for each in sorted(known[one.id]) if each <= year},
            "years_running": years_running(known[one.id], year),
        }
        for one in communes
    ]
