"""What keeps a cycle from opening, official or trial: each value that it may not rest on, and who can mend it."""

from typing import Any, NamedTuple

from models.law.addresses import legal_values, plan_values
from models.law.cycle_law import CycleLaw
from models.law.described import described
from models.law.marks import MARK_WORDS, OFFICIAL, LegalValue, Mark
from models.law.plan import Plan
from models.words import Words


class Obstacle(NamedTuple):
    """One value that the cycle may not rest on: plain data."""

    address: str
    mark: Mark
    what: Words
    who: Words

    def document(self) -> dict[str, Any]:
        return self._asdict()


def obstacles(law: CycleLaw, trial: bool) -> list[Obstacle]:
    """What is missing for the cycle to open; empty when it may.

    A trial stops only at what nobody has read. An official cycle stops at every mark outside OFFICIAL, at values with
    which the plan stands in for a text that nobody has read, and at a plan that is a sample or has no document.
    """
    found = [
        _obstacle(law, address, value) for address, value in values_in_use(law) if _stops(law, address, value, trial)
    ]
    return found if trial or law.plan is None else [*found, *_of_a_sample(law.plan)]


def marks_in_use(law: CycleLaw) -> dict[Mark, int]:
    """How many values of the cycle's law carry each mark, in the order of `Mark`; marks without any are left out."""
    marks = [value.mark for _, value in values_in_use(law)]
    return {mark: marks.count(mark) for mark in Mark if mark in marks}


def values_in_use(law: CycleLaw) -> list[tuple[str, LegalValue]]:
    """The regulation's values and the plan's, without the plan's deadlines that the regulation carries already."""
    own = plan_values(law.plan) if law.plan else ()
    return [
        *legal_values(law.regulation),
        *(
            (address, value)
            for address, value in own
            if not (address.startswith("plan/steps/") and address.endswith("/deadline"))
        ),
    ]


def _stops(law: CycleLaw, address: str, value: LegalValue, trial: bool) -> bool:
    if trial:
        return value.mark is Mark.NOT_YET_READ
    return value.mark not in OFFICIAL or address in law.stand_ins


def _obstacle(law: CycleLaw, address: str, value: LegalValue) -> Obstacle:
    name, mark = described(law, address), MARK_WORDS[value.mark]
    stands_in = address in law.stand_ins
    note = Words("; văn bản chưa đọc được, kế hoạch tạm thay", "; the text is unread, the plan stands in")
    what = Words(f"{name.vi}: {mark.vi}", f"{name.en}: {mark.en}")
    if stands_in:
        what = Words(what.vi + note.vi, what.en + note.en)
    return Obstacle(address, value.mark, what, _who(address, value.mark, stands_in))


def _who(address: str, mark: Mark, stands_in: bool) -> Words:
    if address.startswith("plan/"):
        return Words(
            "Sở Tư pháp thay giá trị này bằng giá trị trong kế hoạch đã ký của UBND tỉnh.",
            "The provincial Department of Justice replaces it with the value of the province's signed plan.",
        )
    confirm = Words(
        "Người của tỉnh đã đọc văn bản xác nhận trong kế hoạch (`confirmations`: tài liệu, trang, người đọc)",
        "Somebody who has read the text confirms it in the plan (`confirmations`: document, page, reader)",
    )
    if mark is Mark.NOT_YET_READ and not stands_in:
        return Words(
            f"{confirm.vi}; để chạy thử nghiệm, kế hoạch bổ sung giá trị minh họa (`fills`, `steps`).",
            f"{confirm.en}; for a trial, the plan fills in an illustrative value (`fills`, `steps`).",
        )
    return Words(
        f"{confirm.vi}, hoặc chờ regulations/ được cập nhật từ toàn văn.",
        f"{confirm.en}, or regulations/ is brought up to date from the full text.",
    )


def _of_a_sample(plan: Plan) -> list[Obstacle]:
    found: list[Obstacle] = []
    who = Words("UBND tỉnh ban hành kế hoạch; Sở Tư pháp nhập số, ngày, người ký.", "The province issues its plan.")
    if plan.trial:
        what = Words("Kế hoạch chỉ dùng để thử nghiệm (`trial: true`)", "The plan is for trials only (`trial: true`)")
        found.append(Obstacle("plan/trial", plan.document.mark, what, who))
    document = plan.document
    if document.mark in OFFICIAL and None in (document.number, document.signed_on, document.signer):
        what = Words("Kế hoạch thiếu số, ngày ký hoặc người ký", "The plan lacks its number, date or signer")
        found.append(Obstacle("plan/document", document.mark, what, who))
    return found
