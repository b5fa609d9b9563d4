"""The deciding acts as flows with typed run forms: submit, sign, publish, the list, reports, corrections."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from flows.acts import act
from tasks import engine
from tasks.deciding import Signed
from tasks.sittings import Hand, Place


@act("submit-to-chair", "submit_to_chair-{unit}-{year}")
def submit_to_chair(
    province: str,
    year: int,
    unit: str,
    document: str,
    on: date,
    by: str,
    trial: bool = False,
    at: datetime | None = None,
) -> int:
    """Record that the reviewers handed the file to the one who decides."""
    return engine.submit_to_chair(Place(province, year, trial or None), unit, on, document, Hand(by, at, document))


@act("sign-decision", "sign_decision-{unit}-{number}")
def sign_decision(
    province: str,
    year: int,
    unit: str,
    number: str,
    signed_on: date,
    signer: str,
    by: str,
    recognised: dict[str, str] | None = None,
    not_recognised: dict[str, str] | None = None,
    only: list[str] | None = None,
    position: str | None = None,
    file: Path | None = None,
    partial_ground: str | None = None,
    trial: bool = False,
    at: datetime | None = None,
) -> int:
    """Record a signed decision; without lists each commune stands where the rule's verdict puts it."""
    lists = recognised or {}, not_recognised or {}
    signed = Signed(unit, number, signed_on, signer, *lists, only, position, file, partial_ground)
    return engine.sign(Place(province, year, trial or None), signed, Hand(by, at, number))


@act("correct-decision", "correct_decision-{unit}-{number}")
def correct_decision(
    province: str,
    year: int,
    unit: str,
    number: str,
    signed_on: date,
    signer: str,
    reason: str,
    authority: str,
    by: str,
    recognised: dict[str, str] | None = None,
    not_recognised: dict[str, str] | None = None,
    position: str | None = None,
    file: Path | None = None,
    trial: bool = False,
    at: datetime | None = None,
) -> int:
    """Record a superseding decision over the communes that it lists."""
    lists = recognised or {}, not_recognised or {}
    signed = Signed(unit, number, signed_on, signer, *lists, position=position, paper=file)
    return engine.correct(Place(province, year, trial or None), signed, reason, authority, Hand(by, at, number))


@act("attach-decision-file", "attach_decision_file-{unit}-{number}")
def attach_decision_file(
    province: str,
    year: int,
    unit: str,
    number: str,
    file: Path,
    by: str,
    trial: bool = False,
    at: datetime | None = None,
) -> bool:
    """Add the signed file to a decision that was recorded without one; its signatures are verified."""
    return engine.attach(Place(province, year, trial or None), unit, number, file, Hand(by, at, number))


@act("publish-decision", "publish_decision-{unit}-{number}")
def publish_decision(
    province: str,
    year: int,
    unit: str,
    number: str,
    on: date,
    where: str,
    by: str,
    trial: bool = False,
    at: datetime | None = None,
) -> bool:
    """Record that a decision was published; a trial's only where it is said to be one."""
    return engine.publish(Place(province, year, trial or None), unit, number, on, where, Hand(by, at))


@act("consolidate", "consolidate-{province}-{year}")
def consolidate(province: str, year: int, by: str, trial: bool = False, at: datetime | None = None) -> dict[str, Any]:
    """Consolidate what was decided; finds missing, doubled and contradictory entries."""
    return engine.consolidate(Place(province, year, trial or None), Hand(by, at))


@act("publish-provincial-list", "publish_provincial_list-{province}-{year}")
def publish_provincial_list(
    province: str,
    year: int,
    document: str,
    on: date,
    where: str,
    by: str,
    trial: bool = False,
    at: datetime | None = None,
) -> bool:
    """Record that the province's list was published, once every commune stands in exactly one list."""
    return engine.publish_list(Place(province, year, trial or None), document, on, where, Hand(by, at))


@act("report-upward", "report_upward-{unit}-{step}")
def report_upward(
    province: str,
    year: int,
    step: str,
    unit: str,
    document: str,
    on: date,
    by: str,
    trial: bool = False,
    at: datetime | None = None,
) -> bool:
    """Record a report upward with its figures as they stand."""
    return engine.report(Place(province, year, trial or None), step, unit, document, on, Hand(by, at, document))
