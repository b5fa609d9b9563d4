"""What a legal value says, in words: a rule, a measure, a ladder; and what the address of a plain value stands for."""

from decimal import Decimal
from typing import Any

from models.cycle.programme import reason
from models.law.calendar import spoken
from models.law.deadline_rules import Ahead, Before, Lasting, NoDate, NotYetRead, OnOrBefore, Within
from models.law.marks import LegalValue
from models.law.measures import (
    AllOrNothing,
    Bands,
    CountAtLeast,
    Judged,
    Maximum,
    NotArisen,
    PointsMeasure,
    RatioAtLeast,
    Unread,
)
from models.law.plan import (
    CommendationRule,
    Escalation,
    Ladder,
    LocalDay,
    OpeningDay,
    PlanDocument,
    RemediationRule,
)
from models.law.posting import PostingRule
from models.law.programme import FixedDay, Partner, PlanTask
from models.law.regulation import (
    ACTOR_WORDS,
    Authority,
    EvaluationYears,
    MinimumShare,
    MinimumTotal,
    MostMembers,
    Quorum,
    Regulation,
)
from models.law.spoken_rules import spoken_rule
from models.records.commendations import RULE_WORDS
from models.words import Words

PLAIN = frozenset({*LegalValue.model_fields, "id", "title", "kind", "reading"})
NOTHING = Words("chưa đọc được", "not yet read")


def said(value: LegalValue, title: Words) -> Words:
    """What the value says; a value that only vouches for a wording or a step is said by `title`."""
    match value:
        case Before() | OnOrBefore() | Within() | Ahead() | Lasting() | NoDate() | NotYetRead():
            return spoken_rule(value)
        case Maximum(points=points):
            return NOTHING if points is None else _counted(points, Words("{} điểm", "{} points"))
        case MinimumTotal(points=points):
            return _counted(points, Words("tổng điểm ≥ {}", "total ≥ {}"))
        case MinimumShare(percent=percent):
            return _counted(percent, Words("mỗi tiêu chí ≥ {} % điểm tối đa", "each criterion ≥ {} % of its maximum"))
        case Authority(decides=actor):
            return ACTOR_WORDS[actor]
        case EvaluationYears(first=first, to=to):
            return Words(f"{first}–{to or '…'}", f"{first}–{to or '…'}")
        case OpeningDay(on=on) | LocalDay(on=on):
            return Words(spoken(on), spoken(on))
        case Ladder():
            return _ladder(value)
        case Escalation(then=then):
            names = [ACTOR_WORDS[actor] for actor in then]
            return Words(" → ".join(name.vi for name in names), " → ".join(name.en for name in names))
    return _of_plan(value) or _measure(value) or _plain(value, title)


def _of_plan(value: LegalValue) -> Words | None:
    match value:
        case PlanDocument(number=None):
            return Words("chưa có số, ngày, người ký (kế hoạch mẫu)", "no number, day or signer (a sample)")
        case PlanDocument(number=number, signed_on=on, signer=signer):
            day = spoken(on) if on else "—"
            return Words(f"số {number}, ngày {day}, {signer or '—'}", f"no. {number}, {day}, {signer or '—'}")
        case RemediationRule(lost_points_too=True):
            return Words("cả chỉ tiêu chỉ mất điểm", "also indicators that only lost points")
        case RemediationRule():
            return Words("chỉ nội dung chưa đạt", "only what fell short of the standard")
        case CommendationRule(kind=kind, at_most=most, years=years):
            rule = RULE_WORDS[kind]
            span = Words(f" ({years} năm)", f" ({years} years)") if years else Words("", "")
            return Words(f"{rule.vi}{span.vi}, tối đa {most}", f"{rule.en}{span.en}, at most {most}")
        case Partner(name=name):
            return Words(name, name)
        case PlanTask():
            return _task(value)
        case _:
            return _of_council(value)


def _task(task: PlanTask) -> Words:
    """A task's title stays the plan's own; who leads it and when it is due are said in both languages."""
    lead, day = ACTOR_WORDS[task.lead], task.due.date if isinstance(task.due, FixedDay) else task.begins
    due = reason(task.due, day)
    return Words(
        f"{task.title}: {lead.vi} chủ trì, hạn {due.vi}; sản phẩm: {task.product}",
        f"{task.title}: led by the {lead.en}, due {due.en}; product: {task.product}",
    )


def _of_council(value: LegalValue) -> Words | None:
    match value:
        case MostMembers(number=number):
            return Words(f"không quá {number} người", f"at most {number} members")
        case Quorum(part=part, whole=all_of):
            return Words(f"ít nhất {part}/{all_of} số thành viên", f"at least {part}/{all_of} of the members")
        case PostingRule():
            return Words(
                f"tại trụ sở {value.office_days} ngày; và trên cổng thông tin {value.portal_days} ngày "
                f"hoặc truyền thanh {value.radio_times} lần trong {value.radio_days} ngày",
                f"{value.office_days} days at the office; and {value.portal_days} days on the portal, or "
                f"{value.radio_times} times on the radio within {value.radio_days} days",
            )
        case _:
            return None


def _measure(value: LegalValue) -> Words | None:
    match value:
        case PointsMeasure(maximum=Decimal() as points):
            return _counted(points, Words("cho điểm đến {}", "points up to {}"))
        case PointsMeasure():
            return Words("cho điểm đến mức tối đa", "points up to the maximum")
        case AllOrNothing(maximum=points):
            return _counted(points, Words("{} điểm, hoặc 0 nếu có thiếu sót", "{} points, or none with any defect"))
        case Bands(ratio=ratio, bands=bands, complete=complete):
            steps = "; ".join(f"≥ {_trimmed(band.at_least)} %: {_trimmed(band.points)}" for band in bands)
            more = Words("", "") if complete else Words("; còn bậc chưa đọc được", "; further steps not read")
            return Words(f"{ratio}: {steps.replace('.', ',')}{more.vi}", f"{ratio}: {steps}{more.en}")
        case Judged(requirement=requirement):
            return Words(requirement or "đạt hoặc chưa đạt", requirement or "met or not met")
        case RatioAtLeast(at_least=at_least):
            return NOTHING if at_least is None else _counted(at_least, Words("tỷ lệ ≥ {} %", "share ≥ {} %"))
        case CountAtLeast(of=of, at_least=at_least):
            return NOTHING if at_least is None else Words(f"{of} ≥ {at_least}", f"{of} ≥ {at_least}")
        case NotArisen(gives=gives):
            full = gives == "full_points"
            return Words("đủ điểm", "full points") if full else Words("coi là đạt", "counts as met")
        case Unread():
            return NOTHING
        case _:
            return None


def _plain(value: LegalValue, title: Words) -> Words:
    parts = {
        name: part for name, part in value.model_dump(mode="json").items() if name not in PLAIN and part is not None
    }
    text = "; ".join(f"{name}: {_flat(part)}" for name, part in parts.items())
    if text:
        return Words(text, text)
    return title if title.vi else Words(value.note or "", value.note or "")


def _counted(number: Decimal, sentence: Words) -> Words:
    """A number in a sentence: 2,5 in Vietnamese, 2.5 in English, and no decimals that say nothing."""
    said = _trimmed(number)
    return Words(sentence.vi.format(said.replace(".", ",")), sentence.en.format(said))


def _trimmed(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _ladder(ladder: Ladder) -> Words:
    before, after = (", ".join(map(str, days)) for days in (ladder.before, ladder.after))
    return Words(
        f"trước {before} ngày; sau {after} ngày"
        + (f", rồi mỗi {ladder.then_every} ngày" if ladder.then_every else "")
        + (f"; báo cấp trên từ ngày thứ {ladder.escalate_from}" if ladder.escalate_from else ""),
        f"{before} days before; {after} after"
        + (f", then every {ladder.then_every}" if ladder.then_every else "")
        + (f"; escalated from day {ladder.escalate_from}" if ladder.escalate_from else ""),
    )


def titles(regulation: Regulation) -> dict[str, Words]:
    """What the address of a wording, of a step, of a text stands for."""
    found: dict[str, str] = {}
    for criterion in regulation.criteria:
        for item in (criterion, *criterion.indicators, *(c for i in criterion.indicators for c in i.contents)):
            found[f"criteria/{item.id}/wording"] = item.title
    found |= {f"pass_rules/{rule.id}": rule.title for rule in regulation.pass_rules}
    found |= {f"texts/{text.number.replace('/', '-')}/facts": text.title for text in regulation.texts}
    steps = {
        f"steps/{step.id}/performed": Words(
            f"{step.title} ({ACTOR_WORDS[step.actor].vi})", f"{step.title} ({ACTOR_WORDS[step.actor].en})"
        )
        for _, step in regulation.steps()
    }
    return {address: Words(title, title) for address, title in found.items()} | steps


def _flat(part: Any) -> str:
    return ", ".join(map(str, part)) if isinstance(part, list) else str(part)
