"""Why a decision is not taken, each in three sentences."""

from collections.abc import Sequence
from datetime import date

from models.errors import Refusal
from models.law.regulation import ACTOR_WORDS, Authority
from models.words import Words

_ONE_LIST = Words(
    "Mỗi đơn vị cấp xã phải có tên trong đúng một danh sách: đạt hoặc chưa đạt.",
    "Each commune stands in exactly one list: recognised or not.",
)


def refuse_doubles(codes: Sequence[str]) -> None:
    doubled = sorted({code for code in codes if codes.count(code) > 1}) if len(set(codes)) < len(codes) else []
    if doubled:
        listed = ", ".join(doubled)
        raise Refusal(
            "commune_in_two_lists",
            Words(f"Đơn vị {listed} có tên nhiều lần trong quyết định.", f"Unit {listed} is listed more than once."),
            _ONE_LIST,
            Words("Sửa danh sách kèm theo quyết định rồi ghi lại.", "Correct the lists, then record it again."),
            codes=doubled,
        )


def left_out(codes: Sequence[str]) -> Refusal:
    listed = ", ".join(codes[:10]) + (" …" if len(codes) > 10 else "")
    return Refusal(
        "commune_in_no_list",
        Words(
            f"Quyết định bỏ sót {len(codes)} đơn vị: {listed}.",
            f"The decision leaves out {len(codes)} units: {listed}.",
        ),
        _ONE_LIST,
        Words(
            "Bổ sung vào danh sách, hoặc ghi lý do để lại quyết định sau bằng --partial.",
            "List them, or say with --partial why they are left to a later decision.",
        ),
        codes=list(codes),
    )


def empty_decision(number: str) -> Refusal:
    return Refusal(
        "empty_decision",
        Words(f"Quyết định {number} không có đơn vị nào.", f"Decision {number} lists nobody."),
        _ONE_LIST,
        Words("Ghi danh sách kèm theo quyết định.", "Give the lists that belong to it."),
    )


def contrary(code: str, verdict: bool | None) -> Refusal:
    vi = {True: "đạt", False: "chưa đạt", None: "chưa xác định được"}[verdict]
    en = {True: "met", False: "not met", None: "undetermined"}[verdict]
    return Refusal(
        "contrary_to_verdict",
        Words(
            f"Quyết định xếp đơn vị {code} khác với kết luận theo quy định ({vi}).",
            f"The decision lists {code} otherwise than the rule's verdict ({en}).",
        ),
        Words(
            "Được ghi nhận quyết định khác kết luận, nhưng phải kèm căn cứ bằng văn bản và bị đánh dấu vĩnh viễn.",
            "A decision against the verdict can be recorded, but only with a written ground, flagged for ever.",
        ),
        Words("Ghi căn cứ, hoặc sửa danh sách.", "Give the ground, or correct the list."),
        unit=code,
        verdict=verdict,
    )


def not_the_authority(unit: str, authority: Authority) -> Refusal:
    name = ACTOR_WORDS[authority.decides]
    article = f" ({authority.citation.article}, {authority.citation.text})" if authority.citation else ""
    return Refusal(
        "not_the_authority",
        Words(f"{unit} không có thẩm quyền công nhận.", f"{unit} does not decide on recognition."),
        Words(f"Thẩm quyền công nhận là của {name.vi}{article}.", f"The {name.en} decides{article}."),
        Words("Ghi đơn vị có thẩm quyền bằng --unit.", "Name the authority's unit with --unit."),
    )


def of_another_unit(codes: Sequence[str], unit_code: str) -> Refusal:
    listed = ", ".join(codes[:10])
    return Refusal(
        "commune_of_another_unit",
        Words(f"Đơn vị {listed} không thuộc đơn vị {unit_code}.", f"Unit {listed} does not belong to {unit_code}."),
        Words(
            "Người có thẩm quyền chỉ quyết định với đơn vị cấp xã thuộc địa bàn của mình.",
            "An authority decides on the communes of its own territory only.",
        ),
        Words("Bỏ đơn vị đó khỏi danh sách.", "Take it off the list."),
        codes=list(codes),
    )


def number_taken(number: str, signed_on: date) -> Refusal:
    return Refusal(
        "decision_number_taken",
        Words(
            f"Số {number} đã được ghi cho một quyết định khác, ký ngày {signed_on:%d/%m/%Y}.",
            f"Number {number} is recorded for another decision, signed on {signed_on}.",
        ),
        Words(
            "Quyết định đã ghi thì không sửa; danh sách, ngày ký hoặc người ký ở đây khác với bản đã ghi.",
            "A recorded decision is not changed, and these lists, day or signer differ from it.",
        ),
        Words(
            "Kiểm tra lại số; nếu là đính chính, ghi quyết định thay thế bằng `tcpl correct`.",
            "Check the number; a correction is recorded with `tcpl correct`.",
        ),
    )


def signed_in_the_future(number: str, signed_on: date) -> Refusal:
    return Refusal(
        "signed_in_the_future",
        Words(
            f"Quyết định {number} ghi ngày ký {signed_on:%d/%m/%Y}, là ngày chưa đến.",
            f"Decision {number} says it is signed on {signed_on}, which has not come yet.",
        ),
        Words("Chỉ ghi nhận quyết định đã ký.", "Only a signed decision is recorded."),
        Words("Kiểm tra lại ngày ký, hoặc ghi khi đã ký.", "Check the day, or record it once it is signed."),
    )


def already_decided(code: str, number: str) -> Refusal:
    return Refusal(
        "decided_already",
        Words(f"Đơn vị {code} đã có quyết định {number}.", f"Unit {code} is decided by {number}."),
        Words("Quyết định đã ký chỉ đổi được bằng quyết định thay thế.", "Only a superseding decision changes it."),
        Words("Dùng `tcpl correct`.", "Use `tcpl correct`."),
        unit=code,
        decision=number,
    )
