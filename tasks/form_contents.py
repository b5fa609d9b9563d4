"""What stands in each form, as plain words ready for its template; nothing is asked of the database here."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from models.cycle.lifecycle import STATE_WORDS, State
from models.law.calendar import spoken
from models.law.regulation import ACTOR_WORDS, Content, Criterion, Indicator, whole
from models.records.councils import Held
from models.records.decisions import Decided
from models.records.units import Unit
from tasks.appraisal_sheets import said
from tasks.form_facts import CommuneFacts, CycleFacts, Rows
from tasks.form_notes import Notes, notes_on

BLANK = "…………"
VERDICTS = {True: "đạt", False: "chưa đạt", None: "chưa xác định được"}
Context = dict[str, Any]


def points(number: Decimal | None) -> str:
    """Points as Vietnamese papers write them: "79,50"."""
    return "–" if number is None else whole(number).replace(".", ",")


def frame(facts: CycleFacts, form: str, title: str, unit: Unit, notes: Notes) -> Context:
    """What every paper opens and ends with."""
    trial = facts.cycle.trial
    circular = next((text.number for text in facts.law.regulation.texts if "TT-" in text.number), "")
    named = (
        f"Tên mẫu theo Thông tư {circular}; bố cục do phần mềm trình bày, phụ lục mẫu chưa đọc được." if form else ""
    )
    return {
        "banner": "THỬ NGHIỆM · KHÔNG CÓ GIÁ TRỊ CHÍNH THỨC" if trial else "",
        "layout_note": named or "Bố cục do phần mềm trình bày; mẫu của văn bản chưa đọc được.",
        "form_name": f"Mẫu số {form}" if form else "",
        "title": title.upper(),
        "year": facts.cycle.year,
        "about": unit.name,
        "above": facts.province.name if unit.level != "province" else "",
        "issuer": f"UBND {unit.name}".upper(),
        "issuer_plain": f"UBND {unit.name[:1].lower()}{unit.name[1:]}",
        "number": BLANK,
        "place_and_day": f"{BLANK}, ngày …… tháng …… năm {facts.cycle.year + 1}",
        "regulation": facts.law.regulation.title,
        "result_heading": "Tổng điểm" if facts.law.regulation.scoring == "points" else "Kết quả",
        "notes": notes.lines,
    }


def of_council(district: Unit | None) -> Context:
    """The head of a paper that the Council of a district gives out."""
    if district is None:
        return {}
    return {"above": f"UBND {district.name[:1].lower()}{district.name[1:]}", "issuer": "HỘI ĐỒNG ĐÁNH GIÁ CHUẨN TCPL"}


def report_of_commune(facts: CycleFacts, one: CommuneFacts) -> Context:
    verdict = _verdict(one.own)
    notes = notes_on(facts.law)
    return {
        "total_words": _total(facts, verdict),
        "criteria": [_criterion(facts, criterion, verdict, notes) for criterion in facts.law.regulation.criteria],
        "leader": _leader(one.own.leader_disciplined if one.own else None),
        "shortfalls": _shortfalls(verdict),
        "undetermined": "; ".join(f"{item['subject']}: {item['why']}" for item in verdict.get("undetermined", [])[:8]),
        "declares_not_met": State(one.dossier.state) is State.DECLARED_NOT_MET or one.own is None or _declared(one),
    }


def _declared(one: CommuneFacts) -> bool:
    """Decided without an appraisal: it had declared itself not met."""
    return one.appraised is None and one.decided is not None


def scorecard(facts: CycleFacts, one: CommuneFacts) -> Context:
    notes, verdict = notes_on(facts.law), _verdict(one.own)
    lines = [_own_line(item, one.own_rows, notes) for item in _items(facts, one.own_rows)]
    return {"lines": lines, "total_words": _total(facts, verdict)}


def _own_line(item: Criterion | Indicator | Content, rows: Rows, notes: Notes) -> Context:
    row = rows.get(item.id)
    has_ratio = row is not None and row["part"] is not None
    return {
        "id": item.id,
        "title": item.title,
        "maximum": _maximum(item, notes),
        "basis": f"{row['part']}/{row['whole']}" if row and has_ratio else "",
        "ratio": _percent(row) if row and has_ratio else "",
        "own": _shown(row),
        "blank": "",
    }


def _percent(row: Mapping[str, Any]) -> str:
    share = Decimal(row["part"]) * 100 / Decimal(row["whole"])
    return f"{share:.2f} %".replace(".", ",")


def opinions_on_drafts(facts: CycleFacts, one: CommuneFacts) -> Context:
    began, ended = facts.postings.get(one.unit.id, (None, None))
    span = f"từ {spoken(began)} đến {spoken(ended)}" if began and ended else "chưa ghi nhận trong hệ thống"
    return {"posting": span}


def minutes(facts: CycleFacts, unit: Unit, held: Held) -> Context:
    meeting, record = held.meeting, held.record
    council = facts.law.regulation.council
    quorum = council.quorum if council else None
    cited = quorum.citation if quorum else None
    late = record.late_papers_ground if record else None
    return {
        **of_council(unit),
        "held_on": spoken(meeting.held_on),
        "papers_sent_on": spoken(meeting.papers_sent_on),
        "late_papers": f" (gửi chậm: {late})" if late else "",
        "attended": meeting.attended,
        "members": meeting.members,
        "needed": quorum.attendance(meeting.members) if quorum else BLANK,
        "quorum_article": f"{cited.article}, {cited.text}" if cited else BLANK,
        "chair": (record.chair if record else None) or BLANK,
        "secretary": (record.secretary if record else None) or BLANK,
        "opinions": _opinions(held),
        "communes": _appraisals(facts, unit),
        "number": meeting.minutes,
    }


def members_opinions(facts: CycleFacts, unit: Unit, sessions: Sequence[Held]) -> Context:
    opinions = [line for held in sessions for line in _opinions(held)]
    numbered = [{**line, "number": number} for number, line in enumerate(opinions, start=1)]
    return {**of_council(unit), "communes": _appraisals(facts, unit), "opinions": numbered}


def _opinions(held: Held) -> list[Context]:
    return [
        {
            "member": one.member,
            "document": one.document,
            "received_on": f"{one.received_on:%d/%m/%Y}",
            "why": f" (vắng: {one.reason})" if one.reason else "",
        }
        for one in held.opinions
    ]


def _appraisals(facts: CycleFacts, unit: Unit) -> list[Context]:
    return [
        {
            "number": number,
            "code": one.unit.code,
            "name": one.unit.name,
            "own": _result(facts, one.own),
            "total": _result(facts, one.appraised),
            "verdict": _verdict_words(one),
            "blank": "",
        }
        for number, one in enumerate(facts.of_unit(unit), start=1)
    ]


def _verdict_words(one: CommuneFacts) -> str:
    if one.appraised is not None:
        return VERDICTS[one.appraised.meets]
    return "tự nhận chưa đạt" if _declared(one) else STATE_WORDS[State(one.dossier.state)].vi


def _result(facts: CycleFacts, card: Any) -> str:
    """The total under points; under levels whether the standard is met."""
    if card is None:
        return "–"
    return points(card.total) if facts.law.regulation.scoring == "points" else VERDICTS[card.meets]


def appraised_scorecard(facts: CycleFacts, one: CommuneFacts) -> Context:
    notes, verdict = notes_on(facts.law), _verdict(one.appraised)
    rows = {**one.own_rows, **one.appraised_rows}
    lines = [
        {
            "id": item.id,
            "title": item.title,
            "maximum": _maximum(item, notes),
            "own": _shown(one.own_rows.get(item.id)),
            "appraised": _shown(one.appraised_rows.get(item.id)),
            "reason": one.reasons.get(item.id, ""),
        }
        for item in _items(facts, rows)
    ]
    return {
        **of_council(facts.districts.get(one.dossier.district_id or 0)),
        "lines": lines,
        "total_words": _total(facts, verdict),
        "verdict": VERDICTS[one.appraised.meets if one.appraised else None],
        "shortfalls": _shortfalls(verdict),
    }


def decision(facts: CycleFacts, decision_id: int) -> Context:
    lines = [line for line in facts.lines if line.decision_id == decision_id]
    paper, first = facts.papers.get(decision_id), lines[0]
    authority = facts.law.regulation.authority
    cited = f"{authority.citation.text}, {authority.citation.article}" if authority.citation else authority.source
    by_dossier = {one.dossier.id: one for one in facts.communes}
    position = (paper.position if paper else None) or ACTOR_WORDS[authority.decides].vi
    return {
        "number": first.number,
        "place_and_day": f"{BLANK}, {_long(first)}",
        "authority": position.upper(),
        "authority_article": f"{cited}{notes_on(facts.law).beside('authority')}",
        "position": position,
        "signer": first.signer,
        "replaces": ", ".join(facts.reasons.get(decision_id, ())),
        "reason": (paper.reason if paper else None) or BLANK,
        "replaced": ", ".join(line.name for line in lines if not line.counts),
        "recognised": _decided(facts, [line for line in lines if line.recognised], by_dossier),
        "not_recognised": _decided(facts, [line for line in lines if not line.recognised], by_dossier),
    }


def _long(line: Decided) -> str:
    return f"ngày {line.signed_on:%d} tháng {line.signed_on:%m} năm {line.signed_on:%Y}"


def _decided(facts: CycleFacts, lines: Sequence[Decided], by_dossier: Mapping[int, CommuneFacts]) -> list[Context]:
    found = []
    for number, line in enumerate(lines, start=1):
        one = by_dossier[line.dossier_id]
        remarks = [] if line.recognised else _shortfalls(_verdict(one.appraised or one.own))[:3]
        if one.appraised is None:
            remarks.insert(0, "tự nhận chưa đạt")
        if line.contrary_ground:
            remarks.insert(0, f"KHÁC KẾT LUẬN THEO QUY ĐỊNH, căn cứ: {line.contrary_ground}")
        if not line.counts:
            remarks.insert(0, f"bị {line.replaced_by} thay thế")
        total = _result(facts, one.appraised or one.own)
        found.append(
            {"number": number, "code": line.code, "name": line.name, "total": total, "remark": "; ".join(remarks)}
        )
    return found


def lists(facts: CycleFacts, unit: Unit) -> Context:
    """The communes of a unit in the two lists that count, and those that nothing is decided on."""
    communes = facts.of_unit(unit)
    by_dossier = {one.dossier.id: one for one in communes}
    lines = [one.decided for one in communes if one.decided]
    undecided = [one.unit.name for one in communes if one.decided is None]
    recognised = _decided(facts, [line for line in lines if line.recognised], by_dossier)
    not_recognised = _decided(facts, [line for line in lines if not line.recognised], by_dossier)
    share = f" ({len(recognised) * 100 / len(communes):.2f} %)".replace(".", ",") if communes else ""
    words = f"{len(recognised)}/{len(communes)} đơn vị đạt chuẩn{share}, {len(not_recognised)} chưa đạt chuẩn"
    return {
        "recognised": recognised,
        "not_recognised": not_recognised,
        "undecided": ", ".join(undecided),
        "result_words": words + (f", {len(undecided)} chưa có quyết định" if undecided else ""),
        "contrary": ", ".join(line.name for line in lines if line.contrary_ground),
    }


def figures(facts: CycleFacts, unit: Unit) -> Context:
    communes, listed = facts.of_unit(unit), lists(facts, unit)
    on_time, late, missing = _punctuality(facts, communes)
    stated = (
        ("Số đơn vị được đánh giá", len(communes)),
        ("Số đơn vị đạt chuẩn", len(listed["recognised"])),
        ("Số đơn vị chưa đạt chuẩn", len(listed["not_recognised"])),
        ("Trong đó tự nhận chưa đạt", sum(_declared(one) for one in communes)),
        ("Chưa có quyết định", sum(one.decided is None for one in communes)),
        ("Gửi hồ sơ đúng hạn theo luật", on_time),
        ("Gửi hồ sơ sau hạn theo luật", late),
        ("Chưa gửi hồ sơ", missing),
        (
            "Quyết định khác kết luận theo quy định",
            sum(bool(o.decided and o.decided.contrary_ground) for o in communes),
        ),
        ("Kiến nghị, phản ánh, khiếu nại", len(_complaints(facts, communes))),
    )
    return {
        "figures": [{"number": n, "name": name, "value": value} for n, (name, value) in enumerate(stated, start=1)],
        "reasons": _reasons(communes),
        "by_unit": _by_unit(facts) if unit.id == facts.province.id else [],
    }


def _reasons(communes: Sequence[CommuneFacts]) -> list[Context]:
    counted: Counter[str] = Counter()
    for one in communes:
        if one.decided and not one.decided.recognised:
            counted.update({_subject(item) for item in _verdict(one.appraised or one.own).get("shortfalls", [])})
    return [{"name": name, "value": count} for name, count in counted.most_common()]


def _by_unit(facts: CycleFacts) -> list[Context]:
    found = []
    for unit in facts.districts.values():
        communes = facts.of_unit(unit)
        decided = [one.decided.recognised for one in communes if one.decided]
        counts = {"recognised": sum(decided), "not_recognised": len(decided) - sum(decided)}
        found.append({"name": unit.name, "all": len(communes), **counts, "undecided": len(communes) - len(decided)})
    return found


def report(facts: CycleFacts, unit: Unit) -> Context:
    communes = facts.of_unit(unit)
    on_time, late, missing = _punctuality(facts, communes)
    complaints = _complaints(facts, communes)
    settled = sum(one.settled_on is not None for one in complaints)
    return {
        **lists(facts, unit),
        "punctuality": f"{on_time} đơn vị gửi hồ sơ đúng hạn theo luật, {late} sau hạn, {missing} chưa gửi",
        "complaints": f"{len(complaints)} đơn, đã giải quyết {settled}",
        "signs_for": "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH",
    }


def _punctuality(facts: CycleFacts, communes: Sequence[CommuneFacts]) -> tuple[int, int, int]:
    days = [facts.submitted.get(one.unit.id, (None, None)) for one in communes]
    done = [(last, on) for last, on in days if on is not None]
    late = sum(last is not None and on > last for last, on in done)
    return len(done) - late, late, len(days) - len(done)


def _complaints(facts: CycleFacts, communes: Sequence[CommuneFacts]) -> list[Any]:
    ids = {one.unit.id for one in communes}
    return [one for one in facts.complaints if one.unit_id in ids]


def _criterion(facts: CycleFacts, criterion: Criterion, verdict: Mapping[str, Any], notes: Notes) -> Context:
    found = next((item for item in verdict.get("criteria", []) if item["id"] == criterion.id), None)
    given = (found or {}).get("points")
    return {
        "id": criterion.id,
        "title": criterion.title,
        "maximum": _maximum(criterion, notes),
        "found": given.replace(".", ",") if given else ("–" if facts.law.regulation.scoring == "points" else ""),
        "meets": VERDICTS[found["meets"]] if found else "–",
    }


def _items(facts: CycleFacts, rows: Rows) -> list[Criterion | Indicator | Content]:
    """Criteria, indicators, and the contents that were answered (under levels: all of them)."""
    found: list[Criterion | Indicator | Content] = []
    for criterion in facts.law.regulation.criteria:
        found.append(criterion)
        for indicator in criterion.indicators:
            found.append(indicator)
            if indicator.id not in rows and (any(one.id in rows for one in indicator.contents)):
                found += indicator.contents
    return found


def _maximum(item: Criterion | Indicator | Content, notes: Notes) -> str:
    """The most points with its sign; under levels the sign of the measure alone."""
    if isinstance(item, Content):
        return notes.beside(f"criteria/{item.id}/measure")
    if item.maximum is None:
        return notes.beside(f"criteria/{item.id}/measure")
    return f"{points(item.maximum.points)}{notes.beside(f'criteria/{item.id}/maximum')}"


def _shown(row: Mapping[str, Any] | None) -> str:
    text = said(dict(row)) if row else None
    return (text or "").replace(".", ",") if row and row["points"] is not None else text or ""


def _verdict(card: Any) -> dict[str, Any]:
    return json.loads(card.verdict) if card else {}


def _total(facts: CycleFacts, verdict: Mapping[str, Any]) -> str:
    if not verdict:
        return "Chưa có điểm"
    if facts.law.regulation.scoring == "points":
        total = (verdict["total"] or "chưa đủ").replace(".", ",")
        return f"Tổng điểm {total}/{(verdict['maximum'] or '–').replace('.', ',')}"
    return f"Kết luận: {VERDICTS[verdict['meets_standard']]}"


def _shortfalls(verdict: Mapping[str, Any]) -> list[str]:
    found = verdict.get("shortfalls", [])
    return [f"{_subject(item)}: {_commas(item['found'])}; yêu cầu: {_commas(item['required'])}" for item in found]


def _commas(text: str) -> str:
    """Decimals as Vietnamese papers write them."""
    return re.sub(r"(\d)\.(\d)", r"\1,\2", text)


def _subject(item: Mapping[str, Any]) -> str:
    subject = str(item["subject"])
    names = {"total": "Tổng điểm", "leader_disciplined": "Người đứng đầu"}
    kinds = ("Tiêu chí", "Chỉ tiêu", "Nội dung")
    return names.get(subject) or f"{kinds[min(subject.count('.'), 2)]} {subject}"


def _leader(disciplined: bool | None) -> str:
    words = {True: "có người bị kỷ luật hoặc truy cứu trách nhiệm hình sự", False: "không có người bị xử lý"}
    return words.get(disciplined, "chưa cho biết") if disciplined is not None else "chưa cho biết"
