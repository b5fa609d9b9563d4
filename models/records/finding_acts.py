"""Recording a finding about a leader, and withdrawing one; the scorecards that rest on it are judged anew."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update

from models.cycle.lifecycle import DECIDED, State
from models.errors import Refusal
from models.law.answers import AnswerRow, Submission, from_rows
from models.law.leaders import LeaderFinding
from models.records.acting import Sitting, Traces
from models.records.canonical import canonical, digest_of
from models.records.dossiers import InHand, Score, Scorecard, latest_cards, rows_of_cards
from models.records.filing import Filing, keep_cards
from models.records.findings import FindingRecord, finding_row, units_with_a_bearing_finding
from models.records.journal import Touched
from models.words import Words


def record_finding(sitting: Sitting, code: str, finding: LeaderFinding) -> bool:
    """Record a finding; False if it was known. Cards not yet decided on are judged anew, the older ones kept."""
    dossier = sitting.dossiers([code])[code]
    said = {**finding.__dict__, "role": str(finding.role), "measure": str(finding.measure)}
    key = f"finding/{code}/{digest_of(canonical(said))[:24]}"
    if not sitting.fresh([key]):
        return False
    derived = _derived(sitting, dossier)
    row = finding_row(sitting.cycle.id, dossier.unit_id, finding, sitting.signed.at, sitting.signed.by)
    sitting.session.execute(insert(FindingRecord).values(**row))
    _finish(sitting, dossier, "record-finding", key, said, derived=derived)
    return True


def withdraw_finding(sitting: Sitting, code: str, finding_id: int, ground: str) -> bool:
    """Withdraw a finding that was recorded in error; it stays on record with the ground. False if it was withdrawn."""
    dossier = sitting.dossiers([code])[code]
    found = sitting.session.get(FindingRecord, finding_id)
    if found is None or found.unit_id != dossier.unit_id or found.cycle_id != sitting.cycle.id:
        raise _no_such_finding(code, finding_id)
    key = f"withdraw-finding/{code}/{finding_id}"
    if not sitting.fresh([key]):
        return False
    derived = _derived(sitting, dossier)
    sitting.session.execute(
        update(FindingRecord)
        .where(FindingRecord.id == finding_id)
        .values(until_at=sitting.signed.at, withdrawn_ground=ground)
    )
    _finish(sitting, dossier, "withdraw-finding", key, {"finding": finding_id, "ground": ground}, derived=derived)
    return True


def _derived(sitting: Sitting, dossier: InHand) -> bool:
    """Whether what the cards say of leaders follows from findings, and not from somebody's word."""
    return bool(units_with_a_bearing_finding(sitting.session, sitting.cycle, [dossier.unit_id]))


def _finish(sitting: Sitting, dossier: InHand, act: str, key: str, said: dict[str, object], *, derived: bool) -> None:
    traces = Traces()
    if State(dossier.state) not in DECIDED:
        cards = _cards(sitting, dossier, derived)
        if cards:
            move = {"dossier": dossier.id, "state": dossier.state, "holder": dossier.holder, "since": dossier.since}
            traces.moves.append({**move, "round": dossier.round + 1})
            keep_cards(sitting, [(dossier, filing, side, dossier.round + 1) for side, filing in cards])
    sitting.finish(act, key, [Touched(dossier.unit_id, key, said)], traces)


def _cards(sitting: Sitting, dossier: InHand, derived: bool) -> Sequence[tuple[str, Filing]]:
    """The last card of each side as a filing, so that it can be judged again."""
    session = sitting.session
    found = [(side, latest_cards(session, [dossier.id], side).get(dossier.id)) for side in ("self", "appraised")]
    return [(side, _filing(sitting, card, derived)) for side, card in found if card]


def _filing(sitting: Sitting, card: Scorecard, derived: bool) -> Filing:
    kept = rows_of_cards(sitting.session, [card.id])[card.id]
    answers = from_rows(AnswerRow(**_exact(row)) for row in kept)
    words = select(Score.indicator, Score.content, Score.reason).where(Score.scorecard_id == card.id)
    said_of = sitting.session.execute(words).tuples()
    reasons = {content or indicator: reason for indicator, content, reason in said_of if reason}
    said = False if derived else card.leader_disciplined  # what follows from findings is looked up anew
    return Filing("", Submission(answers, said), reasons=reasons)


def _exact(row: dict[str, object]) -> dict[str, Any]:
    """A row as it is kept, with its ratio as numbers again."""
    return row | {key: None if row[key] is None else Decimal(str(row[key])) for key in ("part", "whole")}


def _no_such_finding(code: str, finding_id: int) -> Refusal:
    return Refusal(
        "no_such_finding",
        Words(f"Đơn vị {code} không có phát hiện số {finding_id}.", f"Unit {code} has no finding {finding_id}."),
        Words("Chỉ rút được phát hiện đã ghi cho đơn vị này.", "Only its own findings can be withdrawn."),
        Words("Xem `tcpl finding list`.", "See `tcpl finding list`."),
    )
