"""Reports upward as the command line calls them: drafted, frozen with a number, or added to; written as files."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from models.errors import Refusal
from models.records.cycles import Cycle
from models.records.report_figures import figures, step_of
from models.records.reporting import Change, addend_report, freeze_report, frozen
from models.records.responsibility import held_late, not_recognised
from models.records.units import Unit
from models.words import Words
from tasks.sittings import Hand, Place, look, sit, unit_of


def draft(place: Place, district: str | None, on: date, out: Path) -> dict[str, Any]:
    """The report as it would be now: nothing is recorded."""
    with look(place) as (session, cycle):
        unit = _unit(session, cycle, district)
        said = figures(session, cycle, unit, on)
        step = step_of(cycle, unit)
    return {"act": step, "new": 0, "frozen": False, "files": _write(out, said, None), "figures": said}


def send(place: Place, district: str | None, document: str, on: date, hand: Hand, out: Path | None) -> dict[str, Any]:
    """Record the report as sent and freeze its figures; sent before, the files show what was frozen then."""
    with sit(place, hand, "báo cáo kết quả đánh giá lên cấp trên") as sitting:
        unit = _unit(sitting.session, sitting.cycle, district)
        new = freeze_report(sitting, unit, document, on)
        kept = frozen(sitting.session, sitting.cycle.id, unit.id, document)
        step = step_of(sitting.cycle, unit)
        said = json.loads(kept.figures) if kept else figures(sitting.session, sitting.cycle, unit, on)
    files = _write(out, said, document) if out else []
    return {"act": step, "new": int(new), "frozen": True, "files": files, "figures": said}


def addend(
    place: Place, district: str | None, document: str, amends: str, on: date, hand: Hand, out: Path | None
) -> dict[str, Any]:
    """Record an addendum to a report that was sent, saying what changed; the report itself stays as it was sent."""
    with sit(place, hand, f"bổ sung báo cáo {amends}") as sitting:
        unit = _unit(sitting.session, sitting.cycle, district)
        new = addend_report(sitting, unit, document, amends, on)
        kept = frozen(sitting.session, sitting.cycle.id, unit.id, document)
        if kept is None or kept.changes is None:
            raise _not_an_addendum(document)
        said, changes = json.loads(kept.figures), [Change(**one) for one in json.loads(kept.changes)["changes"]]
    files = []
    if out:
        from tasks.report_addenda import addendum_paper

        files = [addendum_paper(out / f"bo-sung-{_stem(said)}.docx", said, document, amends, changes)]
    told = [one._asdict() for one in changes]
    return {"act": "report-addendum", "new": int(bool(new)), "amends": amends, "changes": told, "files": files}


def responsibility(place: Place, on: date, out: Path) -> dict[str, Any]:
    """The draft for those who determine responsibility, as a Word file; a person is never named by it."""
    from tasks.report_addenda import responsibility_paper

    with look(place) as (session, cycle):
        held, failing = held_late(session, cycle, on), not_recognised(session, cycle)
        name = session.get_one(Unit, cycle.province_id).name
        file = out / f"trach-nhiem-{place.province}-{cycle.year}.docx"
        responsibility_paper(file, cycle.year, name, cycle.trial, held, failing)
    return {"late_steps": len(held), "not_recognised": len(failing), "files": [file]}


def _write(out: Path, said: dict[str, Any], document: str | None) -> list[Path]:
    from tasks.report_papers import report_paper
    from tasks.report_sheets import report_sheets

    stem = _stem(said)
    return [
        report_paper(out / f"bao-cao-{stem}.docx", said, document),
        report_sheets(out / f"so-lieu-{stem}.xlsx", said),
    ]


def _stem(said: dict[str, Any]) -> str:
    return f"{said['unit']['code']}-{said['year']}"


def _unit(session: Session, cycle: Cycle, district: str | None) -> Unit:
    return unit_of(session, cycle, district) if district else session.get_one(Unit, cycle.province_id)


def _not_an_addendum(document: str) -> Refusal:
    return Refusal(
        "number_of_another_report",
        Words(f"Số {document} là của báo cáo khác.", f"The number {document} is of another report."),
        Words("Báo cáo bổ sung có số riêng.", "An addendum has a number of its own."),
        Words("Kiểm tra lại --document.", "Check --document."),
    )
