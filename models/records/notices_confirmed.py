"""What became of claimed letters: each attempt is confirmed and kept as proof; what was not tried is given back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, case, exists, func, select, update
from sqlalchemy.orm import Session

from models.records.base import Moment
from models.records.bulk import Row, change_rows, insert_rows
from models.records.dossiers import batched
from models.records.notices import Attempt, Notice, NoticeState
from models.records.notices_addressed import Letter, LetterNotice


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt at a letter: sent, to be tried again at `again_at`, or (null) abandoned.

    `subjects`: the notices that stood in it, each with what it is called. None: it had nothing left to say, and is
    withdrawn.
    """

    letter_id: int
    subjects: Mapping[int, str]
    ok: bool
    channel: str
    recipient: str
    text_hash: str
    template: str
    detail: str | None = None
    again_at: datetime | None = None


def confirm(session: Session, sender: str, outcomes: Sequence[Outcome], at: datetime, *, again: bool = False) -> None:
    """Write what became of the attempts, for those letters that this sender still holds.

    What went out although the claim had passed to another sender is written down too: proof leaves nothing out.
    `again`: the first try broke off, perhaps after its commit; a letter that is not held any more was confirmed then.
    """
    at = at.astimezone(UTC)  # once, not for every row of a thousand
    held = _held(session, sender, outcomes)
    mine = [outcome for outcome in outcomes if outcome.letter_id in held or (outcome.ok and not again)]
    if not mine:
        return
    taken = [outcome.letter_id for outcome in mine if outcome.ok and outcome.subjects]
    for some in batched(taken):
        session.connection().execute(_TAKEN, {"letters": some, "sent": at})
    others = [_letter_after(outcome, at) for outcome in mine if not (outcome.ok and outcome.subjects)]
    if others:
        session.connection().execute(_LETTER_AFTER, others)
    _confirm_notices(session, [outcome for outcome in mine if outcome.subjects], at)


_TAKEN = (
    update(Letter)
    .where(Letter.id.in_(bindparam("letters", expanding=True)), Letter.state != str(NoticeState.SENT))
    .values(
        state=str(NoticeState.SENT),
        attempts=Letter.attempts + 1,
        sent_at=bindparam("sent", type_=Moment()),
        claimed_by=None,
        claimed_until=None,
    )
)
"""What most letters come to, in one statement for all of them."""

_LETTER_AFTER = (
    update(Letter)
    .where(Letter.id == bindparam("letter"), Letter.state != str(NoticeState.SENT))
    .values(
        state=bindparam("to_state"),
        attempts=Letter.attempts + bindparam("tried"),
        not_before=func.coalesce(bindparam("again", type_=Moment()), Letter.not_before),
        sent_at=bindparam("sent", type_=Moment()),
        claimed_by=None,
        claimed_until=None,
    )
)


def _held(session: Session, sender: str, outcomes: Sequence[Outcome]) -> set[int]:
    return set(
        session.scalars(
            select(Letter.id)
            .where(
                Letter.id.in_([outcome.letter_id for outcome in outcomes]),
                Letter.claimed_by == sender,
                Letter.state == NoticeState.CLAIMED,
            )
            .with_for_update()
        )
    )


def release(session: Session, sender: str, letter_ids: Sequence[int], not_before: datetime | None = None) -> None:
    """Give back letters that were claimed and not tried; at `not_before` (null: at once) they are due again."""
    if letter_ids:
        session.execute(
            update(Letter)
            .where(Letter.id.in_(letter_ids), Letter.claimed_by == sender, Letter.state == NoticeState.CLAIMED)
            .values(
                state=str(NoticeState.QUEUED),
                claimed_by=None,
                claimed_until=None,
                **({"not_before": not_before} if not_before else {}),
            )
            .execution_options(synchronize_session=False)
        )


def _letter_after(outcome: Outcome, at: datetime) -> dict[str, object]:
    if not outcome.subjects:
        state = NoticeState.WITHDRAWN
    else:
        state = NoticeState.SENT if outcome.ok else NoticeState.QUEUED if outcome.again_at else NoticeState.ABANDONED
    return {
        "letter": outcome.letter_id,
        "to_state": str(state),
        "tried": int(bool(outcome.subjects)),
        "again": outcome.again_at,
        "sent": at if outcome.ok else None,
    }


def _confirm_notices(session: Session, outcomes: Sequence[Outcome], at: datetime) -> None:
    if not outcomes:
        return
    ids = sorted({notice for outcome in outcomes for notice in outcome.subjects})
    rows = session.execute(
        select(Notice.id, Notice.attempts, Notice.sent_at)
        .where(Notice.id.in_(ids))
        .order_by(Notice.id)
        .with_for_update()
    )
    stood = {notice: (attempts, sent_at) for notice, attempts, sent_at in rows.tuples()}
    attempts: list[Row] = []
    changes: dict[int, Row] = {}
    for outcome in outcomes:
        detail = outcome.detail and outcome.detail[:300]
        for notice, subject in outcome.subjects.items():
            before, sent_at = stood.get(notice, (0, None))
            stood[notice] = tried, sent = before + 1, sent_at or (at if outcome.ok else None)
            what = (outcome.channel, outcome.ok, detail, outcome.letter_id, outcome.recipient)
            attempts.append((notice, tried, at, *what, outcome.text_hash, outcome.template))
            changes[notice] = (tried, sent, subject[:300], outcome.text_hash, detail, notice)
    insert_rows(session, Attempt, _ATTEMPT, attempts)
    change_rows(session, Notice, _NOTICE, changes.values())
    left = exists().where(
        LetterNotice.notice_id == Notice.id,
        Letter.id == LetterNotice.letter_id,
        Letter.state.in_([str(NoticeState.QUEUED), str(NoticeState.CLAIMED)]),
    )
    session.execute(
        update(Notice)
        .where(Notice.id.in_(ids), Notice.state != NoticeState.WITHDRAWN)
        .values(
            state=case(
                (left, str(NoticeState.QUEUED)),
                (Notice.sent_at.is_not(None), str(NoticeState.SENT)),
                else_=str(NoticeState.ABANDONED),
            )
        )
        .execution_options(synchronize_session=False)
    )


_ATTEMPT = (
    *("notice_id", "number", "at", "channel", "ok", "detail"),
    *("letter_id", "recipient", "text_hash", "template"),
)
_NOTICE = ("attempts", "sent_at", "subject", "text_hash", "reason", "id")
