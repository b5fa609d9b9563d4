"""Why an office's own act is not taken; each in three sentences."""

from collections.abc import Sequence
from datetime import date

from models.cycle.lifecycle import STATE_WORDS, State
from models.errors import MoveRefusal, Refusal
from models.words import Words

_NAMES = {
    "reason": Words("lý do", "reason"),
    "authority": Words("căn cứ thẩm quyền", "authority"),
    "document": Words("số văn bản", "document"),
}


def groundless(missing: Sequence[str]) -> Refusal:
    vi, en = (", ".join(_NAMES[name].to(lang) for name in missing) for lang in ("vi", "en"))
    return Refusal(
        "local_act_without_ground",
        Words(f"Thiếu {vi}.", f"There is no {en}."),
        Words(
            "Việc này không có trong văn bản quy định, là quyết định của cơ quan, nên phải nêu đủ căn cứ.",
            "The law has no such act: it is the office's own, and says on what it rests.",
        ),
        Words("Ghi --reason, --authority và --document.", "Give --reason, --authority and --document."),
        missing=list(missing),
    )


def nothing_owed(code: str, step: str) -> MoveRefusal:
    which = f" ở bước {step}" if step else ""
    return MoveRefusal(
        "nothing_owed",
        Words(
            f"Đơn vị {code} không còn hạn nào đang mở{which}.", f"Unit {code} has no open deadline {step}".strip() + "."
        ),
        Words(
            "Chỉ gia hạn, tạm dừng được việc chưa làm và có ngày cuối.",
            "Only what is not done and has a last day can be extended or suspended.",
        ),
        Words("Xem các hạn của đơn vị bằng `tcpl dossier`.", "See its deadlines with `tcpl dossier`."),
        unit=code,
    )


def not_later(code: str, step: str, until: date, now: date | None) -> Refusal:
    shown = f"{now:%d/%m/%Y}" if now else "—"
    return Refusal(
        "not_later",
        Words(
            f"Gia hạn bước {step} của {code} đến {until:%d/%m/%Y} không muộn hơn hạn hiện nay ({shown}).",
            f"{until} is not later than the present day of {step} of {code} ({now}).",
        ),
        Words("Gia hạn chỉ cho thêm thời gian, không rút ngắn.", "An extension gives time and never takes it."),
        Words("Ghi ngày muộn hơn.", "Name a later day."),
    )


def ends_before_it_begins(begun: date, ended: date) -> Refusal:
    return Refusal(
        "ends_before_it_begins",
        Words(f"Ngày cuối {ended} trước ngày đầu {begun}.", f"It ends on {ended} and begins on {begun}."),
        Words("Khoảng thời gian đi từ ngày đầu đến ngày cuối.", "A span runs from its first day to its last."),
        Words("Kiểm tra lại hai ngày.", "Check both days."),
    )


def not_to_be_unlocked(code: str, state: State) -> MoveRefusal:
    return MoveRefusal(
        "not_to_be_unlocked",
        Words(
            f"Hồ sơ {code} đang ở trạng thái “{STATE_WORDS[state].vi}”, không mở khóa được.",
            f"Dossier {code} is at '{state}' and cannot be unlocked.",
        ),
        Words(
            "Mở khóa cho sửa hồ sơ đã nộp và chưa thẩm định xong; hồ sơ chưa nộp thì không khóa.",
            "Unlocking is for a file handed in and not yet appraised; one not handed in is not locked.",
        ),
        Words(
            "Đã thẩm định: `tcpl reopen`; đã quyết định: `tcpl correct`.",
            "Appraised: `tcpl reopen`; decided: `tcpl correct`.",
        ),
        state=str(state),
    )


def decided(code: str) -> MoveRefusal:
    return MoveRefusal(
        "decided_already",
        Words(f"Hồ sơ {code} đã có quyết định.", f"Dossier {code} is decided."),
        Words("Quyết định đã ký chỉ đổi được bằng quyết định thay thế.", "Only a superseding decision changes it."),
        Words("Dùng `tcpl correct`.", "Use `tcpl correct`."),
        unit=code,
    )


def not_a_way_back(to: State) -> MoveRefusal:
    return MoveRefusal(
        "not_a_way_back",
        Words(f"Không mở lại về “{STATE_WORDS[to].vi}”.", f"A file is not reopened to '{to}'."),
        Words(
            "Mở lại về tự đánh giá (self_assessment), hoặc từ đã thẩm định về đang thẩm định (complete).",
            "It goes back to self_assessment, or from appraised to complete.",
        ),
        Words("Chọn một trong hai.", "Choose one of the two."),
    )
