"""What stands in the forms of the Council, of those who decide, and of those who report, as plain words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from models.cycle.lifecycle import STATE_WORDS, State
from models.law.calendar import spoken
from models.law.deadlines import rule_of
from models.law.marks import MARK_WORDS, Mark
from models.law.regulation import ACTOR_WORDS, LegalText
from models.law.spoken_rules import spoken_rule
from models.records.councils import Held
from models.records.decisions import Decided
from models.records.units import Unit
from tasks.form_facts import CommuneFacts, CycleFacts
from tasks.form_notes import SIGNS, notes_on
from tasks.form_words import (
    BLANK,
    VERDICTS,
    Context,
    declared,
    of_council,
    result_of,
    shortfalls_of,
    subject_of,
    verdict_of,
)


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
            "remark": f"vắng: {one.reason}" if one.reason else "",
        }
        for one in held.opinions
    ]


def _appraisals(facts: CycleFacts, unit: Unit) -> list[Context]:
    return [
        {
            "number": number,
            "code": one.unit.code,
            "name": one.unit.name,
            "own": result_of(facts, one.own),
            "total": result_of(facts, one.appraised),
            "verdict": _verdict_words(one),
            "blank": "",
        }
        for number, one in enumerate(facts.of_unit(unit), start=1)
    ]


def _verdict_words(one: CommuneFacts) -> str:
    if one.appraised is not None:
        return VERDICTS[one.appraised.meets]
    return "tự nhận chưa đạt" if declared(one) else STATE_WORDS[State(one.dossier.state)].vi


def decision(facts: CycleFacts, decision_id: int) -> Context:
    lines = [line for line in facts.lines if line.decision_id == decision_id]
    paper, first = facts.papers.get(decision_id), lines[0]
    authority = facts.law.regulation.authority
    cited = f"{authority.citation.text}, {authority.citation.article}" if authority.citation else None
    by_dossier = {one.dossier.id: one for one in facts.communes}
    position = (paper.position if paper else None) or ACTOR_WORDS[authority.decides].vi
    return {
        "number": first.number,
        "place_and_day": f"{BLANK}, {_long(first)}",
        "dated": f" {_long(first)} của {position}",
        "grounds": _grounds(facts, first.decided_by_id),
        "publication": _publication(facts),
        "last_article": f"Điều {4 if _publication(facts) else 3}.",
        "authority": position.upper(),
        "position_upper": position.upper(),
        "authority_article": f"{cited or ACTOR_WORDS[authority.decides].vi}{notes_on(facts.law).beside('authority')}",
        "position": position,
        "signer": first.signer,
        "replaces": ", ".join(facts.reasons.get(decision_id, ())),
        "reason": (paper.reason if paper else None) or BLANK,
        "replaced": ", ".join(line.name for line in lines if not line.counts),
        "recognised": _decided(facts, [line for line in lines if line.recognised], by_dossier),
        "not_recognised": _decided(facts, [line for line in lines if not line.recognised], by_dossier),
    }


def _grounds(facts: CycleFacts, unit_id: int) -> list[str]:
    """The texts, the Council's minutes, the proposal: only what is on record, and of a text only what was read."""
    found = [f"Căn cứ {_named(text)};" for text in facts.law.regulation.texts]
    for held in facts.sessions:
        if held.meeting.district_id == unit_id:
            meeting = held.record is None or held.record.track == "meeting"
            paper = "biên bản họp Hội đồng" if meeting else "bản tổng hợp ý kiến thẩm định của Hội đồng"
            found.append(f"Căn cứ {paper} số {held.meeting.minutes} ngày {held.meeting.held_on:%d/%m/%Y};")
    done, document = facts.proposals.get(unit_id, (None, ""))
    step = facts.law.regulation.step("submit-to-chair")
    if done and step:
        found.append(f"Theo đề nghị của {ACTOR_WORDS[step.actor].vi} tại {document or BLANK} ngày {done:%d/%m/%Y};")
    return found


def _named(text: LegalText) -> str:
    kind = "Thông tư" if "TT-" in text.number else "Quyết định" if "QĐ-" in text.number else "văn bản"
    by = f" của {text.issued_by}"
    if text.facts.mark is not Mark.CONFIRMED:
        return f"{kind} số {text.number}{by}"
    title = f"{text.title[:1].lower()}{text.title[1:]}"
    return f"{kind} số {text.number} ngày {text.issued_on:%d/%m/%Y}{by} {title}"


def _publication(facts: CycleFacts) -> str:
    """The duty to publish, with its days and its article; "" where the text has no such step."""
    step = facts.law.regulation.step("publish-decision")
    if step is None:
        return ""
    rule = rule_of(step, facts.law.plan.steps.get(step.id) if facts.law.plan else None)
    cited = f" ({rule.citation.article}, {rule.citation.text})" if rule.citation and rule.citation.article else ""
    if rule.mark is not Mark.CONFIRMED:
        cited += f" ({MARK_WORDS[rule.mark].vi})"
    return f"{step.title}: {spoken_rule(rule).vi}{SIGNS.get(rule.mark, '')}{cited}"


def _long(line: Decided) -> str:
    return f"ngày {line.signed_on:%d} tháng {line.signed_on:%m} năm {line.signed_on:%Y}"


def _decided(facts: CycleFacts, lines: Sequence[Decided], by_dossier: Mapping[int, CommuneFacts]) -> list[Context]:
    found = []
    for number, line in enumerate(lines, start=1):
        one = by_dossier[line.dossier_id]
        remarks = [] if line.recognised else shortfalls_of(verdict_of(one.appraised or one.own))[:3]
        if one.appraised is None:
            remarks.insert(0, "tự nhận chưa đạt")
        if line.contrary_ground:
            remarks.insert(0, f"KHÁC KẾT LUẬN THEO QUY ĐỊNH, căn cứ: {line.contrary_ground}")
        if not line.counts:
            remarks.insert(0, f"bị {line.replaced_by} thay thế")
        total = result_of(facts, one.appraised or one.own)
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
        ("Trong đó tự nhận chưa đạt", sum(declared(one) for one in communes)),
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
            counted.update({subject_of(item) for item in verdict_of(one.appraised or one.own).get("shortfalls", [])})
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
