"""Reports upward: figures counted once, frozen with the report's number; later corrections make an addendum."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.errors import Refusal
from models.records.acting import Sitting, Traces
from models.records.base import Table
from models.records.canonical import canonical
from models.records.deciding import send_report
from models.records.journal import Touched
from models.records.report_figures import figures, step_of
from models.records.units import Unit
from models.words import Words


class ReportFigures(Table):
    """The figures of a report as they stood on `as_of`. `amends`: the report that this addendum corrects, and how."""

    __tablename__ = "report_figures"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "step", "document"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    step: Mapped[str] = mapped_column(String(40))
    document: Mapped[str] = mapped_column(String(120))
    as_of: Mapped[date]
    law_version: Mapped[int]
    figures: Mapped[str] = mapped_column(Text)
    amends: Mapped[str | None] = mapped_column(String(120))
    changes: Mapped[str | None] = mapped_column(Text)


class Change(NamedTuple):
    """One number that is another now; `what` is its path in the figures ("by_district/964/recognised")."""

    what: str
    was: str | None
    now: str | None


def freeze_report(sitting: Sitting, unit: Unit, document: str, on: date) -> bool:
    """Record a report upward: the step is done, its figures are frozen as they stand. False if it was known."""
    step = step_of(sitting.cycle, unit)
    if not send_report(sitting, step, unit.id, unit.code, document, on):
        return False
    _keep(sitting, unit, step, document, figures(sitting.session, sitting.cycle, unit, on), None, None)
    return True


def addend_report(sitting: Sitting, unit: Unit, document: str, amends: str, on: date) -> list[Change]:
    """Record an addendum to a report that was sent: what changed since, number by number. Empty if it was recorded.

    Refused where no such report was sent, or nothing changed.
    """
    step = step_of(sitting.cycle, unit)
    key = f"addendum/{step}/{unit.code}/{document}"
    if not sitting.fresh([key]):
        return []
    sent = frozen(sitting.session, sitting.cycle.id, unit.id, amends)
    if sent is None:
        raise _no_such_report(amends)
    now = figures(sitting.session, sitting.cycle, unit, on)
    changes = compared(json.loads(sent.figures), now)
    if not changes:
        raise _nothing_changed(amends)
    said = [one._asdict() for one in changes]
    _keep(sitting, unit, step, document, now, amends, canonical({"changes": said}))
    line = Touched(unit.id, key, {"amends": amends, "changes": said[:200]})
    sitting.finish("report-addendum", key, [line], Traces())
    return changes


def frozen(session: Session, cycle_id: int, unit_id: int, document: str) -> ReportFigures | None:
    """A report or addendum as it was sent."""
    return session.scalar(
        select(ReportFigures).where(
            ReportFigures.cycle_id == cycle_id,
            ReportFigures.unit_id == unit_id,
            ReportFigures.document == document,
        )
    )


_NOT_FIGURES = ("as_of", "law_version", "unit", "trial")


def compared(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    """What differs between two sets of figures, in the order of the paths."""
    before, after = dict(_flat(was)), dict(_flat(now))
    paths = sorted(before.keys() | after.keys())
    return [Change(path, before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)]


def _flat(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    match node:
        case Mapping():
            for key, part in node.items():
                if path or key not in _NOT_FIGURES:
                    yield from _flat(part, f"{path}/{key}" if path else str(key))
        case list():
            for place, part in enumerate(node):
                yield from _flat(part, f"{path}/{_named(part, place)}")
        case None:
            pass
        case _:
            yield path, str(node)


def _named(part: Any, place: int) -> str:
    """An item is known by what it is about, not by where it stands."""
    if isinstance(part, str):
        return part
    return next((str(part[name]) for name in ("code", "subject", "id", "stage", "year") if name in part), str(place))


def _keep(
    sitting: Sitting,
    unit: Unit,
    step: str,
    document: str,
    said: Mapping[str, Any],
    amends: str | None,
    changes: str | None,
) -> None:
    row = {
        "cycle_id": sitting.cycle.id,
        "unit_id": unit.id,
        "step": step,
        "document": document,
        "as_of": date.fromisoformat(said["as_of"]),
        "law_version": sitting.cycle.law_version,
        "figures": canonical(said),
        "amends": amends,
        "changes": changes,
    }
    sitting.session.execute(insert(ReportFigures).values(**row))


def _no_such_report(document: str) -> Refusal:
    return Refusal(
        "no_such_report",
        Words(f"Chưa ghi nhận báo cáo số {document}.", f"No report {document} is recorded."),
        Words("Chỉ bổ sung được báo cáo đã gửi.", "Only a report that was sent can be added to."),
        Words("Xem lại số báo cáo (--amends).", "Check the report's number (--amends)."),
    )


def _nothing_changed(document: str) -> Refusal:
    return Refusal(
        "report_unchanged",
        Words(f"Số liệu của báo cáo {document} không thay đổi.", f"The figures of report {document} are the same."),
        Words("Báo cáo bổ sung nói rõ số liệu nào đã khác.", "An addendum says which figures are others now."),
        Words("Không cần báo cáo bổ sung.", "No addendum is needed."),
    )
