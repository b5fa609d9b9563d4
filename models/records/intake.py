"""Takes files of communes in: an act for many files at once, each whole or not at all.

A file is a first filing, a newer version before the deadline, or the answer to a request for supplement: where the
dossier stands says which. The same file twice changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from models.cycle.lifecycle import STATE_WORDS, State
from models.errors import MoveRefusal, Refusal
from models.records.acting import Sitting, Traces
from models.records.dossiers import InHand, Scorecard, batched
from models.records.filing import REPLACEABLE, act_key, take_in, too_late_to_replace
from models.records.findings import FindingRecord, finding_row
from models.records.handed_in import HandedIn, HandedInLine, Paper
from models.records.journal import Touched
from models.records.last_file import changed_grounds, changed_parts, last_said, said_in
from models.records.postings import PostingRecord, posting_facts, posting_row
from models.records.reviewing import SupplementAnswer, answer_supplements
from models.records.shown_by_file import steps_shown
from models.records.supplements import OpenRound, changed_scores, not_returned, open_rounds
from models.words import Words

SUPERSEDED = "bản mới hơn của đơn vị"


@dataclass(frozen=True)
class Intake:
    """What became of the papers, by SHA-256: newly taken, known already, or refused and why.

    `meets`: what the verdicts say of those newly taken (null: undetermined).
    """

    taken: frozenset[str]
    known: frozenset[str]
    refused: Mapping[str, Refusal]
    meets: Mapping[str, bool | None]


def take_papers(sitting: Sitting, papers: Sequence[Paper]) -> Intake:
    """Take each paper whole or refuse it whole; at most one paper of a commune at a time."""
    dossiers = sitting.dossiers([paper.filing.code for paper in papers])
    fresh = sitting.fresh(paper.key for paper in papers)
    new = [paper for paper in papers if paper.key in fresh]
    refused = _refusals(sitting, new, dossiers)
    good = [paper for paper in new if paper.sha256 not in refused]
    files = {dossiers[paper.filing.code].id: paper.sha256 for paper in good}
    if good:
        _take(sitting, good, dossiers)
    known = frozenset(paper.sha256 for paper in papers if paper.key not in fresh)
    return Intake(frozenset(paper.sha256 for paper in good), known, refused, _verdicts(sitting, files))


def _verdicts(sitting: Sitting, files: Mapping[int, str]) -> dict[str, bool | None]:
    """What the newest cards say of these dossiers (id -> the file's SHA-256)."""
    found: dict[str, bool | None] = {}
    for chunk in batched(list(files)):
        rows = sitting.session.execute(
            select(Scorecard.dossier_id, Scorecard.meets)
            .where(Scorecard.dossier_id.in_(chunk), Scorecard.side == "self")
            .order_by(Scorecard.round)
        )
        found |= {files[dossier_id]: meets for dossier_id, meets in rows}
    return found


def _refusals(sitting: Sitting, papers: Sequence[Paper], dossiers: Mapping[str, InHand]) -> dict[str, Refusal]:
    late = too_late_to_replace(sitting, [dossiers[paper.filing.code] for paper in papers])
    answers = [paper for paper in papers if _state(dossiers, paper) is State.SUPPLEMENT_REQUESTED]
    locked = _changed(sitting, answers, dossiers)
    refused: dict[str, Refusal] = {}
    for paper in papers:
        dossier, state = dossiers[paper.filing.code], _state(dossiers, paper)
        if state not in REPLACEABLE | {State.SELF_ASSESSMENT, State.SUPPLEMENT_REQUESTED}:
            refused[paper.sha256] = _gone_on(paper.filing.code, state)
        elif dossier.id in late:
            refused[paper.sha256] = late[dossier.id]
        elif dossier.id in locked:
            refused[paper.sha256] = locked[dossier.id]
        elif state is State.SUPPLEMENT_REQUESTED and paper.filing.declares_not_met:
            refused[paper.sha256] = _answers_with_not_met(paper.filing.code)
    return refused


def _changed(sitting: Sitting, answers: Sequence[Paper], dossiers: Mapping[str, InHand]) -> dict[int, Refusal]:
    """For each dossier (id) whose answer changes what was not returned: scores, grounds, or the sheets beside them."""
    asked = _open(sitting, [dossiers[paper.filing.code] for paper in answers])
    limited = [
        (dossiers[paper.filing.code], asked[dossiers[paper.filing.code].unit_id], paper)
        for paper in answers
        if dossiers[paper.filing.code].unit_id in asked
    ]
    limited = [one for one in limited if one[1].items]
    scores = changed_scores(sitting.session, [(dossier, request, paper.filing) for dossier, request, paper in limited])
    grounds = changed_grounds(sitting.session, limited)
    before = last_said(sitting.session, sitting.cycle.id, [dossier.unit_id for dossier, _, _ in limited])
    found: dict[int, Refusal] = {}
    for dossier, request, paper in limited:
        places = sorted({*scores.get(dossier.id, ()), *grounds.get(dossier.id, ())})
        said = before.get(dossier.unit_id)
        places += [] if said is None else changed_parts(request, said, said_in(paper))
        if places:
            found[dossier.id] = not_returned(paper.filing.code, places, request)
    return found


def _take(sitting: Sitting, papers: Sequence[Paper], dossiers: Mapping[str, InHand]) -> None:
    """Findings first, since the verdicts rest on them; then the filings by where each dossier stands."""
    units = {dossiers[paper.filing.code].unit_id: paper for paper in papers}
    rounds = _open(sitting, [dossiers[paper.filing.code] for paper in papers])
    states = {paper.sha256: _state(dossiers, paper) for paper in papers}
    again = {sha for sha, state in states.items() if state is not State.SELF_ASSESSMENT}
    numbers = {paper.sha256: dossiers[paper.filing.code].round + int(paper.sha256 in again) for paper in papers}
    _retire(sitting, [dossiers[paper.filing.code].unit_id for paper in papers if paper.sha256 in again])
    ids = _keep_files(sitting, papers, dossiers, numbers)
    _keep_beside(sitting, papers, dossiers, ids)
    lines = [
        Touched(unit_id, paper.key, {"sha256": paper.sha256, "file": paper.name, "round": numbers[paper.sha256]})
        for unit_id, paper in units.items()
    ]
    touched = [dossiers[paper.filing.code] for paper in papers]
    traces = Traces(happenings=posting_facts(sitting, touched))
    traces.happenings += [step for unit_id, paper in units.items() for step in steps_shown(sitting, unit_id, paper)]
    sitting.finish("take-in", act_key("take-in", [paper.key for paper in papers]), lines, traces)
    _file(sitting, papers, dossiers, rounds, states)


def _file(
    sitting: Sitting,
    papers: Sequence[Paper],
    dossiers: Mapping[str, InHand],
    rounds: Mapping[int, OpenRound],
    states: Mapping[str, State],
) -> None:
    answers, filings = [], []
    for paper in papers:
        if states[paper.sha256] is State.SUPPLEMENT_REQUESTED:
            asked = rounds.get(dossiers[paper.filing.code].unit_id)
            answers.append(SupplementAnswer(asked.number if asked else 1, paper.filing))
        else:
            filings.append(paper.filing)
    if filings:
        take_in(sitting, filings)
    if answers:
        answer_supplements(sitting, answers)


def _open(sitting: Sitting, dossiers: Sequence[InHand]) -> dict[int, OpenRound]:
    return open_rounds(sitting.session, sitting.cycle.id, [dossier.unit_id for dossier in dossiers])


def _retire(sitting: Sitting, unit_ids: Sequence[int]) -> None:
    """What an older file said of postings and findings is no longer in force; it stays on record."""
    for table, more in ((PostingRecord, {}), (FindingRecord, {"withdrawn_ground": SUPERSEDED})):
        for chunk in batched(list(unit_ids)):
            sitting.session.execute(
                update(table)
                .where(
                    table.cycle_id == sitting.cycle.id,
                    table.unit_id.in_(chunk),
                    table.handed_in_id.is_not(None),
                    table.until_at.is_(None),
                )
                .values(until_at=sitting.signed.at, **more)
                .execution_options(synchronize_session=False)
            )


def _keep_files(
    sitting: Sitting, papers: Sequence[Paper], dossiers: Mapping[str, InHand], numbers: Mapping[str, int]
) -> dict[str, int]:
    ids = sitting.session.scalars(
        insert(HandedIn).returning(HandedIn.id, sort_by_parameter_order=True),
        [
            {
                "cycle_id": sitting.cycle.id,
                "unit_id": dossiers[paper.filing.code].unit_id,
                "round": numbers[paper.sha256],
                "sha256": paper.sha256,
                "name": paper.name[:255],
                "size": paper.size,
                "at": sitting.signed.at,
                "by": sitting.signed.by,
                "declares_not_met": paper.filing.declares_not_met,
                "document": paper.filing.document,
                "explanation": paper.explanation,
            }
            for paper in papers
        ],
    ).all()
    return {paper.sha256: id for paper, id in zip(papers, ids, strict=True)}


def _keep_beside(
    sitting: Sitting, papers: Sequence[Paper], dossiers: Mapping[str, InHand], ids: Mapping[str, int]
) -> None:
    lines: list[dict[str, object]] = []
    postings: list[dict[str, object]] = []
    findings: list[dict[str, object]] = []
    signed = sitting.signed
    for paper in papers:
        dossier, file_id = dossiers[paper.filing.code], ids[paper.sha256]
        lines += [{"handed_in_id": file_id, **line._asdict()} for line in paper.lines]
        postings += [posting_row(sitting, dossier, one, file_id) for one in paper.postings]
        findings += [
            finding_row(sitting.cycle.id, dossier.unit_id, one, signed.at, signed.by, file_id) for one in paper.findings
        ]
    for table, rows in ((HandedInLine, lines), (PostingRecord, postings), (FindingRecord, findings)):
        if rows:
            sitting.session.connection().execute(insert(table), rows)


def _state(dossiers: Mapping[str, InHand], paper: Paper) -> State:
    return State(dossiers[paper.filing.code].state)


def _gone_on(code: str, state: State) -> MoveRefusal:
    words = STATE_WORDS[state]
    return MoveRefusal(
        "review_has_begun",
        Words(f"Hồ sơ của đơn vị {code} không nhận bản mới nữa.", f"The file of {code} takes no newer version."),
        Words(f"Hồ sơ đang ở trạng thái “{words.vi}”.", f"It is at '{words.en}'."),
        Words(
            "Đề nghị cơ quan đang giữ hồ sơ yêu cầu bổ sung hoặc mở lại.",
            "Ask the office that holds it to request a supplement, or to reopen it.",
        ),
        state=str(state),
    )


def _answers_with_not_met(code: str) -> MoveRefusal:
    return MoveRefusal(
        "supplement_declares_not_met",
        Words(
            f"Đơn vị {code} đang được yêu cầu bổ sung nhưng bản này tự nhận chưa đạt.",
            f"A supplement of {code} was asked for, and this file declares the standard not met.",
        ),
        Words(
            "Bản bổ sung chỉ hoàn thiện hồ sơ đề nghị đã nộp; đổi kết quả đề nghị là một việc khác.",
            "A supplement completes the proposal that was handed in; changing the proposal is another act.",
        ),
        Words(
            "Nộp bản bổ sung với lựa chọn “Đề nghị công nhận”, và báo cơ quan thẩm định về kết quả chưa đạt.",
            "Hand the supplement in as a proposal, and tell the reviewer that the standard is not met.",
        ),
    )
