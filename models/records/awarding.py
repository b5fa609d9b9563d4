"""The acts of commendation: proposed by rule, or nominated; confirmed or refused by a person; awarded by a document."""

from collections.abc import Sequence

from sqlalchemy import insert, select

from models.cycle.ranking import Ranked, rank
from models.errors import Refusal
from models.law.regulation import Actor
from models.records.acting import Sitting, Traces
from models.records.canonical import digest_of
from models.records.commendable import excluded, field_of
from models.records.commendations import NOMINATED, Commendation
from models.records.deadlines import Fact, Happening
from models.records.journal import Touched
from models.records.notices import Kind, Word
from models.records.units import Unit
from models.records.upserts import insert_new
from models.words import Words

PROPOSE, AWARD = "propose-commendations", "award-commendations"


def propose_commendations(sitting: Sitting) -> int:
    """Propose by the rules of the plan, each with its ground; a person confirms. Returns how many are proposed.

    Who would have been proposed and is not (excluded, or tied beyond the quota) is kept with the reason.
    """
    if not sitting.fresh([PROPOSE]):
        return 0
    rows = ranking(sitting)
    if rows:
        sitting.session.execute(insert(Commendation), rows)
    signed, province = sitting.signed, sitting.cycle.province_id
    proposed = sum(row["state"] == "proposed" for row in rows)
    lines = [
        Touched(province, PROPOSE, {"proposed": proposed, "left_out": len(rows) - proposed}),
        *(Touched(int(str(row["unit_id"])), f"{PROPOSE}/{row['rule']}/{row['unit_id']}", row) for row in rows),
    ]
    done = Happening(province, PROPOSE, Fact.DONE, signed.day, signed.at)
    sitting.finish(PROPOSE, PROPOSE, lines, Traces(happenings=[done]))
    return proposed


def ranking(sitting: Sitting) -> list[dict[str, object]]:
    """What the plan's rules propose and leave out now, as rows of `commendations`; nothing is written."""
    rules = sitting.law.plan.commendation if sitting.law.plan else ()
    return [
        _row(sitting, rule.kind, ranked)
        for rule in rules
        for ranked in rank(field_of(sitting, rule), rule.at_most, excluded(sitting, rule))
    ]


def _row(sitting: Sitting, rule: str, ranked: Ranked) -> dict[str, object]:
    ground = ranked.candidate.ground + (f"; {ranked.why_not}" if ranked.why_not else "")
    return {
        "cycle_id": sitting.cycle.id,
        "unit_id": ranked.candidate.unit_id,
        "rule": rule,
        "ground": ground[:300],
        "state": "proposed" if ranked.chosen else "left_out",
        "person": "",
        "place": ranked.place,
    }


def nominate(sitting: Sitting, unit: Unit, person: str, reason: str) -> bool:
    """Nominate a person (or, with none named, the unit itself) with a reason; False if that was done."""
    if not reason.strip():
        raise _no_ground()
    key = f"nominate/{unit.id}/{digest_of(person)[:16]}"
    if not sitting.fresh([key]):
        return False
    row = {"unit_id": unit.id, "rule": NOMINATED, "ground": reason[:300], "person": person, "state": "proposed"}
    sitting.session.execute(insert_new(Commendation).values(cycle_id=sitting.cycle.id, place=None, **row))
    sitting.finish("nominate", key, [Touched(unit.id, key, row)], Traces())
    return True


def confirm_commendation(sitting: Sitting, commendation_id: int, ground: str) -> bool:
    """Agree to a proposal; also to one that the rule left out, and then the ground says why. False if done."""
    return _decide(sitting, commendation_id, "confirmed", ground, ("proposed", "left_out", "refused"))


def refuse_commendation(sitting: Sitting, commendation_id: int, ground: str) -> bool:
    """Turn a proposal down, with a ground. False if that was done."""
    return _decide(sitting, commendation_id, "refused", ground, ("proposed", "left_out", "confirmed"))


def _decide(sitting: Sitting, commendation_id: int, to: str, ground: str, possible: Sequence[str]) -> bool:
    found = sitting.session.get(Commendation, commendation_id, populate_existing=True)
    if found is None or found.cycle_id != sitting.cycle.id:
        raise _no_such(commendation_id)
    if found.state == to:
        return False
    if found.state not in possible:
        raise _awarded(found)
    if (to == "refused" or found.state != "proposed") and not ground.strip():
        raise _no_ground()
    key = f"commendation/{found.id}/{found.state}-{to}/{sitting.signed.at.isoformat()}"
    if not sitting.fresh([key]):
        return False
    change = {"rule": found.rule, "from": found.state, "to": to, "ground": ground}
    found.state, found.decided_by, found.decided_on = to, sitting.signed.by, sitting.signed.day
    found.decision_ground = ground[:500]
    sitting.session.flush()
    sitting.finish(f"commendation-{to}", key, [Touched(found.unit_id, key, change)], Traces())
    return True


def confirm_all(sitting: Sitting, ground: str) -> int:
    """Agree to everything that is proposed and not decided yet; returns how many."""
    return sum(confirm_commendation(sitting, one.id, ground) for one in _in_state(sitting, "proposed"))


def award_commendations(sitting: Sitting, document: str) -> int:
    """Record by which document the confirmed are commended; returns how many units.

    Refused while a proposal waits for a person's word: nobody is commended by a rule alone, and nobody forgotten.
    """
    key = f"{AWARD}/{document}"
    if not sitting.fresh([key]):
        return 0
    if waiting := _in_state(sitting, "proposed"):
        raise _undecided(len(waiting))
    awarded = _in_state(sitting, "confirmed")
    for one in awarded:
        one.state, one.document, one.awarded_on = "awarded", document[:120], sitting.signed.day
    sitting.session.flush()
    units = sorted({one.unit_id for one in awarded})
    signed, province = sitting.signed, sitting.cycle.province_id
    done = Happening(province, AWARD, Fact.DONE, signed.day, signed.at, document=document[:120])
    lines = [Touched(province, key, {"units": units, "commendations": [one.id for one in awarded]})]
    sitting.finish(AWARD, key, lines, Traces(happenings=[done], words=_words(sitting, units, document)))
    return len(units)


def _words(sitting: Sitting, units: Sequence[int], document: str) -> list[Word]:
    levels = dict(sitting.session.execute(select(Unit.id, Unit.level).where(Unit.id.in_(units))).tuples().all())
    actors = {"commune": Actor.COMMUNE, "district": Actor.DISTRICT_COMMITTEE, "province": Actor.PROVINCE_COMMITTEE}
    return [
        Word(
            Kind.COMMENDATION,
            about_id=unit,
            to_unit_id=unit,
            to_actor=actors[levels[unit]],
            key=f"commendation/{unit}/{document[:100]}",
            said=document,
        )
        for unit in units
    ]


def _in_state(sitting: Sitting, state: str) -> Sequence[Commendation]:
    return sitting.session.scalars(
        select(Commendation)
        .where(Commendation.cycle_id == sitting.cycle.id, Commendation.state == state)
        .order_by(Commendation.id)
        .execution_options(populate_existing=True)
    ).all()


def _no_such(commendation_id: int) -> Refusal:
    return Refusal(
        "no_such_commendation",
        Words(f"Không có đề xuất số {commendation_id} trong kỳ này.", f"There is no proposal {commendation_id} here."),
        Words("Mỗi đề xuất có số riêng trong danh sách.", "Each proposal has a number of its own in the list."),
        Words("Xem số bằng `tcpl commend list`.", "See the numbers with `tcpl commend list`."),
    )


def _awarded(found: Commendation) -> Refusal:
    return Refusal(
        "already_awarded",
        Words(f"Đề xuất {found.id} đã được khen thưởng.", f"Proposal {found.id} is awarded."),
        Words(f"Theo văn bản {found.document}.", f"By document {found.document}."),
        Words(
            "Khen thưởng đã ký chỉ thay được bằng văn bản khác, ghi ở cơ quan ban hành.",
            "A signed award is changed by another document of whoever issued it.",
        ),
    )


def _no_ground() -> Refusal:
    return Refusal(
        "commendation_without_ground",
        Words("Chưa ghi lý do.", "No reason is given."),
        Words(
            "Giới thiệu, từ chối, hoặc đồng ý khác với quy tắc đều phải có lý do.",
            "A nomination, a refusal, and a word against the rule all need a reason.",
        ),
        Words("Ghi bằng --ground.", "Give it with --ground."),
    )


def _undecided(count: int) -> Refusal:
    return Refusal(
        "proposals_undecided",
        Words(f"Còn {count} đề xuất chưa có ý kiến.", f"{count} proposals wait for a person's word."),
        Words(
            "Quy tắc chỉ đề xuất; người có thẩm quyền đồng ý hoặc từ chối từng đề xuất.",
            "A rule proposes only; a person confirms or refuses each.",
        ),
        Words(
            "Dùng `tcpl commend confirm` hoặc `tcpl commend refuse`, rồi ghi khen thưởng.",
            "Use `tcpl commend confirm` or `tcpl commend refuse`, then record the award.",
        ),
    )
