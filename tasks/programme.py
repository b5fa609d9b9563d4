"""The acts and questions of the work programme, for the command line and the rehearsal: opens the database for them."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Refusal
from models.law.programme import PlanTask
from models.records import (
    focal_points,
    inspections,
    programme,
    programme_acts,
    programme_board,
    programme_carried,
    programme_money,
    risks,
)
from models.records.acting import Sitting
from models.records.cycles import Cycle, find_cycle, law_of
from models.records.focal_points import Appointed
from models.records.inspections import Found, Planned
from models.records.journal import Signed
from models.records.programme_acts import Done, Granted, Proof
from models.records.programme_money import Amount
from models.records.unit_queries import heirs
from models.words import Language, Words
from tasks.anchors import anchor
from tasks.database import reading, work

A = TypeVar("A")


@contextmanager
def _reading(province: str, year: int) -> Iterator[tuple[Session, Cycle]]:
    with reading() as session:
        yield session, cycle_or_refusal(session, province, year)


def _act(province: str, year: int, signed: Signed, act: Callable[[Sitting], A]) -> A:
    with work() as session:
        done = act(Sitting.on(session, cycle_or_refusal(session, province, year).id, signed))
    anchor()
    return done


def cycle_or_refusal(session: Session, province: str, year: int) -> Cycle:
    """The official cycle of the province and year, else its trial. Refusal where neither is open."""
    cycle = find_cycle(session, province, year, False) or find_cycle(session, province, year, True)
    if cycle is None:
        raise Refusal(
            "no_cycle",
            Words(f"Tỉnh {province} chưa có kỳ đánh giá {year}.", f"Province {province} has no cycle of {year}."),
            Words("Chương trình công tác thuộc một kỳ đã mở.", "A work programme belongs to a cycle that is open."),
            Words("Mở bằng `tcpl open`.", "Open it with `tcpl open`."),
        )
    return cycle


def list_tasks(province: str, year: int, on: date, language: Language, unit: str | None = None) -> list[dict[str, Any]]:
    with _reading(province, year) as (session, cycle):
        return programme_board.rows_on(session, cycle.id, on, language, unit=unit)


def figures(province: str, year: int, on: date) -> dict[str, Any]:
    with _reading(province, year) as (session, cycle):
        return programme_board.figures_on(session, cycle.id, on)


def add_tasks(province: str, year: int, signed: Signed, tasks: Sequence[PlanTask]) -> int:
    return _act(province, year, signed, lambda sitting: programme.add_tasks(sitting, tasks))


def finish_tasks(province: str, year: int, signed: Signed, done: Sequence[Done]) -> int:
    return _act(province, year, signed, lambda sitting: programme_acts.finish_tasks(sitting, done))


def extend_tasks(province: str, year: int, signed: Signed, grants: Sequence[Granted]) -> int:
    return _act(province, year, signed, lambda sitting: programme_acts.extend_tasks(sitting, grants))


def carry_over(province: str, year: int, signed: Signed, grants: Sequence[Granted]) -> int:
    """Carry over; if the province's next cycle is open already, it takes them over at once."""
    carried = _act(province, year, signed, lambda sitting: programme_acts.carry_over(sitting, grants))
    with work() as session:
        cycle = cycle_or_refusal(session, province, year)
        later = select(Cycle.id).where(
            Cycle.province_id.in_(heirs(session, cycle.province_id)),
            Cycle.trial == cycle.trial,
            Cycle.year > year,
            Cycle.closed_on.is_(None),
        )
        following = session.scalar(later.order_by(Cycle.year).limit(1))  # a year may have been paused between them
        if following is not None:
            programme_carried.take_over(Sitting.on(session, following, signed))
    anchor()
    return carried


def record_amounts(province: str, year: int, signed: Signed, amounts: Sequence[Amount]) -> int:
    return _act(province, year, signed, lambda sitting: programme_money.record_amounts(sitting, amounts))


def money(province: str, year: int, on: date) -> dict[str, Any]:
    with _reading(province, year) as (session, cycle):
        return programme_money.money_on(session, cycle.id, on)


def proposed_visits(province: str, year: int, language: Language, most: int) -> list[dict[str, Any]]:
    with _reading(province, year) as (session, cycle):
        return risks.units_by_risk(session, cycle.id, language, most)


def visits(province: str, year: int, unit: str | None = None) -> list[dict[str, Any]]:
    with _reading(province, year) as (session, cycle):
        return inspections.visits_of(session, cycle.id, unit)


def plan_visits(province: str, year: int, signed: Signed, planned: Sequence[Planned]) -> int:
    return _act(province, year, signed, lambda sitting: inspections.plan_visits(sitting, planned))


def hold_visit(province: str, year: int, signed: Signed, unit: str, on: date, found: Sequence[Found]) -> bool:
    return _act(
        province, year, signed, lambda sitting: inspections.hold_visit(sitting, unit, on, found, signed.document or "")
    )


def mend_finding(province: str, year: int, signed: Signed, unit: str, number: int, proof: str) -> bool:
    return _act(province, year, signed, lambda sitting: inspections.mend_finding(sitting, unit, number, proof))


def appoint(province: str, year: int, signed: Signed, people: Sequence[Appointed]) -> int:
    return _act(province, year, signed, lambda sitting: focal_points.appoint(sitting, people))


def focal(province: str, year: int, on: date) -> list[dict[str, Any]]:
    with _reading(province, year) as (session, cycle):
        return focal_points.focal_points_on(session, cycle.id, on)


def proof_of(document: str, file: Path | None) -> Proof:
    """The proof of a task: a paper's number, and the SHA-256 of a file that stays where the office keeps it."""
    if file is None:
        return Proof(document=document)
    try:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise Refusal(
            "proof_not_readable",
            Words(f"Không đọc được tệp {file.name}.", f"The file {file.name} cannot be read."),
            Words(f"Máy báo: {error.strerror}.", f"The machine says: {error.strerror}."),
            Words("Kiểm tra đường dẫn.", "Check the path."),
        ) from error
    return Proof(document, file.name[:200], digest)


def signed_by(by: str, at: datetime, ground: str, document: str = "") -> Signed:
    return Signed(by, at, ground, document or None)


def import_programme(province: str, year: int, signed: Signed, file: Path) -> int:
    """Add the tasks of a workbook; a fault beside the plan (its days, its offices) names the cell as well."""
    from tasks import programme_files

    tasks = programme_files.read_programme(file)
    with work() as session:
        sitting = Sitting.on(session, cycle_or_refusal(session, province, year).id, signed)
        flaws = programme.addition_flaws(sitting, tasks)
        if flaws:
            places = [(flaw, int(flaw.path[1])) for flaw in flaws]
            remarks = [
                programme_files.remark(flaw._replace(path=flaw.path[2:]), programme_files.row_of(place, file))
                for flaw, place in places
            ]
            raise programme_files.refused(file, remarks)
        taken = programme.add_tasks(sitting, tasks)
    anchor()
    return taken


def export_programme(province: str, year: int, file: Path) -> int:
    """Write the plan's own tasks as a workbook, to be added to and taken in again."""
    from tasks.programme_files import write_programme

    with _reading(province, year) as (session, cycle):
        plan = law_of(session, cycle).plan
    return write_programme(file, plan.programme if plan else ())
