"""Kiến nghị, phản ánh, khiếu nại about an evaluation: recorded, assigned to a level, reported, settled by a document.

TT 09/2021, Điều 6 khoản 5, 6: the focal office promptly reports to the chair of its own level; the law sets no clock
and no appeal window here, so none is held to. Denunciations (tố cáo) go another way by law and do not belong here.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.errors import Refusal
from models.law.regulation import Actor
from models.records.acting import Sitting, Traces
from models.records.base import Moment, Table
from models.records.journal import Touched
from models.records.prepared import prepared
from models.words import Words


class ComplaintKind(StrEnum):
    """What people send in."""

    PETITION = "petition"
    REFLECTION = "reflection"
    COMPLAINT = "complaint"


COMPLAINT_WORDS = {
    ComplaintKind.PETITION: Words("Kiến nghị", "Petition"),
    ComplaintKind.REFLECTION: Words("Phản ánh", "Reflection"),
    ComplaintKind.COMPLAINT: Words("Khiếu nại", "Complaint"),
}

CHAIRS = {"district": Actor.DISTRICT_CHAIR, "province": Actor.PROVINCE_CHAIR}
"""To whom the focal office of a level reports."""


class Complaint(Table):
    """One complaint about a commune's evaluation. `level`: which level has it; null days: not yet."""

    __tablename__ = "complaints"
    __table_args__ = (UniqueConstraint("cycle_id", "number"), Index(None, "unit_id", "cycle_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    number: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(12))
    received_on: Mapped[date]
    sender: Mapped[str] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    level: Mapped[str | None] = mapped_column(String(10))
    assigned_on: Mapped[date | None]
    reported_on: Mapped[date | None]
    reported_to: Mapped[str | None] = mapped_column(String(30))
    report: Mapped[str | None] = mapped_column(String(120))
    settled_on: Mapped[date | None]
    settlement: Mapped[str | None] = mapped_column(String(120))
    outcome: Mapped[str | None] = mapped_column(Text)


def record_complaint(
    sitting: Sitting, code: str, number: str, kind: ComplaintKind, received_on: date, sender: str, about: str
) -> bool:
    """Record a complaint under the number of its receipt; False if it is known. Another one under it is refused."""
    dossier = sitting.dossiers([code])[code]
    key = f"complaint/{number}"
    row = {"unit_id": dossier.unit_id, "kind": str(kind), "received_on": received_on, "sender": sender, "about": about}
    if not sitting.fresh([key]):
        found = find_complaint(sitting.session, sitting.cycle.id, number)
        if found and any(getattr(found, name) != value for name, value in row.items()):
            raise _number_taken(number)
        return False
    if not about.strip():
        raise _empty(number)
    if received_on > sitting.signed.day:
        raise _not_received_yet(number, received_on)
    sitting.session.execute(
        insert(Complaint).values(cycle_id=sitting.cycle.id, number=number, recorded_at=sitting.signed.at, **row)
    )
    change = {"kind": kind, "received_on": received_on, "about": about}
    sitting.finish("record-complaint", key, [Touched(dossier.unit_id, key, change)], Traces())
    return True


def assign_complaint(sitting: Sitting, number: str, level: str, on: date) -> bool:
    """Assign it to a level of the regulation that has a chair to report to; False if it has it already."""
    found = _open_or_refusal(sitting, number)
    known = [one for one in sitting.law.regulation.tiers if one in CHAIRS]
    if level not in known:
        raise _no_such_level(level, known)
    if on < found.received_on:
        raise _before_it_came(number, found.received_on)
    return _step(sitting, found, f"assign/{level}", {"level": level, "assigned_on": on})


def report_complaint(sitting: Sitting, number: str, on: date, document: str) -> bool:
    """Record that the focal office reported it to the chair of its level; False if that was known."""
    found = _open_or_refusal(sitting, number)
    if found.level is None:
        raise _not_assigned(number)
    if on < found.received_on:
        raise _before_it_came(number, found.received_on)
    said = {"reported_on": on, "reported_to": str(CHAIRS[found.level]), "report": document}
    return _step(sitting, found, f"report/{document}", said)


def settle_complaint(sitting: Sitting, number: str, on: date, document: str, outcome: str) -> bool:
    """Record the document that settles it, and how; False if that was known."""
    found = _known_or_refusal(sitting, number)
    said = {"settled_on": on, "settlement": document, "outcome": outcome}
    if found.settled_on is None:
        if found.level is None:
            raise _not_assigned(number)
        if not document.strip() or not outcome.strip():
            raise _without_document(number)
        if on < found.received_on:
            raise _before_it_came(number, found.received_on)
    elif (found.settlement, found.outcome) != (document, outcome):
        raise _settled(number, found.settlement or "")
    return _step(sitting, found, "settle", said)


def _step(sitting: Sitting, found: Complaint, name: str, said: dict[str, object]) -> bool:
    key = f"complaint/{found.number}/{name}"
    if not sitting.fresh([key]):
        return False
    sitting.session.execute(update(Complaint).where(Complaint.id == found.id).values(**said))
    act = f"{name.partition('/')[0]}-complaint"
    sitting.finish(act, key, [Touched(found.unit_id, key, said)], Traces())
    sitting.session.expire_all()
    return True


def find_complaint(session: Session, cycle_id: int, number: str) -> Complaint | None:
    return session.scalar(select(Complaint).where(Complaint.cycle_id == cycle_id, Complaint.number == number))


def complaints_of(session: Session, cycle_id: int, unit_id: int | None = None) -> Sequence[Complaint]:
    """The complaints of a cycle, or about one commune, in the order of receipt."""
    return session.scalars(*_complaints(cycle_id, unit_id)).all()


@prepared
def _complaints(cycle_id: int, unit_id: int | None):
    query = select(Complaint).where(Complaint.cycle_id == cycle_id).order_by(Complaint.received_on, Complaint.id)
    return query if unit_id is None else query.where(Complaint.unit_id == unit_id)


def _known_or_refusal(sitting: Sitting, number: str) -> Complaint:
    found = find_complaint(sitting.session, sitting.cycle.id, number)
    if found is None:
        raise Refusal(
            "no_such_complaint",
            Words(f"Không có đơn số {number} trong kỳ này.", f"There is no complaint {number} in this cycle."),
            Words("Phải ghi nhận đơn trước.", "It is recorded first."),
            Words("Ghi bằng `tcpl complaint record`.", "Record it with `tcpl complaint record`."),
        )
    return found


def _open_or_refusal(sitting: Sitting, number: str) -> Complaint:
    found = _known_or_refusal(sitting, number)
    if found.settled_on is not None:
        raise _settled(number, found.settlement or "")
    return found


def _number_taken(number: str) -> Refusal:
    return Refusal(
        "complaint_number_taken",
        Words(f"Số {number} đã ghi cho đơn khác.", f"Number {number} stands for another complaint."),
        Words("Đơn đã ghi thì không sửa.", "A recorded complaint is not changed."),
        Words("Kiểm tra lại số tiếp nhận.", "Check the number of its receipt."),
    )


def _empty(number: str) -> Refusal:
    return Refusal(
        "empty_complaint",
        Words(f"Đơn {number} không có nội dung.", f"Complaint {number} says nothing."),
        Words("Không giải quyết được đơn không rõ nội dung.", "What says nothing cannot be settled."),
        Words("Ghi nội dung bằng --about.", "Give it with --about."),
    )


def _not_received_yet(number: str, received_on: date) -> Refusal:
    return Refusal(
        "complaint_not_received_yet",
        Words(
            f"Đơn {number} ghi nhận ngày {received_on:%d/%m/%Y}, ngày đó chưa đến.",
            f"Complaint {number} is said to come on {received_on}, which has not come yet.",
        ),
        Words("Chỉ ghi đơn đã nhận.", "Only what has come is recorded."),
        Words("Kiểm tra lại --received.", "Check --received."),
    )


def _no_such_level(level: str, known: Sequence[str]) -> Refusal:
    return Refusal(
        "no_such_level",
        Words(f"Không giao đơn cho cấp “{level}”.", f"A complaint is not assigned to the level '{level}'."),
        Words(f"Các cấp của văn bản: {', '.join(known)}.", f"The regulation's levels: {', '.join(known)}."),
        Words("Chọn một cấp.", "Choose one of them."),
    )


def _not_assigned(number: str) -> Refusal:
    return Refusal(
        "complaint_not_assigned",
        Words(f"Đơn {number} chưa giao cho cấp nào.", f"Complaint {number} is not assigned to a level."),
        Words(
            "Cơ quan đầu mối báo cáo Chủ tịch UBND cùng cấp, nên phải biết cấp nào.",
            "The focal office reports to the chair of its own level: which one must be known.",
        ),
        Words("Giao bằng `tcpl complaint assign`.", "Assign it with `tcpl complaint assign`."),
    )


def _without_document(number: str) -> Refusal:
    return Refusal(
        "settlement_without_document",
        Words(f"Giải quyết đơn {number} thiếu văn bản hoặc kết quả.", f"Settling {number} wants document and outcome."),
        Words("Đơn được giải quyết bằng một văn bản.", "A complaint is settled by a document."),
        Words("Ghi --document và --outcome.", "Give --document and --outcome."),
    )


def _before_it_came(number: str, received_on: date) -> Refusal:
    return Refusal(
        "before_it_was_received",
        Words(f"Đơn {number} nhận ngày {received_on:%d/%m/%Y}.", f"Complaint {number} came on {received_on}."),
        Words("Giao, báo cáo, giải quyết không trước ngày nhận.", "Nothing is done about it before it came."),
        Words("Kiểm tra lại ngày.", "Check the day."),
    )


def _settled(number: str, settlement: str) -> Refusal:
    return Refusal(
        "complaint_settled",
        Words(f"Đơn {number} đã giải quyết bằng {settlement}.", f"Complaint {number} is settled by {settlement}."),
        Words("Việc đã giải quyết thì không mở lại ở đây.", "What is settled is not reopened here."),
        Words("Đơn mới thì ghi với số mới.", "A new one bears a new number."),
    )
