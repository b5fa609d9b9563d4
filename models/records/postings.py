"""Postings of drafts: where, from when, until when, how often, with which proof; each recorded once, none erased.

What a workbook says of postings holds until a newer workbook of the same commune is taken in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.law.posting import Channel, Posted, PostingFound, PostingRule, check_posting
from models.law.regulation import Regulation
from models.records.acting import Sitting, Traces
from models.records.base import Moment, Table
from models.records.canonical import canonical, digest_of
from models.records.deadlines import Fact, Happening
from models.records.dossiers import InHand, batched
from models.records.journal import Touched

POST = "post-drafts"


class PostingRecord(Table):
    """One posting of one commune; `handed_in_id` null: recorded by hand. `until_at`: no longer in force since."""

    __tablename__ = "postings"
    __table_args__ = (Index(None, "cycle_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    handed_in_id: Mapped[int | None] = mapped_column(ForeignKey("handed_in_files.id"))
    channel: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(300))
    began: Mapped[date]
    ended: Mapped[date | None]
    times: Mapped[int | None]
    proof: Mapped[str] = mapped_column(String(500))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(200))
    until_at: Mapped[datetime | None] = mapped_column(Moment)


@dataclass(frozen=True)
class PostingOf:
    """A posting and the commune that posted."""

    code: str
    posted: Posted


def rule_in(regulation: Regulation) -> PostingRule | None:
    """The regulation's rule on posting; null where nobody has read it."""
    step = regulation.step(POST)
    return step.posting if step else None


def postings_of(session: Session, cycle_id: int, unit_ids: Sequence[int]) -> dict[int, list[Posted]]:
    """The postings in force of these communes, earliest first."""
    found: dict[int, list[Posted]] = {unit_id: [] for unit_id in unit_ids}
    for chunk in batched(list(unit_ids)):
        query = select(PostingRecord).where(
            PostingRecord.cycle_id == cycle_id, PostingRecord.unit_id.in_(chunk), PostingRecord.until_at.is_(None)
        )
        for row in session.scalars(query.order_by(PostingRecord.began, PostingRecord.id)):
            found[row.unit_id].append(posted_in(row))
    return found


def posted_in(row: PostingRecord) -> Posted:
    """The posting that a row keeps."""
    return Posted(Channel(row.channel), row.began, row.ended, row.times, row.place, row.proof)


def record_postings(sitting: Sitting, postings: Sequence[PostingOf]) -> int:
    """Record postings with their proof; returns how many were new. The step is done once the rule is satisfied."""
    dossiers = sitting.dossiers([one.code for one in postings])
    keys = {_key(one): one for one in postings}
    new = sorted(sitting.fresh(keys))
    if not new:
        return 0
    rows = [posting_row(sitting, dossiers[keys[key].code], keys[key].posted) for key in new]
    sitting.session.execute(insert(PostingRecord), rows)
    touched = {keys[key].code: dossiers[keys[key].code] for key in new}
    traces = Traces(happenings=posting_facts(sitting, list(touched.values())))
    lines = [Touched(dossiers[keys[key].code].unit_id, key, _said(keys[key].posted)) for key in new]
    sitting.finish(POST, f"post/{digest_of(' '.join(new))[:24]}", lines, traces)
    return len(new)


def posting_row(sitting: Sitting, dossier: InHand, one: Posted, handed_in_id: int | None = None) -> dict[str, object]:
    """The posting as a row of `postings`."""
    return {
        "cycle_id": sitting.cycle.id,
        "unit_id": dossier.unit_id,
        "handed_in_id": handed_in_id,
        "channel": str(one.channel),
        "place": one.place,
        "began": one.began,
        "ended": one.ended,
        "times": one.times,
        "proof": one.proof,
        "recorded_at": sitting.signed.at,
        "by": sitting.signed.by,
    }


def posting_facts(sitting: Sitting, dossiers: Sequence[InHand]) -> list[Happening]:
    """When the posting of each commune began and, where it is enough by the rule, when it was done."""
    if not sitting.law.regulation.has_step(POST):
        return []
    facts: list[Happening] = []
    by_unit = postings_of(sitting.session, sitting.cycle.id, [dossier.unit_id for dossier in dossiers])
    for unit_id, posted in by_unit.items():
        if posted:
            facts.append(Happening(unit_id, POST, Fact.STARTED, posted[0].began, sitting.signed.at))
            done = _done_on(found_in(sitting, posted), posted)
            facts += [Happening(unit_id, POST, Fact.DONE, done, sitting.signed.at)] if done else []
    return facts


def found_in(sitting: Sitting, posted: Sequence[Posted]) -> PostingFound:
    """What the cycle's rule says of these postings."""
    return check_posting(rule_in(sitting.law.regulation), posted, sitting.cycle.year)


def _done_on(found: PostingFound, posted: Sequence[Posted]) -> date | None:
    """By the rule; where nobody has read it, when the last posting ended."""
    if found.satisfied is not None:
        return found.satisfied_on
    ends = [one.ended for one in posted if one.ended]
    return max(ends) if len(ends) == len(posted) else None


def _key(one: PostingOf) -> str:
    return f"post/{one.code}/{digest_of(canonical(_said(one.posted)))[:16]}"


def _said(one: Posted) -> Mapping[str, object]:
    return {
        "channel": str(one.channel),
        "from": one.began,
        "to": one.ended,
        "times": one.times,
        "place": one.place,
        "proof": one.proof,
    }
