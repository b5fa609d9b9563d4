"""Why an act on a remedy is refused, in words."""

from datetime import date

from models.errors import Refusal
from models.law.calendar import spoken
from models.words import Words


def no_proof(which: str) -> Refusal:
    return Refusal(
        "remedy_without_proof",
        Words(f"Biện pháp khắc phục {which} chưa có minh chứng.", f"The remedy {which} has no proof."),
        Words("Không đóng việc khắc phục khi chưa có minh chứng.", "A remedy is not closed without a proof."),
        Words(
            "Ghi số, ký hiệu tài liệu chứng minh (`tcpl remedy prove`).",
            "Name the document that proves it (`tcpl remedy prove`).",
        ),
    )


def closed_by_its_owner(remedy_id: int, by: str) -> Refusal:
    return Refusal(
        "remedy_closed_by_its_owner",
        Words(f"{by} đã nộp minh chứng của việc {remedy_id}.", f"{by} handed in the proof of remedy {remedy_id}."),
        Words("Cấp trên xem minh chứng rồi mới đóng.", "The level above looks at the proof and closes."),
        Words("Để người của cơ quan cấp trên đóng.", "Let somebody of the level above close it."),
    )


def no_such_remedy(remedy_id: int) -> Refusal:
    return Refusal(
        "no_such_remedy",
        Words(f"Không có việc khắc phục số {remedy_id}.", f"There is no remedy {remedy_id}."),
        Words(
            "Mỗi việc khắc phục có số riêng trong danh sách.",
            "Each remedy has a number of its own in the list.",
        ),
        Words("Xem số bằng `tcpl remedy list`.", "See the numbers with `tcpl remedy list`."),
    )


def is_closed(remedy_id: int, on: date) -> Refusal:
    return Refusal(
        "remedy_closed",
        Words(f"Việc khắc phục {remedy_id} đã đóng.", f"Remedy {remedy_id} is closed."),
        Words(f"Việc này đóng ngày {spoken(on)}.", f"It was closed on {spoken(on)}."),
        Words(
            "Nếu tồn tại trở lại, dùng `tcpl remedy reopen` kèm căn cứ.",
            "If it has come back, use `tcpl remedy reopen` with the ground.",
        ),
    )


def earlier_day(remedy_id: int, known: date) -> Refusal:
    return Refusal(
        "remedy_day_only_later",
        Words(
            f"Hạn của việc khắc phục {remedy_id} đang là {spoken(known)}.",
            f"Remedy {remedy_id} is due {spoken(known)}.",
        ),
        Words("Hạn đã giao chỉ được gia hạn, không rút ngắn.", "A day that was set is extended, never shortened."),
        Words("Chọn ngày muộn hơn.", "Choose a later day."),
    )


def day_passed(remedy_id: int, day: date) -> Refusal:
    return Refusal(
        "remedy_day_passed",
        Words(f"Ngày {spoken(day)} đã qua.", f"{spoken(day)} has passed."),
        Words(
            f"Không giao hạn đã qua cho việc khắc phục {remedy_id}.", f"Remedy {remedy_id} cannot be due in the past."
        ),
        Words("Chọn ngày từ hôm nay trở đi.", "Choose today or later."),
    )
