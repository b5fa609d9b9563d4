"""The page behind the link in a notice: which deadline it spoke of, and a button that says it was read. Nothing else.

Whoever holds the link may open it; it is signed and expires. To look changes nothing: mail programs open links too.
"""

from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from dashboard import writing
from dashboard.asked import Asked
from dashboard.door import Door, Guarded, Posted
from dashboard.viewer import Audience
from models.records.cycles import Cycle, law_of
from models.records.deadlines import Deadline
from models.records.notices import Notice
from models.records.notices_acknowledged import Acknowledgement, letter_of_token
from models.records.units import Unit
from tasks.database import reading

MOST_SHOWN = 100


def routes(door: Door) -> list[Guarded]:
    def show(_session: Session, asked: Asked, token: str) -> dict[str, Any]:
        settings = door.settings()
        with reading(settings) as session:  # the page's own session answers nothing: the link is the permission
            return letter_page(session, settings.signing_key(), token, asked)

    return [
        door.page("/ack/{token}", "ack.html", show, Audience.ANYONE),
        door.act("/ack/{token}", acknowledge, Audience.ANYONE),
    ]


def letter_page(session: Session, key: bytes, token: str, asked: Asked) -> dict[str, Any]:
    """The deadlines that the letter spoke of, as they are now. Raises Refusal `bad_token`, `link_expired`."""
    _, notices = letter_of_token(session, key, token, asked.now)
    rows = session.execute(
        select(Notice, Unit.name, Cycle, Deadline)
        .outerjoin(Unit, Unit.id == Notice.unit_id)
        .outerjoin(Cycle, Cycle.id == Notice.cycle_id)
        .outerjoin(
            Deadline,
            and_(
                *(getattr(Deadline, name) == getattr(Notice, name) for name in ("cycle_id", "unit_id", "step")),
                Deadline.occasion == Notice.occasion,
            ),
        )
        .where(Notice.id.in_(notices))
        .order_by(Deadline.due_day, Notice.id)
        .limit(MOST_SHOWN)
    ).all()
    read = session.scalars(select(Acknowledgement).where(Acknowledgement.notice_id.in_(notices))).all()
    shown = [_deadline(session, unit, cycle, deadline) for _, unit, cycle, deadline in rows if deadline is not None]
    return {
        "known": [],
        "trial": any(one["trial"] for one in shown),
        "token": token,
        "deadlines": list({tuple(one.values()): one for one in shown}.values()),
        "read_at": max((one.at for one in read), default=None) if len(read) == len(notices) else None,
        "zone": asked.now.tzinfo,
    }


def _deadline(session: Session, unit: str | None, cycle: Cycle, deadline: Deadline) -> dict[str, Any]:
    step = law_of(session, cycle).regulation.step(deadline.step)
    return {
        "unit": unit,
        "year": cycle.year,
        "trial": cycle.trial,
        "title": step.title if step else deadline.step,
        "last_day": deadline.last_day,
        "local_last_day": deadline.local_last_day,
        "done_on": deadline.done_on,
    }


def acknowledge(posted: Posted) -> Response:
    token = posted.request.path_params["token"]
    writing.acknowledge_letter(posted.settings, token, posted.visit, posted.now)
    return RedirectResponse(f"/ack/{token}", 303)
