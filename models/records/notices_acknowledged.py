"""Acknowledgements: a recipient says that it has read; that silences the rung, never the deadline.

The token in a letter's link is an HMAC over its number: whoever holds it got the letter. The key is handed in.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, case, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.errors import Refusal
from models.records.base import Moment, Table
from models.records.notices import LADDER_KINDS, Notice, NoticeState
from models.records.notices_addressed import Letter, LetterNotice
from models.records.upserts import insert_new
from models.words import Words

DIGEST_BYTES = 15
MOST_DIGITS = 18
LINK_LASTS = timedelta(days=60)
"""`local`, of this product: how long after a letter was made its link still opens."""


class Acknowledgement(Table):
    """Who has read a notice, when, and how it was said ("link" or "command"); the first word stands."""

    __tablename__ = "notice_acknowledgements"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(200))
    how: Mapped[str] = mapped_column(String(20))


def token(key: bytes, letter_id: int) -> str:
    """The token in a letter's link, by which what it carries is acknowledged: "12.SIGNATURE"."""
    return f"{letter_id}.{_signature(key, str(letter_id))}"


def letter_of_token(session: Session, key: bytes, said: str, at: datetime | None = None) -> tuple[Letter, list[int]]:
    """The letter that a token speaks of, and the notices in it. Raises Refusal where it is not one of ours.

    With a moment it also refuses a link that has expired; an operator who types a token in may do so at any time.
    """
    number, _, signature = said.strip()[:200].rpartition(".")
    good = hmac.compare_digest(signature.encode("utf-8", "replace"), _signature(key, number).encode())
    known = good and number.isascii() and number.isdigit() and len(number) < MOST_DIGITS
    letter = session.get(Letter, int(number)) if known else None
    if letter is None:
        raise Refusal(
            "bad_token",
            Words("Mã xác nhận không đúng.", "The token is not one of ours."),
            Words(
                "Mã bị chép thiếu, bị sửa, hoặc do hệ thống khác cấp.",
                "It was cut off, was changed, or comes from another system.",
            ),
            Words("Mở lại liên kết trong thông báo gốc.", "Open the link in the notice itself again."),
        )
    if at is not None and at > letter.made_at + LINK_LASTS:
        raise _expired(letter)
    carried = select(LetterNotice.notice_id).where(LetterNotice.letter_id == letter.id).order_by(LetterNotice.notice_id)
    return letter, list(session.scalars(carried))


def _signature(key: bytes, number: str) -> str:
    digest = hmac.digest(key, f"acknowledge:{number}".encode("utf-8", "replace"), hashlib.sha256)[:DIGEST_BYTES]
    return urlsafe_b64encode(digest).decode().rstrip("=")


def acknowledge(session: Session, notice_ids: Sequence[int], by: str, how: str, at: datetime) -> int:
    """Record that these notices were read; returns how many were not acknowledged before. Repeating changes nothing.

    What the same rung of the same deadline has not sent yet, to other offices too, is withdrawn; the next rung comes.
    """
    found = session.scalars(select(Notice).where(Notice.id.in_(notice_ids))).all()
    if len(found) < len(set(notice_ids)):
        raise _unknown(sorted(set(notice_ids) - {notice.id for notice in found}))
    seen = set(
        session.scalars(select(Acknowledgement.notice_id).where(Acknowledgement.notice_id.in_(notice_ids))).all()
    )
    new = [notice for notice in found if notice.id not in seen]
    if new:
        rows = [{"notice_id": notice.id, "at": at, "by": by[:200], "how": how} for notice in new]
        session.execute(insert_new(Acknowledgement), rows)
    for notice in new:
        _silence(session, notice)
    return len(new)


def _silence(session: Session, notice: Notice) -> None:
    same = ("cycle_id", "unit_id", "step", "occasion", "due_day", "rung")
    if notice.kind not in LADDER_KINDS:
        return
    session.execute(
        update(Notice)
        .where(
            Notice.state == NoticeState.QUEUED,
            Notice.kind.in_([str(kind) for kind in LADDER_KINDS]),
            *(getattr(Notice, name) == getattr(notice, name) for name in same),
        )
        .values(
            state=case((Notice.sent_at.is_(None), str(NoticeState.WITHDRAWN)), else_=str(NoticeState.SENT)),
            reason=f"notice {notice.id} of the same rung was acknowledged",
        )
        .execution_options(synchronize_session=False)
    )


def _expired(letter: Letter) -> Refusal:
    made, until = (f"{day:%d/%m/%Y}" for day in (letter.made_at, letter.made_at + LINK_LASTS))
    return Refusal(
        "link_expired",
        Words("Liên kết này đã hết hạn.", "This link has expired."),
        Words(
            f"Thông báo được lập ngày {made}; liên kết mở được đến {until}.",
            f"The notice was made on {made}; its link opened until {until}.",
        ),
        Words("Mở liên kết trong thông báo mới hơn, hoặc hỏi Sở Tư pháp.", "Open that of a later notice, or ask."),
    )


def _unknown(ids: Sequence[int]) -> Refusal:
    listed = ", ".join(str(one) for one in ids[:10])
    return Refusal(
        "unknown_notice",
        Words(f"Không có thông báo số {listed}.", f"There is no notice {listed}."),
        Words("Số thông báo không có trong hệ thống.", "The number is not in the outbox."),
        Words("Xem số bằng `tcpl notices`.", "See the numbers with `tcpl notices`."),
        notices=list(ids),
    )
