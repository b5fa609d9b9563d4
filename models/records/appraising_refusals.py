"""Why notes of an appraisal, or a revision of a file, are not taken; each in three sentences."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from models.cycle.lifecycle import STATE_WORDS, State
from models.errors import AnswerRefusal, MoveRefusal, Refusal
from models.words import Words

_LEADER = Words("mục người đứng đầu", "the item on leaders")


def _spoken(places: Sequence[str]) -> Words:
    """Indicators by their ids, and the one place that is no indicator by its name."""
    named = [_LEADER if place == "leader_disciplined" else Words(place, place) for place in places]
    return Words(", ".join(one.vi for one in named), ", ".join(one.en for one in named))


class Noted(NamedTuple):
    """What a refusal tells of a note that somebody else has saved."""

    place: str
    version: int
    by: str
    at: datetime


def not_under_appraisal(code: str, state: State) -> MoveRefusal:
    return MoveRefusal(
        "not_under_appraisal",
        Words(
            f"Hồ sơ {code} đang ở trạng thái “{STATE_WORDS[state].vi}”, không phải đang thẩm định.",
            f"Dossier {code} is at '{state}' and not under appraisal.",
        ),
        Words(
            "Điểm thẩm định được ghi từ khi hồ sơ đầy đủ đến khi kết thúc thẩm định.",
            "Appraised points are noted from when the file is complete until the appraisal is finished.",
        ),
        Words(
            "Xác nhận hồ sơ đầy đủ bằng `tcpl appraise complete`; đã kết thúc thì `tcpl reopen` trước.",
            "Find it complete with `tcpl appraise complete`; if it is finished, `tcpl reopen` it first.",
        ),
        state=str(state),
    )


def changed_meanwhile(code: str, notes: Sequence[Noted]) -> Refusal:
    first = notes[0]
    listed, at = _spoken([note.place for note in notes]), _spoken([first.place])
    return Refusal(
        "changed_meanwhile",
        Words(
            f"Người khác đã lưu {listed.vi} của hồ sơ {code} trong lúc bạn đang chấm.",
            f"Somebody else has saved {listed.en} of dossier {code} while you were at it.",
        ),
        Words(
            f"{at.vi}: {first.by} lưu bản {first.version}. Chưa có gì của bạn được lưu, để không đè lên.",
            f"{at.en}: version {first.version} by {first.by}. Nothing of yours is saved.",
        ),
        Words(
            "Lấy lại phiếu bằng `tcpl appraise sheet`, xem bản của người kia rồi lưu lại.",
            "Take the sheet anew with `tcpl appraise sheet`, look at theirs, then save again.",
        ),
        places=[
            {"place": note.place, "version": note.version, "by": note.by, "at": note.at.isoformat()} for note in notes
        ],
    )


def incomplete(code: str, missing: Sequence[str]) -> AnswerRefusal:
    listed, more = _spoken(missing[:12]), " …" if len(missing) > 12 else ""
    return AnswerRefusal(
        "appraisal_incomplete",
        Words(
            f"Hồ sơ {code} chưa thẩm định: {listed.vi}{more}.", f"Dossier {code} is not appraised at {listed.en}{more}."
        ),
        Words(
            "Chưa chấm khác với không điểm; kết luận cần đủ mọi chỉ tiêu.",
            "Not appraised is not zero; the verdict needs every indicator.",
        ),
        Words(
            "Chấm tiếp, hoặc lấy điểm tự chấm ở chỗ không có ý kiến khác bằng --agree-rest.",
            "Go on, or take the self-score where nobody noted anything with --agree-rest.",
        ),
        places=list(missing),
    )


def unknown_places(unknown: Sequence[str], known: Sequence[str]) -> AnswerRefusal:
    listed = ", ".join(unknown) or "—"
    return AnswerRefusal(
        "unknown_indicator",
        Words(f"Không có chỉ tiêu {listed}.", f"There is no indicator {listed}."),
        Words(f"Các chỉ tiêu: {', '.join(known)}.", f"The indicators: {', '.join(known)}."),
        Words("Ghi đúng mã chỉ tiêu.", "Name an indicator."),
        places=list(unknown),
    )


def no_reason(code: str) -> Refusal:
    return Refusal(
        "no_reason",
        Words(f"Việc này với hồ sơ {code} chưa có lý do.", f"This act upon {code} gives no reason."),
        Words("Cơ quan nhận phải biết vì sao.", "Those whom it concerns must know why."),
        Words("Ghi lý do bằng --reason.", "Give it with --reason."),
    )


def locked(code: str, locked_places: Sequence[str], open_places: Sequence[str]) -> MoveRefusal:
    listed, opened = _spoken(locked_places), _spoken(open_places or ["—"])
    return MoveRefusal(
        "indicator_locked",
        Words(f"Hồ sơ {code}: {listed.vi} đang khóa.", f"Dossier {code}: {listed.en} is locked."),
        Words(f"Chỉ những chỉ tiêu này được mở: {opened.vi}.", f"Only these are open: {opened.en}."),
        Words(
            "Giữ nguyên các chỉ tiêu khác; cần sửa thêm thì đề nghị trả lại hoặc mở khóa.",
            "Leave the others as they were; ask for them to be returned or unlocked.",
        ),
        locked=list(locked_places),
        open=list(open_places),
    )
