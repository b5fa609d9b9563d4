"""Where a dossier may go next: one table of moves; a move exists where the regulation has its step."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.errors import MoveRefusal
from models.law.regulation import Actor, Regulation
from models.words import Words


class State(StrEnum):
    """Where a dossier stands."""

    SELF_ASSESSMENT = "self_assessment"
    SUBMITTED = "submitted"
    DECLARED_NOT_MET = "declared_not_met"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    COMPLETE = "complete"
    RETURNED = "returned"
    APPRAISED = "appraised"
    RECOGNISED = "recognised"
    NOT_RECOGNISED = "not_recognised"
    MERGED = "merged"


STATE_WORDS = {
    State.SELF_ASSESSMENT: Words("đang tự đánh giá", "self-assessment"),
    State.SUBMITTED: Words("đã nộp hồ sơ", "submitted"),
    State.DECLARED_NOT_MET: Words("tự nhận chưa đạt", "declared not met"),
    State.SUPPLEMENT_REQUESTED: Words("chờ bổ sung", "supplement requested"),
    State.COMPLETE: Words("hồ sơ đầy đủ", "complete"),
    State.RETURNED: Words("trả lại để chấm lại một số chỉ tiêu", "some indicators returned for revision"),
    State.APPRAISED: Words("đã thẩm định", "appraised"),
    State.RECOGNISED: Words("đạt chuẩn", "recognised"),
    State.NOT_RECOGNISED: Words("chưa đạt chuẩn", "not recognised"),
    State.MERGED: Words("đóng do sắp xếp đơn vị", "closed by a merger"),
}


class Act(StrEnum):
    """The acts that move a dossier."""

    SUBMIT = "submit"
    DECLARE_NOT_MET = "declare-not-met"
    REPLACE = "replace"
    REPLACE_NOT_MET = "replace-not-met"
    REQUEST_SUPPLEMENT = "request-supplement"
    ANSWER_SUPPLEMENT = "answer-supplement"
    FIND_COMPLETE = "find-complete"
    APPRAISE = "appraise"
    RECOGNISE = "recognise"
    NOT_RECOGNISE = "not-recognise"
    RETURN = "return-indicators"
    REVISE = "revise-indicators"
    CORRECT_TO_RECOGNISED = "correct-to-recognised"
    CORRECT_TO_NOT_RECOGNISED = "correct-to-not-recognised"
    REOPEN_FILING = "reopen-filing"
    REOPEN_APPRAISAL = "reopen-appraisal"


@dataclass(frozen=True)
class Move:
    """An act that takes a dossier from one state to another, at one of these steps of the regulation."""

    act: Act
    start: State
    to: State
    steps: tuple[str, ...]


MOVES = (
    Move(Act.SUBMIT, State.SELF_ASSESSMENT, State.SUBMITTED, ("submit-dossier",)),
    Move(Act.DECLARE_NOT_MET, State.SELF_ASSESSMENT, State.DECLARED_NOT_MET, ("submit-dossier",)),
    # A newer version before the deadline supersedes the older one (local); whether it is early enough, filing asks.
    Move(Act.REPLACE, State.SUBMITTED, State.SUBMITTED, ("submit-dossier",)),
    Move(Act.REPLACE, State.DECLARED_NOT_MET, State.SUBMITTED, ("submit-dossier",)),
    Move(Act.REPLACE_NOT_MET, State.SUBMITTED, State.DECLARED_NOT_MET, ("submit-dossier",)),
    Move(Act.REPLACE_NOT_MET, State.DECLARED_NOT_MET, State.DECLARED_NOT_MET, ("submit-dossier",)),
    Move(Act.REQUEST_SUPPLEMENT, State.SUBMITTED, State.SUPPLEMENT_REQUESTED, ("answer-supplement",)),
    Move(Act.ANSWER_SUPPLEMENT, State.SUPPLEMENT_REQUESTED, State.SUBMITTED, ("answer-supplement",)),
    Move(Act.FIND_COMPLETE, State.SUBMITTED, State.COMPLETE, ("check-completeness",)),
    Move(Act.APPRAISE, State.COMPLETE, State.APPRAISED, ("hold-council", "appraise")),
    Move(Act.RECOGNISE, State.APPRAISED, State.RECOGNISED, ("decide",)),
    Move(Act.NOT_RECOGNISE, State.APPRAISED, State.NOT_RECOGNISED, ("decide",)),
    # A commune that declared itself not met owes no dossier, only report and score sheet; it goes to the list
    # "chưa đạt" without appraisal (TT 09/2021, Điều 3 khoản 1 điểm e).
    Move(Act.NOT_RECOGNISE, State.DECLARED_NOT_MET, State.NOT_RECOGNISED, ("decide",)),
    # Against what the commune itself said and so against the rule: taken only with its ground, flagged for ever.
    Move(Act.RECOGNISE, State.DECLARED_NOT_MET, State.RECOGNISED, ("decide",)),
    # Not of the law, and not against it (`local`): the reviewers send some indicators back, only those are opened; a
    # superseding decision corrects one that was signed; an office reopens what is not decided yet.
    Move(Act.RETURN, State.COMPLETE, State.RETURNED, ("hold-council", "appraise")),
    Move(Act.REVISE, State.RETURNED, State.COMPLETE, ("hold-council", "appraise")),
    Move(Act.CORRECT_TO_RECOGNISED, State.NOT_RECOGNISED, State.RECOGNISED, ("decide",)),
    Move(Act.CORRECT_TO_NOT_RECOGNISED, State.RECOGNISED, State.NOT_RECOGNISED, ("decide",)),
    Move(Act.REOPEN_APPRAISAL, State.APPRAISED, State.COMPLETE, ("hold-council", "appraise")),
    *(
        Move(Act.REOPEN_FILING, state, State.SELF_ASSESSMENT, ("submit-dossier",))
        for state in (
            *(State.SUBMITTED, State.DECLARED_NOT_MET, State.SUPPLEMENT_REQUESTED),
            *(State.COMPLETE, State.RETURNED, State.APPRAISED),
        )
    ),
)

HANDED_IN = frozenset(State) - {State.SELF_ASSESSMENT, State.MERGED}
DECIDED = frozenset({State.RECOGNISED, State.NOT_RECOGNISED})


def possible(regulation: Regulation, state: State) -> Sequence[Move]:
    """The moves from a state that exist under this regulation."""
    return [move for move in MOVES if move.start is state and any(regulation.has_step(step) for step in move.steps)]


def follow(regulation: Regulation, state: State, act: Act, *, dossier: str) -> State:
    """The state after the act; a MoveRefusal that says what is possible instead. `dossier` is "code/year"."""
    moves = possible(regulation, state)
    for move in moves:
        if move.act is act:
            return move.to
    goal = next((move.to for move in MOVES if move.act is act), None)
    raise _no_way(dossier, state, goal or act, [move.to for move in moves])


def holder_of(regulation: Regulation, state: State) -> Actor:
    """Who holds the file in that state, from who acts at the regulation's next step."""
    match state:
        case State.SELF_ASSESSMENT | State.SUPPLEMENT_REQUESTED | State.RETURNED:
            return _actor(regulation, "submit-dossier")
        case State.SUBMITTED:
            return _actor(regulation, "check-completeness")
        case State.COMPLETE:
            return _actor(regulation, "hold-council", "appraise")
        case State.APPRAISED | State.DECLARED_NOT_MET:
            return _actor(regulation, "decide")
        case State.RECOGNISED | State.NOT_RECOGNISED | State.MERGED:
            return _actor(regulation, "consolidate", "publish-decision")


def _actor(regulation: Regulation, *steps: str) -> Actor:
    found = (regulation.step(step) for step in steps)
    return next((step.actor for step in found if step), regulation.authority.decides)


def _no_way(dossier: str, state: State, goal: State | Act, ways: Sequence[State]) -> MoveRefusal:
    ways = list(dict.fromkeys(ways))
    vi = ", ".join(STATE_WORDS[way].vi for way in ways) or "không còn bước nào"
    en = ", ".join(ways) or "nowhere"
    goal_vi = STATE_WORDS[goal].vi if isinstance(goal, State) else str(goal)
    return MoveRefusal(
        "move_not_possible",
        Words(
            f"Hồ sơ {dossier} đang ở trạng thái “{STATE_WORDS[state].vi}”, không thể chuyển sang “{goal_vi}”.",
            f"Dossier {dossier} is at '{state}' and cannot go to '{goal}'.",
        ),
        Words(
            "Trình tự trong văn bản quy định không có bước này.",
            "The regulation's procedure has no such step.",
        ),
        Words(f"Từ đây có thể chuyển sang: {vi}.", f"From here it may go to: {en}."),
        state=str(state),
        possible=[str(way) for way in ways],
    )
