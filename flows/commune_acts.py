"""The acts about one commune's file as flows: typed parameters fill Prefect's own run form."""

from datetime import date
from pathlib import Path

from flows.acts import act
from models.law.leaders import LeaderFinding, Measure, Role
from models.law.posting import Channel, Posted
from tasks import engine
from tasks.commune_acts import Asked, PostedNow
from tasks.workbooks import Written


@act("workbooks", "workbooks-{province}-{year}")
def workbooks(province: str, year: int, out: Path, communes: list[str] | None = None) -> Written:
    """Write the communes' workbooks into a folder."""
    return engine.write_workbooks(province, year, out, communes=communes)


@act("posting", "posting-{code}-{year}")
def posting(
    code: str,
    year: int,
    channel: Channel,
    began: date,
    by: str,
    ended: date | None = None,
    times: int | None = None,
    place: str = "",
    proof: str = "",
) -> PostedNow:
    """Record a posting of drafts."""
    return engine.record_posting(code, year, Posted(channel, began, ended, times, place, proof), by=by)


@act("supplement", "supplement-{code}-{year}")
def supplement(
    code: str, year: int, items: dict[str, str], received_on: date, by: str, number: int | None = None
) -> Asked:
    """Return items of a file, each with a note."""
    return engine.request_supplement(code, year, items, received_on=received_on, by=by, number=number)


@act("finding", "finding-{code}-{year}")
def finding(
    code: str,
    year: int,
    person: str,
    role: Role,
    act: str,
    on: date,
    document: str,
    measure: Measure,
    duty_related: bool,
    by: str,
) -> bool:
    """Record a finding about a leader."""
    found = LeaderFinding(person, role, act, on, document, measure, duty_related)
    return engine.record_finding(code, year, found, by=by)
