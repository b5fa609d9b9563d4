"""Which of the commune's own steps a file shows to be done, and by which day at the latest.

Drafts that were posted had been scored; opinions had been answered when the meeting was held on the file. A step that
was recorded by itself keeps its own, earlier day; a meeting that the file does not speak of is not taken for held.
"""

import json
from collections.abc import Iterator
from datetime import date

from models.records.acting import Sitting
from models.records.deadlines import Fact, Happening
from models.records.handed_in import Paper

SCORED = ("score-indicators", "judge-indicators")
EXPLAINED, MET = "explain-opinions", "hold-meeting"


def steps_shown(sitting: Sitting, unit_id: int, paper: Paper) -> Iterator[Happening]:
    """What is done, each by the day that the file itself gives, and never later than it came."""
    law, came = sitting.law.regulation, sitting.signed.day
    posted = min((one.began for one in paper.postings), default=came)
    held_on = _held_on(paper)
    days: dict[str, date | None] = dict.fromkeys(SCORED, posted)
    days |= {EXPLAINED: held_on or came, MET: held_on}
    for step, day in days.items():
        if day and law.has_step(step):
            yield Happening(unit_id, step, Fact.DONE, min(day, came), sitting.signed.at, document=paper.filing.document)


def _held_on(paper: Paper) -> date | None:
    said = next((json.loads(line.text) for line in paper.lines if line.part == "meeting"), {})
    return date.fromisoformat(said["held_on"]) if said.get("held_on") else None
