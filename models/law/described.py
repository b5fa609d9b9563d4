"""A legal value's address said in words: "criteria/2.5/maximum" is "Điểm tối đa của chỉ tiêu 2.5"."""

from models.law.cycle_law import CycleLaw
from models.law.regulation import ACTOR_WORDS, STAGE_WORDS, Actor, Regulation, Stage
from models.words import Words

_PARTS = {
    "total": Words("Tổng điểm tối đa", "The total of points"),
    "authority": Words("Thẩm quyền công nhận", "Who decides on recognition"),
    "evaluation_years": Words("Năm đánh giá áp dụng", "The evaluation years governed"),
    "maximum": Words("Điểm tối đa của", "The maximum of"),
    "wording": Words("Nguyên văn của", "The wording of"),
    "measure": Words("Cách đo của", "The measure of"),
    "not_arisen": Words("Quy định “không phát sinh” của", "The not-arisen rule of"),
    "deadline": Words("Thời hạn của bước", "The deadline of step"),
    "performed": Words("Việc có bước", "The existence of step"),
    "council/members": Words("Số thành viên tối đa của Hội đồng", "The most members of the Council"),
    "council/quorum": Words("Số thành viên dự họp tối thiểu của Hội đồng", "The quorum of the Council"),
    "council/written": Words("Hội đồng cho ý kiến bằng văn bản", "The Council's written opinions"),
    "council/absent": Words("Ý kiến của thành viên Hội đồng vắng mặt", "An absent member's opinion"),
    "council/minutes": Words("Biên bản họp Hội đồng", "The Council's minutes"),
    "plan/document": Words("Số, ngày, người ký kế hoạch", "The plan's number, date and signer"),
    "plan/opening": Words("Ngày mở kỳ", "The cycle's opening day"),
    "plan/closing": Words("Ngày đóng kỳ", "The cycle's closing day"),
    "plan/remediation": Words("Quy tắc khắc phục", "The rule of remediation"),
    "tightened_to": Words("Ngày rút ngắn của bước", "The tightened day of step"),
    "accepted_until": Words("Ngày còn tiếp nhận của bước", "The day accepted until of step"),
}


def described(law: CycleLaw, address: str) -> Words:
    """The address in words; an address of a form not known here is repeated as it stands."""
    first, *rest = address.split("/")
    words = _of_plan(law.regulation, rest) if first == "plan" else _of_regulation(law.regulation, first, rest)
    return words or _PARTS.get(address) or Words(address, address)


def _of_regulation(regulation: Regulation, first: str, rest: list[str]) -> Words | None:
    match first, rest:
        case "criteria", [code, part] if part in _PARTS:
            return _joined(_PARTS[part], _item(code))
        case "steps", [step, part] if part in _PARTS:
            return _joined(_PARTS[part], _step(regulation, step))
        case "pass_rules", [name]:
            title = next((rule.title for rule in regulation.pass_rules if rule.id == name), name)
            return Words(f"Điều kiện “{title}”", f"The condition “{title}”")
        case "texts", [name, _]:
            name = next((one.number for one in regulation.texts if one.number.replace("/", "-") == name), name)
            return Words(f"Thông tin về văn bản {name}", f"The facts about text {name}")
        case _:
            return None


def _of_plan(regulation: Regulation, rest: list[str]) -> Words | None:
    match rest:
        case ["steps", step, part] if part in _PARTS:
            return _joined(_PARTS[part], _step(regulation, step))
        case ["stages", stage]:
            return _joined(Words("Ngày mở giai đoạn", "The opening day of"), STAGE_WORDS[Stage(stage)])
        case ["reminders", *_]:
            return Words("Lịch nhắc việc", "The reminder ladder")
        case ["escalation", holder]:
            name = ACTOR_WORDS[Actor(holder)]
            return Words(f"Tuyến báo lên khi {name.vi} chậm", f"The escalation when the {name.en} is late")
        case ["programme", task]:
            return Words(f"Việc “{task}” trong chương trình công tác", f"Task “{task}” of the work programme")
        case ["partners", partner]:
            return Words(f"Cơ quan phối hợp “{partner}”", f"The co-operating agency “{partner}”")
        case ["commendation", number]:
            return Words(f"Quy tắc khen thưởng thứ {number}", f"Commendation rule {number}")
        case _:
            return None


def _item(code: str) -> Words:
    vi, en = (("tiêu chí", "criterion"), ("chỉ tiêu", "indicator"), ("nội dung", "content"))[code.count(".")]
    return Words(f"{vi} {code}", f"{en} {code}")


def _step(regulation: Regulation, name: str) -> Words:
    step = regulation.step(name)
    title = step.title if step else name
    return Words(f"“{title}”", f"“{title}” ({name})")


def _joined(part: Words, item: Words) -> Words:
    return Words(f"{part.vi} {item.vi}", f"{part.en} {item.en}")
