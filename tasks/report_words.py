"""The paragraphs of a report, drafted from its figures: results, causes, difficulties, solutions. People edit them."""

from collections.abc import Mapping
from typing import Any

from models.cycle.remediation import may_be_shared
from models.law.regulation import STAGE_WORDS, Stage

HEADINGS = {
    "results": "Kết quả",
    "causes": "Nguyên nhân của nội dung chưa đạt",
    "difficulties": "Khó khăn, vướng mắc",
    "solutions": "Giải pháp, kiến nghị",
    "measures": "Biện pháp bảo đảm tính thực chất của việc đánh giá",
}
FILL_IN = "[Bổ sung: {what}]"


def drafted(figures: Mapping[str, Any]) -> dict[str, list[str]]:
    """The paragraphs of each heading, in the order of HEADINGS; what no figure tells is left to be filled in."""
    return {
        "results": _results(figures),
        "causes": _causes(figures),
        "difficulties": _difficulties(figures),
        "solutions": _solutions(figures),
        "measures": [FILL_IN.format(what="các biện pháp đã thực hiện để việc đánh giá thực chất, không hình thức")],
    }


def share(part: int, whole: int) -> str:
    """ "46/52 (88,5 %)"; nothing to divide by leaves the count alone."""
    if not whole:
        return f"{part}"
    tenths = part * 1000 // whole
    return f"{part}/{whole} ({tenths // 10},{tenths % 10} %)"


def _results(figures: Mapping[str, Any]) -> list[str]:
    where = _within(figures["unit"]["name"])
    told = [
        f"Năm {figures['year']}, {where} có {figures['communes']} đơn vị cấp xã được đánh giá; "
        f"đạt chuẩn {share(figures['recognised'], figures['communes'])}, chưa đạt {figures['not_recognised']}"
        + (f", chưa có quyết định {figures['undecided']}." if figures["undecided"] else ".")
    ]
    if figures["totals"]:
        totals = figures["totals"]
        told.append(
            f"Tổng điểm bình quân {_comma(totals['mean'])}; thấp nhất {_comma(totals['lowest'])}, "
            f"cao nhất {_comma(totals['highest'])} (của {totals['scored']} đơn vị có điểm)."
        )
    years = [one for one in figures["years"] if one["year"] < figures["year"]]
    if years:
        last = years[-1]
        told.append(
            f"Năm {last['year']}, trong các đơn vị này có {last['recognised']} đạt chuẩn, "
            f"{last['not_recognised']} chưa đạt."
        )
    return told


def _causes(figures: Mapping[str, Any]) -> list[str]:
    told = [f"{one['title']}: {len(one['codes'])} đơn vị chưa đạt." for one in figures["shortfalls"][:6]]
    told += [FILL_IN.format(what="nguyên nhân khách quan, chủ quan")]
    return told if figures["shortfalls"] else ["Không có nội dung chưa đạt được ghi nhận."]


def _difficulties(figures: Mapping[str, Any]) -> list[str]:
    told = [said for one in figures["stages"] if (said := _late(one))]
    return [*told, FILL_IN.format(what="khó khăn về nhân lực, kinh phí, văn bản")]


def _late(stage: Mapping[str, Any]) -> str:
    """What was done late and what is overdue; what is not due yet is no difficulty."""
    overdue = stage.get("overdue", 0)  # a report frozen before this was counted does not have it
    parts = [f"{stage['late']} việc làm trễ hạn"] if stage["late"] else []
    parts += [f"{overdue} việc quá hạn chưa xong"] if overdue else []
    return f"Giai đoạn {STAGE_WORDS[Stage(stage['stage'])].vi.lower()}: {', '.join(parts)}." if parts else ""


def _solutions(figures: Mapping[str, Any]) -> list[str]:
    remedies = figures["remedies"]
    told = []
    if remedies["opened"]:
        late = f", {remedies['late']} việc quá hạn" if remedies["late"] else ""
        told.append(
            f"Đã giao {remedies['opened']} việc khắc phục; hoàn thành "
            f"{share(remedies['closed'], remedies['opened'])}{late}."
        )
    wide = [one for one in figures["shortfalls"] if len(one["codes"]) > 1 and may_be_shared(one["subject"])]
    told += [f"Tổ chức chung một lần cho {len(one['codes'])} đơn vị cùng thiếu “{one['title']}”." for one in wide[:3]]
    return [*told, FILL_IN.format(what="kiến nghị với cấp trên")]


def _within(name: str) -> str:
    """A unit's name inside a sentence: its kind begins small."""
    return name[:1].lower() + name[1:]


def _comma(points: str) -> str:
    return points.replace(".", ",")
