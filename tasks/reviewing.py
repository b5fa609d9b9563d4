"""The acts of those who review: files found complete, notes saved, indicators returned, Council, appraisal finished."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from models.law.allowed import submission
from models.law.answer_refusals import must_be
from models.law.answers import Submission
from models.law.regulation import Regulation
from models.records import appraisal_notes, appraising, councils, reviewing, revising
from models.records.cycles import law_of
from models.records.deciding_units import refuse_no_deciding_unit
from models.records.filing import Filing
from models.records.units import Unit
from models.words import Words
from tasks.sittings import Hand, Place, look, sit, unit_of

GROUND = "thẩm định hồ sơ"


def find_complete(place: Place, codes: Sequence[str], hand: Hand) -> int:
    """Find files complete, so that they can be appraised; returns how many were new."""
    with sit(place, hand, "kiểm tra hồ sơ") as sitting:
        return reviewing.find_complete(sitting, codes)


def save_notes(place: Place, code: str, document: dict[str, Any], hand: Hand) -> dict[str, int]:
    """Save what one reviewer noted: {"answers", "reasons", "versions", "leader_disciplined"}; returns new versions."""
    with sit(place, hand, GROUND) as sitting:
        given = _given(sitting.law.regulation, document)
        notes = appraisal_notes.Notes(code, given, _texts(document, "reasons"), _numbers(document, "versions"))
        return dict(appraisal_notes.save_notes(sitting, notes).versions)


def finish_appraisals(place: Place, codes: Sequence[str], hand: Hand, *, agree_rest: bool = False) -> int:
    """Make the notes the appraised scorecards, which are the ones that count; returns how many were new."""
    with sit(place, hand, GROUND) as sitting:
        return appraising.finish_appraisals(sitting, codes, agree_with_the_rest=agree_rest)


def return_indicators(place: Place, code: str, indicators: Sequence[str], reason: str, on: date, hand: Hand) -> bool:
    """Send indicators back to the commune; only those open to it."""
    with sit(place, hand, GROUND) as sitting:
        return appraising.return_indicators(sitting, code, indicators, reason, on)


def revise(place: Place, code: str, document: dict[str, Any], hand: Hand) -> list[str]:
    """Take a commune's revised self-assessment in; returns the indicators that changed."""
    with sit(place, hand, "sửa hồ sơ ở chỗ được mở") as sitting:
        given = _given(sitting.law.regulation, document)
        return revising.revise(sitting, Filing(code, given, reasons=_texts(document, "reasons")))


def hold_council(place: Place, unit_code: str, told: dict[str, Any], hand: Hand) -> int:
    """Record a session or the written opinions; `told` holds the fields of `councils.Meeting` but the unit's."""
    with sit(place, hand, "phiên họp, ý kiến của Hội đồng") as sitting:
        unit = unit_of(sitting.session, sitting.cycle, unit_code)
        if sitting.law.regulation.council:  # a regulation without one refuses by itself
            refuse_no_deciding_unit(sitting.session, sitting.cycle, unit)
        return councils.hold_council(sitting, [councils.Meeting(unit.id, unit.code, **told)])


def councils_document(place: Place) -> list[dict[str, Any]]:
    """Every session of the cycle's Councils, with quorum and what is missing."""
    with look(place) as (session, cycle):
        council = law_of(session, cycle).regulation.council
        found = []
        for held in councils.councils_held(session, cycle.id):
            meeting, record = held.meeting, held.record
            unit = session.get_one(Unit, meeting.district_id)
            quorum = council.quorum.attendance(meeting.members) if council else None
            found.append(
                {
                    "unit": unit.code,
                    "name": unit.name,
                    "held_on": meeting.held_on,
                    "track": record.track if record else "meeting",
                    "members": meeting.members,
                    "attended": meeting.attended,
                    "needed": quorum,
                    "papers_sent_on": meeting.papers_sent_on,
                    "late_papers_ground": record.late_papers_ground if record else None,
                    "minutes": meeting.minutes,
                    "chair": record.chair if record else None,
                    "secretary": record.secretary if record else None,
                    "opinions": [
                        {"member": one.member, "received_on": one.received_on, "document": one.document}
                        for one in held.opinions
                    ],
                    "opinions_missing": held.opinions_missing,
                }
            )
        return found


def _given(regulation: Regulation, document: dict[str, Any]) -> Submission:
    known = {"answers": document.get("answers", {}), "leader_disciplined": document.get("leader_disciplined")}
    other = {key: value for key, value in document.items() if key not in ("commune", "reasons", "versions")}
    return submission(regulation, known | other)


def _texts(document: dict[str, Any], name: str) -> dict[str, str]:
    return {key: value.strip() for key, value in _entries(document, name, str).items() if value.strip()}


def _numbers(document: dict[str, Any], name: str) -> dict[str, int]:
    return {key: int(value) for key, value in _entries(document, name, (int, Decimal)).items()}


def _entries(document: dict[str, Any], name: str, kinds: Any) -> dict[str, Any]:
    entries = document.get(name) or {}
    form = Words('một đối tượng {"1.1": …}', 'an object {"1.1": …}')
    if not isinstance(entries, dict):
        raise must_be(name, entries, form)
    wrong = next((key for key, value in entries.items() if not isinstance(value, kinds)), None)
    if wrong is not None:
        raise must_be(f"{name}/{wrong}", entries[wrong], form)
    return entries
