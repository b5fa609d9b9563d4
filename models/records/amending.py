"""Amending the law of an open cycle: a new version is appended, open deadlines are re-projected, each moved date told.

A date that has passed does not move by the way: an amendment that would move one is refused unless it says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, select, update

from models.errors import Refusal
from models.law.calendar import Calendar, spoken
from models.law.programme import PROGRAMME
from models.law.regulation import Actor
from models.law.resolve import CycleLaw
from models.records import journal
from models.records.acting import Sitting
from models.records.cycles import Cycle, CycleLawVersion, calendar_version_of
from models.records.deadlines import Deadline, load_calendar, store_calendar
from models.records.journal import Touched
from models.records.notices import Kind, Word, queue
from models.records.programme_amending import TaskMoved, amend_programme
from models.records.projection import project
from models.records.units import Unit
from models.words import Words


@dataclass(frozen=True)
class Moved:
    """A deadline whose day changed: from what, to what. `passed`: the former day lay behind already."""

    unit_id: int
    code: str
    name: str
    step: str
    occasion: str
    holder_id: int
    actor: str
    was: date | None
    now: date | None
    legal_was: date | None
    legal_now: date | None
    done: bool
    passed: bool


@dataclass(frozen=True)
class Amended:
    """The new version of the cycle's law, and what moved by it: deadlines, and what is owed of the programme.

    `version` as before: nothing changed.
    """

    version: int
    hash: str
    moved: tuple[Moved, ...]
    changed: bool
    tasks: tuple[TaskMoved, ...] = ()


def amend(sitting: Sitting, law: CycleLaw, calendar: Calendar, *, past_too: bool = False) -> Amended:
    """Put this law and calendar in force in the cycle; the same again changes nothing.

    Refused where a day that has passed would move, unless `past_too`; where the law is of another regulation, province
    or year; and where the cycle is closed.
    """
    session, cycle = sitting.session, sitting.cycle
    _refuse_other(cycle, law, sitting.law)
    if law.content_hash() == sitting.law.content_hash():
        return Amended(cycle.law_version, law.content_hash(), (), False)
    version = _last_version(sitting) + 1
    key = f"amend-law/{version}"
    sitting.fresh([key])
    before = _deadlines(sitting)
    _append(sitting, law, calendar, version)
    session.execute(update(Cycle).where(Cycle.id == cycle.id).values(law_version=version))
    session.refresh(cycle)
    project(session, cycle, law, load_calendar(session, calendar_version_of(session, cycle)))
    moved = _compare(before, _deadlines(sitting), sitting.signed.day)
    tasks, task_lines = amend_programme(sitting, law, version)
    dated = tuple(one for one in tasks if not one.only_said_otherwise)
    behind = [one for one in (*moved, *dated) if one.passed]
    if behind and not past_too:
        raise _would_move_the_past(behind)
    lines = [Touched(cycle.province_id, key, {"version": version, "hash": law.content_hash(), "moved": len(moved)})]
    lines += [*(_line(one, version, sitting.signed.ground) for one in moved), *task_lines]
    journal.write(session, cycle.id, "amend-law", key, sitting.signed, lines)
    words = [_word(one, version) for one in moved if not one.done and one.now]
    words += [word for one in tasks if not one.done for word in _task_words(one, version)]
    queue(session, cycle, words, sitting.signed.at)
    return Amended(version, law.content_hash(), tuple(moved), True, dated)


def _last_version(sitting: Sitting) -> int:
    query = select(func.max(CycleLawVersion.version)).where(CycleLawVersion.cycle_id == sitting.cycle.id)
    return sitting.session.scalars(query).one() or 0


def _append(sitting: Sitting, law: CycleLaw, calendar: Calendar, version: int) -> None:
    row = {
        "cycle_id": sitting.cycle.id,
        "version": version,
        "calendar_version": store_calendar(sitting.session, calendar),
        "hash": law.content_hash(),
        "text": law.text(),
        "reason": sitting.signed.ground[:300],
        "made_at": sitting.signed.at,
    }
    sitting.session.execute(insert(CycleLawVersion).values(**row))


Key = tuple[int, str, str]


def _deadlines(sitting: Sitting) -> dict[Key, tuple[Deadline, str, str]]:
    """Copies: what a row said before cannot change with the row."""
    names = [column.name for column in Deadline.__table__.columns]
    rows = sitting.session.execute(
        select(*Deadline.__table__.columns, Unit.code, Unit.name)
        .join(Unit, Unit.id == Deadline.unit_id)
        .where(Deadline.cycle_id == sitting.cycle.id)
        .order_by(Unit.code, Deadline.step, Deadline.occasion)
    ).all()
    found = {}
    for *values, code, name in rows:
        row = Deadline(**dict(zip(names, values, strict=True)))
        found[row.unit_id, row.step, row.occasion] = (row, code, name)
    return found


def _compare(
    before: Mapping[Key, tuple[Deadline, str, str]], after: Mapping[Key, tuple[Deadline, str, str]], today: date
) -> list[Moved]:
    moved = []
    for key, (now, code, name) in after.items():
        was = before[key][0] if key in before else None
        if was is None or (was.due_day, was.last_day) == (now.due_day, now.last_day):
            continue
        behind = [day for day in (was.due_day or was.last_day,) if day is not None and day < today]
        moved.append(
            Moved(
                *(now.unit_id, code, name, now.step, now.occasion, now.holder_id, now.actor),
                *(was.due_day, now.due_day, was.last_day, now.last_day),
                done=now.done_on is not None,
                passed=bool(behind),
            )
        )
    return moved


def _line(one: Moved, version: int, why: str) -> Touched:
    change = {
        "step": one.step,
        "from": one.was,
        "to": one.now,
        "last_day": {"from": one.legal_was, "to": one.legal_now},
        "why": why,
        "passed": one.passed,
        "holder": (one.holder_id, one.actor),
        "done": one.done,
    }
    return Touched(one.unit_id, f"move/{version}/{one.step}/{one.occasion}/{one.code}", change)


def _word(one: Moved, version: int) -> Word:
    was = spoken(one.was) if one.was else "—"
    return Word(
        Kind.DATE_MOVED,
        about_id=one.unit_id,
        to_unit_id=one.holder_id,
        to_actor=Actor(one.actor),
        key=f"date_moved/{version}/{one.step}/{one.occasion}/{one.unit_id}",
        step=one.step,
        occasion=one.occasion,
        due_day=one.now,
        said=f"{was} → {spoken(one.now) if one.now else '—'}",
    )


def _task_words(one: TaskMoved, version: int) -> list[Word]:
    """To whoever does it: its day moved. Where it came, went or changed hands, to those who had and who have it.

    Where only its words are others, to whoever has it: it is not what was told before.
    """
    had, has = one.holders
    if one.only_said_otherwise:
        return [_task_word(Kind.TASK_CHANGED, one, version, has)] if has else []
    told = [(Kind.DATE_MOVED, has)] if had == has else [(Kind.TASK_DROPPED, had), (Kind.TASK_ADDED, has)]
    return [_task_word(kind, one, version, to) for kind, to in told if to]


def _task_word(kind: Kind, one: TaskMoved, version: int, to: tuple[int, str]) -> Word:
    days = " → ".join(spoken(day) if day else "—" for day in (one.was, one.now))
    return Word(
        kind,
        about_id=one.unit_id,
        to_unit_id=to[0],
        to_actor=Actor(to[1]),
        key=f"{kind}/{version}/{one.step}/{one.occasion}/{one.unit_id}",
        stage=PROGRAMME,
        step=one.step,
        occasion=one.occasion,
        due_day=None if kind is Kind.TASK_DROPPED else one.now,
        said="\n".join((one.title, one.ground, days)),
    )


def _refuse_other(cycle: Cycle, law: CycleLaw, known: CycleLaw) -> None:
    wanted = (cycle.regulation_id, known.province, cycle.year)
    if (law.regulation.id, law.province, law.year) == wanted:
        return
    raise Refusal(
        "amendment_of_another_cycle",
        Words("Nội dung sửa đổi không thuộc kỳ này.", "The amendment is not of this cycle."),
        Words(
            f"Kỳ này theo {wanted[0]}, tỉnh {wanted[1]}, năm {wanted[2]}.",
            f"This cycle is under {wanted[0]}, province {wanted[1]}, year {wanted[2]}.",
        ),
        Words("Chọn đúng kế hoạch.", "Name the right plan."),
    )


def _would_move_the_past(behind: Sequence[Moved | TaskMoved]) -> Refusal:
    first = "; ".join(
        f"{one.code} {one.step}: {one.was or one.legal_was} → {one.now or one.legal_now}" for one in behind[:3]
    )
    return Refusal(
        "would_move_the_past",
        Words(
            f"{len(behind)} hạn đã qua sẽ bị dời: {first}.",
            f"{len(behind)} dates that have passed would move: {first}.",
        ),
        Words(
            "Hạn đã qua là căn cứ tính đúng hạn, trễ hạn; không được dời ngầm.",
            "Who was late is reckoned from them; they do not move by the way.",
        ),
        Words(
            "Giữ nguyên các hạn đó, hoặc ghi rõ là dời cả hạn đã qua (--past-too).",
            "Leave them, or say that the past is moved too (--past-too).",
        ),
        moved=[{"code": one.code, "step": one.step, "from": one.was, "to": one.now} for one in behind],
    )
