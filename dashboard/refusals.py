"""What the door says when it does not open, and the status of each refusal."""

from models.errors import Fault, HomeRefusal, Refusal, Stop
from models.words import Words

STATUSES = {
    "sign_in_first": 401,
    "bad_api_token": 401,
    "not_signed_in": 401,
    "no_account": 403,
    "not_for_you": 403,
    "territory_ended": 403,
    "not_our_form": 403,
    "link_expired": 410,
    "tried_too_often": 429,
    "weak_password": 400,
    "unexpected": 500,
    "not_narrowed": 500,
}


UNREADABLE = ("not_a_number", "parameter_missing", "impossible_date", "unknown_filter", "impossible_year")
"""A machine is told that its question is wrong; a person sees the same page as for an address that leads nowhere."""


def status_of(stop: Stop, path: str = "") -> int:
    if stop.code in UNREADABLE and path.startswith("/api/"):
        return 400
    if isinstance(stop, Fault | HomeRefusal) and stop.code not in STATUSES:
        return 503
    return STATUSES.get(stop.code, 404)


def fault_of(surprise: Exception) -> Fault:
    name = type(surprise).__name__
    return Fault(
        "unexpected",
        Words(f"Phần mềm gặp lỗi ngoài dự kiến ({name}).", f"The software met a fault it did not foresee ({name})."),
        Words("Đây là lỗi của phần mềm; không có gì bị thay đổi.", "It is a fault of ours; nothing was changed."),
        Words("Tải lại trang; nếu còn lỗi, báo người phụ trách.", "Load the page again; if it stays, tell us."),
    )


def no_such_page() -> Refusal:
    return Refusal(
        "no_such_page",
        Words("Không có trang này.", "There is no such page."),
        Words("Địa chỉ không đúng, hoặc đã cũ.", "The address is wrong, or an old one."),
        Words("Bắt đầu lại từ bàn điều hành.", "Start again from the board."),
    )


def sign_in_first() -> Refusal:
    return Refusal(
        "sign_in_first",
        Words("Cần đăng nhập.", "A sign-in is needed."),
        Words("Yêu cầu không kèm mã truy cập.", "The request carries no API token."),
        Words(
            "Gửi Authorization: Bearer MÃ; cấp mã bằng `tcpl users token`.",
            "Send Authorization: Bearer TOKEN; one is made by `tcpl users token`.",
        ),
    )


def not_for_you() -> Refusal:
    return Refusal(
        "not_for_you",
        Words("Trang này chỉ dành cho người quản trị.", "This page is for administrators."),
        Words("Vai trò của tài khoản không mở được trang này.", "The account's role does not open it."),
        Words("Hỏi người quản trị hệ thống.", "Ask the administrator."),
    )


def not_our_form() -> Refusal:
    return Refusal(
        "not_our_form",
        Words("Chưa ghi gì.", "Nothing was recorded."),
        Words(
            "Biểu mẫu đã cũ, hoặc không do trang này gửi; trình duyệt cần nhận cookie.",
            "The form is old, or no page of ours sent it; the browser has to take cookies.",
        ),
        Words("Mở lại trang rồi gửi lại.", "Open the page again, and send it again."),
    )
