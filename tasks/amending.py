"""Amendments as the command line calls them: a changed plan, a confirmed value, a changed calendar."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from models.errors import Refusal
from models.law.calendar import Calendar
from models.law.cycle_law import CycleLaw
from models.law.plan import Confirmation, Plan
from models.law.regulation import Regulation
from models.law.resolve import resolve
from models.records.acting import Sitting
from models.records.amending import Amended, amend
from models.records.cycles import Cycle, law_of, open_cycle_ids
from models.records.journal import Signed
from models.words import Words
from tasks import clock
from tasks.anchors import anchor
from tasks.calendar_days import shipped_calendar
from tasks.database import reading, work
from tasks.law_files import load_plan, load_regulations
from tasks.settings import Settings
from tasks.sittings import Hand, Place, cycle_or_refusal


@dataclass(frozen=True)
class Amending:
    """How: only looked at (`dry_run`), and whether days that have passed may move."""

    dry_run: bool = False
    past_too: bool = False


class _Looked(Exception):
    """Ends a dry run: everything that it wrote is rolled back."""


def amend_plan(place: Place, plan_file: Path, hand: Hand, how: Amending) -> dict[str, Any]:
    """Put a changed plan in force. Values that persons confirmed stay confirmed unless the plan says otherwise."""
    plan = load_plan(plan_file)
    with reading() as session:
        cycle = cycle_or_refusal(session, place)
        known = law_of(session, cycle)
        cycle_id = cycle.id
    said = {confirmation.at for confirmation in plan.confirmations}
    kept = tuple(one for one in (known.plan.confirmations if known.plan else ()) if one.at not in said)
    plan = plan.model_copy(update={"confirmations": (*plan.confirmations, *kept)})
    for one in kept:
        plan = _without(plan, one.at)
    return _amended(cycle_id, _resolved(known, plan), None, hand, how, "sửa đổi kế hoạch")


def confirm_value(place: Place, confirmation: Confirmation, hand: Hand, how: Amending) -> dict[str, Any]:
    """Confirm a legal value that nobody had confirmed, for one cycle; a trial stays a trial."""
    with reading() as session:
        cycle = cycle_or_refusal(session, place)
        known, cycle_id = law_of(session, cycle), cycle.id
    if known.plan is None:
        raise _no_plan()
    if any(_same(one, confirmation) for one in known.plan.confirmations):
        return _answer(Amended(cycle.law_version, known.content_hash(), (), False), how, cycle)
    confirmation = _with_the_stand_in(known.plan, confirmation)
    others = tuple(one for one in known.plan.confirmations if one.at != confirmation.at)
    plan = _without(known.plan, confirmation.at).model_copy(update={"confirmations": (*others, confirmation)})
    law, ground = _resolved(known, plan), f"xác nhận giá trị {confirmation.at}"
    return _amended(cycle_id, law, None, hand, how, ground) | {"address": confirmation.at}


def _same(known: Confirmation, said: Confirmation) -> bool:
    """Read in the same place and found the same, on whatever day."""
    names = ("at", "document", "page")
    same = all(getattr(known, name) == getattr(said, name) for name in names)
    return same and said.value in (None, known.value)


def amend_calendar(cycle_ids: Iterable[int], hand: Hand, how: Amending) -> list[dict[str, Any]]:
    """Bring open cycles to the calendar as it now is recorded; each in its own unit of work."""
    calendar, done = _calendar(), []
    for cycle_id in cycle_ids:
        with reading() as session:
            known = law_of(session, session.get_one(Cycle, cycle_id))
        law = known.model_copy(update={"calendar": calendar.content_hash()})
        done.append(_amended(cycle_id, law, calendar, hand, how, "thay đổi ngày nghỉ, ngày làm việc"))
    return done


def all_open() -> list[int]:
    with reading() as session:
        return [*open_cycle_ids(session)]


def given_value(text: str | None) -> dict[str, Any] | None:
    """What was read, as typed: a JSON object, or NAME=VALUE pairs parted by commas; null: as it stands."""
    if text is None:
        return None
    if text.lstrip().startswith("{"):
        with suppress(json.JSONDecodeError):
            return json.loads(text)
    parts = [part.partition("=") for part in text.split(",")]
    if all(name.strip() and equals for name, equals, _ in parts):
        return {name.strip(): value.strip() for name, _, value in parts}
    raise Refusal(
        "unreadable_value",
        Words(f"Không hiểu giá trị “{text[:60]}”.", f"The value '{text[:60]}' cannot be read."),
        Words("Giá trị là các cặp tên=giá trị, hoặc một đối tượng JSON.", "It is NAME=VALUE pairs or a JSON object."),
        Words("Ví dụ: --value points=3.", "For instance: --value points=3."),
    )


def _resolved(known: CycleLaw, plan: Plan) -> CycleLaw:
    """The cycle's own regulation with the plan anew, on the calendar that the cycle has."""
    regulation = _regulation(known.regulation.id)
    return resolve(regulation, plan, province=known.province, year=known.year, calendar_hash=known.calendar)


def _regulation(name: str) -> Regulation:
    return next(each for each in load_regulations(Settings().regulations) if each.id == name)


def _calendar() -> Calendar:
    return shipped_calendar(Settings().regulations)


def _without(plan: Plan, address: str) -> Plan:
    """The plan without what stood in for a value that is confirmed now."""
    fills = tuple(fill for fill in plan.fills if fill.at != address)
    steps = dict(plan.steps)
    name = address.removeprefix("steps/").removesuffix("/deadline")
    if address == f"steps/{name}/deadline" and name in steps:
        steps[name] = steps[name].model_copy(update={"deadline": None})
    return plan.model_copy(update={"fills": fills, "steps": steps})


def _with_the_stand_in(plan: Plan, confirmation: Confirmation) -> Confirmation:
    """Confirmed "as it stands" where the plan stands in: its value is the one that was read."""
    if confirmation.value is not None:
        return confirmation
    name = confirmation.at.removeprefix("steps/").removesuffix("/deadline")
    found: dict[str, Any] | None = next((fill.value for fill in plan.fills if fill.at == confirmation.at), None)
    own = plan.steps.get(name)
    if found is None and confirmation.at == f"steps/{name}/deadline" and own and own.deadline:
        found = own.deadline.model_dump(mode="json", exclude_none=True)
    if found is None:
        return confirmation
    value = {key: part for key, part in found.items() if key not in ("mark", "source", "checked")}
    return confirmation.model_copy(update={"value": value})


def _amended(
    cycle_id: int, law: CycleLaw, calendar: Calendar | None, hand: Hand, how: Amending, ground: str
) -> dict[str, Any]:
    answers: list[dict[str, Any]] = []
    signed = Signed(hand.by, clock.in_office(hand.at), f"{ground} ({hand.document})", hand.document)
    with suppress(_Looked), work() as session:
        sitting = Sitting.on(session, cycle_id, signed)
        done = amend(sitting, law, calendar or sitting.calendar, past_too=how.past_too or how.dry_run)
        answers.append(_answer(done, how, sitting.cycle))
        if how.dry_run:
            raise _Looked
    if not how.dry_run:
        anchor()
    return answers[0]


def _answer(done: Amended, how: Amending, cycle: Cycle) -> dict[str, Any]:
    kept = ("code", "name", "step", "occasion", "was", "now", "done", "passed")
    return {
        "cycle": cycle.id,
        "year": cycle.year,
        "trial": cycle.trial,
        "dry_run": how.dry_run,
        "changed": done.changed,
        "law_version": done.version,
        "hash": done.hash,
        "moved": [{name: asdict(one)[name] for name in kept} for one in done.moved],
        "tasks": [{name: getattr(one, name) for name in (*kept, "title")} for one in done.tasks],
    }


def _no_plan() -> Refusal:
    return Refusal(
        "no_plan_to_confirm_in",
        Words("Kỳ này không có kế hoạch của tỉnh.", "This cycle has no provincial plan."),
        Words("Việc xác nhận được ghi trong kế hoạch.", "A confirmation stands in the plan."),
        Words("Thêm kế hoạch bằng `tcpl plan amend`.", "Bring a plan in with `tcpl plan amend`."),
    )


def as_confirmation(at: str, value: str | None, document: str, page: str, by: str, on: date) -> Confirmation:
    """What a person read, where, and when."""
    return Confirmation(at=at, value=given_value(value), document=document, page=page, read_by=by, read_on=on)
