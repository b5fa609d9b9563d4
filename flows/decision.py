"""The deciding acts as flows with typed run forms: sign, publish, consolidate, publish the list, report, correct."""

from datetime import date, datetime
from typing import Any

from prefect import flow

from tasks import engine
from tasks.deciding import Signed
from tasks.sittings import Hand, Place


@flow(name="sign-decision", flow_run_name="sign_decision-{unit}-{number}")
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
    partial_ground: str | None = None,
    trial: bool = False,
    at: datetime | None = None,
) -> int:
    """Record a signed decision; without lists each commune stands where the rule's verdict puts it."""
    signed = Signed(
        unit, number, signed_on, signer, recognised or {}, not_recognised or {}, partial_ground=partial_ground
    )
    return engine.sign(Place(province, year, trial or None), signed, Hand(by, at, number))


@flow(name="correct-decision", flow_run_name="correct_decision-{unit}-{number}")
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
    trial: bool = False,
    at: datetime | None = None,
) -> int:
    """Record a superseding decision over the communes that it lists."""
    signed = Signed(unit, number, signed_on, signer, recognised or {}, not_recognised or {})
    return engine.correct(Place(province, year, trial or None), signed, reason, authority, Hand(by, at, number))


@flow(name="publish-decision", flow_run_name="publish_decision-{unit}-{number}")
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


@flow(name="consolidate", flow_run_name="consolidate-{province}-{year}")
def consolidate(province: str, year: int, by: str, trial: bool = False, at: datetime | None = None) -> dict[str, Any]:
    """Consolidate what was decided; finds missing, doubled and contradictory entries."""
    return engine.consolidate(Place(province, year, trial or None), Hand(by, at))


@flow(name="publish-provincial-list", flow_run_name="publish_provincial_list-{province}-{year}")
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


@flow(name="report-upward", flow_run_name="report_upward-{unit}-{step}")
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
