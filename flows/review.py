"""The reviewers' acts as flows with typed run forms: the same functions that the command line calls."""

from datetime import date, datetime
from typing import Any

from flows.acts import act
from models.records.councils import Opinion, Track
from tasks import engine
from tasks.sittings import Hand, Place


@act("find-complete", "find_complete-{province}-{year}")
def find_complete(
    province: str, year: int, communes: list[str], by: str, trial: bool = False, at: datetime | None = None
) -> int:
    """Find files complete, so that they can be appraised."""
    return engine.find_complete(Place(province, year, trial or None), communes, Hand(by, at))


@act("save-notes", "save_notes-{commune}-{year}")
def save_notes(
    province: str,
    year: int,
    commune: str,
    notes: dict[str, Any],
    by: str,
    trial: bool = False,
    at: datetime | None = None,
) -> dict[str, int]:
    """Save what one reviewer noted: {"answers", "reasons", "versions", "leader_disciplined"}."""
    return engine.save_notes(Place(province, year, trial or None), commune, notes, Hand(by, at))


@act("hold-council", "hold_council-{unit}-{held_on}")
def hold_council(
    province: str,
    year: int,
    unit: str,
    held_on: date,
    papers_sent_on: date,
    members: int,
    attended: int,
    minutes: str,
    chair: str,
    secretary: str,
    by: str,
    track: Track = "meeting",
    opinions: list[Opinion] | None = None,
    late_papers_ground: str | None = None,
    trial: bool = False,
    at: datetime | None = None,
) -> int:
    """Record a session of the Council with its quorum and its minutes, or its opinions in writing (`track`)."""
    told = {
        "held_on": held_on,
        "papers_sent_on": papers_sent_on,
        "members": members,
        "attended": attended,
        "minutes": minutes,
        "track": track,
        "opinions": tuple(opinions or ()),
        "chair": chair,
        "secretary": secretary,
        "late_papers_ground": late_papers_ground,
    }
    return engine.hold_council(Place(province, year, trial or None), unit, told, Hand(by, at))


@act("finish-appraisals", "finish_appraisals-{province}-{year}")
def finish_appraisals(
    province: str,
    year: int,
    communes: list[str],
    by: str,
    agree_rest: bool = False,
    trial: bool = False,
    at: datetime | None = None,
) -> int:
    """Make the notes the appraised scorecards, which are the ones that count."""
    return engine.finish_appraisals(Place(province, year, trial or None), communes, Hand(by, at), agree_rest=agree_rest)


@act("return-indicators", "return_indicators-{commune}-{year}")
def return_indicators(
    province: str,
    year: int,
    commune: str,
    indicators: list[str],
    reason: str,
    on: date,
    by: str,
    trial: bool = False,
    at: datetime | None = None,
) -> bool:
    """Send indicators back to the commune; only those open to it."""
    place = Place(province, year, trial or None)
    return engine.return_indicators(place, commune, indicators, reason, on, Hand(by, at))


@act("revise-indicators", "revise_indicators-{commune}-{year}")
def revise(
    province: str,
    year: int,
    commune: str,
    answers: dict[str, Any],
    by: str,
    trial: bool = False,
    at: datetime | None = None,
) -> list[str]:
    """Take a commune's whole revised self-assessment in: {"answers", "leader_disciplined"}; only what is open moves."""
    return engine.revise(Place(province, year, trial or None), commune, answers, Hand(by, at))
