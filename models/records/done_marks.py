"""What was done, marked on its deadlines: the part of the projection that most acts leave behind.

When a step is done, the rule of its days stays what it was, and so does everything else that its deadline says. To
reckon all of it anew (`models.records.projection`, which says the same of what was done) cost ten times as much.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from models.records.asking import send
from models.records.base import forget
from models.records.deadlines import Deadline, Fact, Happening
from models.records.dossiers import batched

_MARKING = text("""
UPDATE deadlines SET (done_on, done_at, document) = (
    SELECT min(done.on_day), min(done.at), coalesce(min(done.document), '') FROM deadline_facts done
    WHERE done.cycle_id = deadlines.cycle_id AND done.unit_id = deadlines.unit_id
        AND done.step = deadlines.step AND done.occasion = deadlines.occasion AND done.kind = 'done'
        AND NOT EXISTS (
            SELECT * FROM deadline_facts later
            WHERE later.cycle_id = done.cycle_id AND later.unit_id = done.unit_id AND later.step = done.step
                AND later.occasion = done.occasion AND later.kind = 'reopened' AND later.id > done.id
        )
)
WHERE cycle_id = :cycle_id AND unit_id IN :units AND step IN :steps
""").bindparams(bindparam("units", expanding=True), bindparam("steps", expanding=True))
"""Written out, for SQLAlchemy sets no columns together. One look into an index for each deadline: as a join PostgreSQL,
which counts its rows later than we write them, compared each deadline with every fact."""


def only_done(happenings: Sequence[Happening]) -> set[str]:
    """The steps of which these say that they were done, and nothing else."""
    others = {happening.step for happening in happenings if happening.kind is not Fact.DONE}
    return {happening.step for happening in happenings} - others


def mark_done(session: Session, cycle_id: int, steps: Collection[str], units: Collection[int]) -> None:
    """Bring these steps and subjects to what the facts say was done of them."""
    if not steps:
        return
    for portion in batched(sorted(units)):
        given = {"cycle_id": cycle_id, "units": list(portion), "steps": sorted(steps)}
        send(session, _MARKING, given)
    forget(session, Deadline)
