"""The acts of those who decide: verdicts proposed, decisions signed and published, lists, reports, corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from models.errors import Refusal
from models.law.regulation import whole
from models.records import correcting, deciding, proposing, publishing
from models.records.acting import Sitting
from models.records.cycles import law_of
from models.records.deciding import Listed, Signature
from models.records.deciding_refusals import already_decided
from models.records.deciding_units import refuse_no_deciding_unit
from models.records.decisions import DecisionPaper, lines_of
from models.records.filing import StepDone, record_steps_done
from models.records.units import Unit
from models.words import Words
from tasks import clock
from tasks.decision_papers import keep_decision, paper_document
from tasks.sittings import Hand, Place, look, sit, unit_of


@dataclass(frozen=True)
class Signed:
    """A decision as it was signed. Without lists, each commune stands where the rule's verdict puts it.

    `recognised`, `not_recognised`: communes that are put on that list, with the written ground where it is contrary to
    the verdict (empty: none). `only`: the communes it covers, null: all of the unit that are not decided.
    """

    unit: str
    number: str
    signed_on: date
    signer: str
    recognised: Mapping[str, str] = field(default_factory=dict)
    not_recognised: Mapping[str, str] = field(default_factory=dict)
    only: Sequence[str] | None = None
    position: str | None = None
    paper: Path | None = None
    partial_ground: str | None = None


def proposal(place: Place, unit_code: str) -> dict[str, Any]:
    """What the rule says of every commune of a deciding unit, with reasons, for the person who signs."""
    with look(place) as (session, cycle):
        unit = unit_of(session, cycle, unit_code)
        if unit.id != cycle.province_id:  # the province looks at all of its communes
            refuse_no_deciding_unit(session, cycle, unit)
        regulation = law_of(session, cycle).regulation
        communes = [_told(one) for one in proposing.proposals(session, cycle, unit.id)]
        return {
            "unit": unit.code,
            "name": unit.name,
            "year": cycle.year,
            "trial": cycle.trial,
            "authority": str(regulation.authority.decides),
            "authority_mark": str(regulation.authority.mark),
            "communes": communes,
            "met": sum(one["verdict"] is True for one in communes),
            "not_met": sum(one["verdict"] is False for one in communes),
            "undetermined": sum(one["verdict"] is None for one in communes),
        }


def _told(one: proposing.Proposed) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "state": str(one.state),
        "verdict": one.verdict,
        "total": None if one.total is None else whole(one.total),
        "shortfalls": list(one.shortfalls),
        "undetermined": list(one.undetermined),
        "declared": one.declared,
        "marks": list(one.marks),
    }


def submit_to_chair(place: Place, unit_code: str, on: date, document: str, hand: Hand) -> int:
    """Record that the reviewers handed the file to the one who decides; 0 if that was known."""
    with sit(place, hand, "trình người có thẩm quyền") as sitting:
        step = sitting.law.regulation.step("submit-to-chair")
        if step is None:
            raise _no_such_step(sitting, "submit-to-chair")
        unit = unit_of(sitting.session, sitting.cycle, unit_code)
        refuse_no_deciding_unit(sitting.session, sitting.cycle, unit)
        return record_steps_done(sitting, step, [StepDone(unit.id, unit.code, on, document)])


def sign(place: Place, signed: Signed, hand: Hand) -> int:
    """Record a signed decision with its two lists; returns how many communes were newly decided."""
    paper = keep_decision(signed.paper, clock.in_office(hand.at))
    with sit(place, hand, _ground(place)) as sitting:
        unit = unit_of(sitting.session, sitting.cycle, signed.unit)
        lists = _by_verdict(sitting, unit, signed)
        return deciding.decide(sitting, _signature(unit, signed, lists, paper))


def correct(place: Place, signed: Signed, reason: str, authority: str, hand: Hand) -> int:
    """Record a superseding decision over the communes that it lists; returns how many lines it replaced."""
    paper = keep_decision(signed.paper, clock.in_office(hand.at))
    with sit(place, hand, authority) as sitting:
        unit = unit_of(sitting.session, sitting.cycle, signed.unit)
        return correcting.correct(sitting, _signature(unit, signed, _named(signed), paper), reason, authority)


def publish(place: Place, unit_code: str, number: str, on: date, where: str, hand: Hand) -> bool:
    """Record that a decision was published; a trial's only where the place says that it is one."""
    with sit(_openly(place), hand, "công khai quyết định") as sitting:
        unit = unit_of(sitting.session, sitting.cycle, unit_code)
        return publishing.publish(sitting, unit.id, unit.code, number, on, where)


def publish_list(place: Place, document: str, on: date, where: str, hand: Hand) -> bool:
    """Record that the province's list was published, once every commune stands in exactly one list."""
    with sit(_openly(place), hand, "công bố danh sách toàn tỉnh (thực tiễn của tỉnh)") as sitting:
        return publishing.publish_provincial_list(sitting, document, on, where)


def consolidate(place: Place, hand: Hand) -> dict[str, Any]:
    """Consolidate what was decided: {"consistent": n, "missing", "doubled", "contradictory": [{"code","name"}]}."""
    with sit(place, hand, "tổng hợp kết quả") as sitting:
        if not sitting.law.regulation.has_step(publishing.CONSOLIDATE):
            raise _no_such_step(sitting, publishing.CONSOLIDATE)
        return _found(sitting, publishing.consolidate(sitting))


def _found(sitting: Sitting, found: publishing.Consolidation) -> dict[str, Any]:
    groups = {"missing": found.undecided, "doubled": found.doubled, "contradictory": found.contradictory}
    return {
        "consistent": len(found.consistent),
        **{name: publishing.named(sitting.session, ids) for name, ids in groups.items()},
        "clean": found.clean,
    }


def report(place: Place, step_id: str, unit_code: str, document: str, on: date, hand: Hand) -> bool:
    """Record a report upward with its figures as they stand; False if it was known."""
    with sit(place, hand, "báo cáo kết quả") as sitting:
        if not step_id.startswith("report-to-") or not sitting.law.regulation.has_step(step_id):
            raise _no_such_step(sitting, step_id)
        unit = unit_of(sitting.session, sitting.cycle, unit_code)
        return publishing.send_report(sitting, step_id, unit.id, unit.code, document, on)


def decisions_document(place: Place) -> list[dict[str, Any]]:
    """Every line of every decision: both a superseded one and the one that counts."""
    with look(place) as (session, cycle):
        published = publishing.publications(session, cycle.id)
        papers: dict[int, dict[str, Any] | None] = {}
        found = []
        for line in lines_of(session, cycle.id):
            made = published.get((line.decided_by_id, line.number))
            if line.decision_id not in papers:
                paper = session.get(DecisionPaper, line.decision_id)
                papers[line.decision_id] = paper_document(session, paper, line.signed_on)
            found.append(
                {
                    "code": line.code,
                    "name": line.name,
                    "number": line.number,
                    "signed_on": line.signed_on,
                    "signer": line.signer,
                    "recognised": line.recognised,
                    "contrary_ground": line.contrary_ground,
                    "counts": line.counts,
                    "replaced_by": line.replaced_by,
                    "publish_by": made.last_day if made else None,
                    "published_on": made.done_on if made else None,
                    "published_at": made.document or None if made else None,
                    "paper": papers[line.decision_id],
                }
            )
        return found


def _openly(place: Place) -> Place:
    """Publishing never falls back on a trial: official is meant unless the trial is named."""
    if place.trial is None:
        try:
            with look(Place(place.province, place.year, False)):
                return Place(place.province, place.year, False)
        except Refusal as refusal:
            if refusal.code != "no_such_cycle":
                raise
        with look(place) as (_, cycle):
            raise publishing.trial_not_official(cycle.year)
    return place


def _ground(place: Place) -> str:
    with look(place) as (session, cycle):
        citation = law_of(session, cycle).regulation.authority.citation
        return f"{citation.text}, {citation.article}" if citation else "theo văn bản quy định"


def _by_verdict(sitting: Sitting, unit: Unit, signed: Signed) -> tuple[Listed, ...]:
    """The lists as named; every other commune where the verdict puts it; undetermined ones have to be named."""
    named = _named(signed)
    proposals = proposing.proposals(sitting.session, sitting.cycle, unit.id)
    known = {one.code: one for one in proposals}
    covered = list(signed.only) if signed.only is not None else [one.code for one in proposals]
    lines = lines_of(sitting.session, sitting.cycle.id)
    mine = {
        line.code: line.recognised for line in lines if (line.decided_by_id, line.number) == (unit.id, signed.number)
    }
    if mine:  # recorded again: what is not named stands as it was recorded, so that a repeat is a repeat
        asked = mine | {one.code: one.recognised for one in named}
        return tuple(Listed(code, recognised) for code, recognised in sorted(asked.items()))
    decided = {line.code for line in lines}
    listed = {one.code for one in named}
    rest = [code for code in covered if code not in listed and code not in decided]
    open_ = [code for code in rest if code not in known or known[code].verdict is None]
    if open_:
        raise _undetermined(open_)
    if not named and not rest and decided:
        first = next(line for line in lines if line.code in covered and line.counts)
        raise already_decided(first.code, first.number)
    return (*named, *(Listed(code, bool(known[code].verdict)) for code in rest))


def _named(signed: Signed) -> tuple[Listed, ...]:
    return (
        *(Listed(code, True, ground or None) for code, ground in signed.recognised.items()),
        *(Listed(code, False, ground or None) for code, ground in signed.not_recognised.items()),
    )


def _signature(unit: Unit, signed: Signed, lists: tuple[Listed, ...], paper: Any) -> Signature:
    return Signature(
        unit.id,
        unit.code,
        signed.number,
        signed.signed_on,
        signed.signer,
        lists,
        signed.position,
        paper,
        signed.partial_ground,
    )


def _undetermined(codes: Sequence[str]) -> Refusal:
    listed = ", ".join(codes[:10]) + (" …" if len(codes) > 10 else "")
    return Refusal(
        "verdict_undetermined",
        Words(f"Chưa xác định được kết luận cho: {listed}.", f"There is no verdict on: {listed}."),
        Words(
            "Chưa thẩm định xong, hoặc quy định chưa đủ để kết luận; phần mềm không đoán.",
            "Not appraised yet, or the rule cannot be applied; nothing is guessed.",
        ),
        Words(
            "Thẩm định xong, hoặc ghi rõ danh sách kèm căn cứ (--recognise, --not-recognise), hoặc để lại (--partial).",
            "Finish the appraisal, or name the list with its ground (--recognise, --not-recognise), or leave it.",
        ),
        codes=list(codes),
    )


def _no_such_step(sitting: Sitting, step: str) -> Refusal:
    return Refusal(
        "no_such_step",
        Words(f"Văn bản của kỳ này không có bước {step}.", f"This cycle's regulation has no step {step}."),
        Words(f"Kỳ theo {sitting.law.regulation.title}.", f"The cycle goes by {sitting.law.regulation.title}."),
        Words("Bỏ qua bước này.", "Leave it out."),
    )
