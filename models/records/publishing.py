"""After the signature: publication, the province's consolidation and list, the reports upward."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.cycle.lifecycle import DECIDED, State
from models.errors import Refusal
from models.records.acting import Sitting, Traces
from models.records.base import Table
from models.records.bulk import insert_rows
from models.records.canonical import canonical
from models.records.deadlines import Deadline, Fact, Happening
from models.records.decisions import find_decision, lines_of
from models.records.dossiers import Dossier
from models.records.filing import act_key
from models.records.journal import Touched
from models.records.prepared import prepared
from models.records.units import Unit
from models.words import Words

PUBLISH, PROVINCIAL_LIST, CONSOLIDATE = "publish-decision", "publish-provincial-list", "consolidate"


class Report(Table):
    """A report upward, with its figures as they stood when it was sent."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "step", "document"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    step: Mapped[str] = mapped_column(String(40))
    document: Mapped[str] = mapped_column(String(120))
    sent_on: Mapped[date]
    figures: Mapped[str] = mapped_column(Text)


def trial_not_official(year: int) -> Refusal:
    """A trial's results never leave the house as official ones."""
    return Refusal(
        "trial_not_official",
        Words(
            f"Kỳ {year} là kỳ THỬ NGHIỆM, không công bố chính thức được.",
            f"The cycle of {year} is a TRIAL and cannot be published as official.",
        ),
        Words(
            "Kỳ thử nghiệm dựa trên giá trị chưa đối chiếu với văn bản.",
            "A trial rests on values that nobody has confirmed in the text.",
        ),
        Words(
            "Mở kỳ chính thức; hoặc ghi việc công bố của kỳ thử nghiệm bằng --trial.",
            "Open an official cycle; or record the trial's own publication with --trial.",
        ),
    )


def publish(sitting: Sitting, unit_id: int, unit_code: str, number: str, on: date, where: str) -> bool:
    """Record that a decision was published; False if that was known. Its two working days count from the signature."""
    known = find_decision(sitting.session, sitting.cycle.id, unit_id, number)
    if known is None:
        raise no_such_decision(number, unit_code)
    if on < known.signed_on:
        raise _before(on, known.signed_on)
    _refuse_future(sitting, on)
    key = f"publish/{unit_code}/{number}"
    if not sitting.fresh([key]):
        return False
    done = Happening(unit_id, PUBLISH, Fact.DONE, on, sitting.signed.at, occasion=number, document=where[:120])
    line = Touched(unit_id, key, {"number": number, "on": on, "where": where, "trial": sitting.cycle.trial})
    sitting.finish("publish", key, [line], Traces(happenings=[done]))
    return True


@dataclass(frozen=True)
class Consolidation:
    """What the province found, by unit ids: communes in exactly one list, in none, in more than one, contradicted.

    `contradictory`: the list that counts says otherwise than the dossier's state, or two lists say both.
    """

    consistent: tuple[int, ...]
    undecided: tuple[int, ...]
    doubled: tuple[int, ...]
    contradictory: tuple[int, ...] = ()

    @property
    def clean(self) -> bool:
        return not (self.undecided or self.doubled or self.contradictory)


def consolidation_of(session: Session, cycle_id: int) -> Consolidation:
    """Check that each commune of the cycle stands in exactly one list of the decisions that count.

    A dossier that ended by a merger stands in none.
    """
    said: dict[int, list[bool]] = {}
    for line in lines_of(session, cycle_id):
        if line.counts:
            said.setdefault(line.unit_id, []).append(line.recognised)
    query = select(Dossier.unit_id, Dossier.state).where(Dossier.cycle_id == cycle_id, Dossier.state != State.MERGED)
    states = session.execute(query.order_by(Dossier.unit_id)).tuples()
    groups: dict[str, list[int]] = {"consistent": [], "undecided": [], "doubled": [], "contradictory": []}
    for unit_id, state in states:
        groups[_group(State(state), said.get(unit_id, []))].append(unit_id)
    return Consolidation(**{name: tuple(ids) for name, ids in groups.items()})


def _group(state: State, said: Sequence[bool]) -> str:
    by_state = {State.RECOGNISED: True, State.NOT_RECOGNISED: False}.get(state)
    if len(set(said)) > 1 or (said and by_state is not said[0]) or (by_state is not None and not said):
        return "contradictory"
    return ("undecided", "consistent", "doubled")[min(len(said), 2)]


def find_inconsistencies(sitting: Sitting) -> Consolidation:
    """The same, within an act."""
    return consolidation_of(sitting.session, sitting.cycle.id)


def consolidate(sitting: Sitting) -> Consolidation:
    """Consolidate what the deciding levels have decided so far; those in exactly one list are done."""
    found = find_inconsistencies(sitting)
    keys = {f"{CONSOLIDATE}/{unit_id}": unit_id for unit_id in found.consistent}
    new = sorted(sitting.fresh(keys))
    if new:
        signed = sitting.signed
        lines = [Touched(keys[key], key, {"consolidated": True}) for key in new]
        facts = [Happening(keys[key], CONSOLIDATE, Fact.DONE, signed.day, signed.at) for key in new]
        sitting.finish(CONSOLIDATE, act_key(CONSOLIDATE, new), lines, Traces(happenings=facts))
    return found


def publish_provincial_list(sitting: Sitting, document: str, on: date, where: str) -> bool:
    """Record that the province's list was published; False if that was known.

    Refused while any commune is missing, doubled or contradicted; nothing is published before that is mended.
    """
    key = f"{PROVINCIAL_LIST}/{document}"
    if not sitting.fresh([key]):
        return False
    _refuse_future(sitting, on)
    found = find_inconsistencies(sitting)
    if not found.clean:
        raise _inconsistent(sitting.session, found)
    province = sitting.cycle.province_id
    traces = Traces()
    if sitting.law.regulation.has_step(PROVINCIAL_LIST):
        done = Happening(province, PROVINCIAL_LIST, Fact.DONE, on, sitting.signed.at, document=document)
        traces.happenings.append(done)
    said = {"document": document, "on": on, "where": where, "communes": len(found.consistent)}
    sitting.finish(PROVINCIAL_LIST, key, [Touched(province, key, said | {"trial": sitting.cycle.trial})], traces)
    return True


def publications(session: Session, cycle_id: int) -> dict[tuple[int, str], Deadline]:
    """The publication of each decision, by (deciding unit, number): its last day, and when and where it was done."""
    rows = session.scalars(select(Deadline).where(Deadline.cycle_id == cycle_id, Deadline.step == PUBLISH))
    return {(row.unit_id, row.occasion): row for row in rows}


def send_report(sitting: Sitting, step: str, unit_id: int, unit_code: str, document: str, on: date) -> bool:
    """Record a report upward with its figures frozen; False if it was known.

    Refused while nothing is decided: a result is reported. Some undecided communes do not hold it up, since the day by
    which the law wants it does not wait for them; the report says how many they are.
    """
    key = f"{step}/{unit_code}/{document}"
    if not sitting.fresh([key]):
        return False
    figures = _figures(sitting, unit_id)
    if {State(state) for state in figures} - {State.MERGED} and not figures.keys() & DECIDED:
        raise _nothing_decided(sitting, unit_id, unit_code)
    row = (sitting.cycle.id, unit_id, step, document, on, canonical(figures))
    insert_rows(sitting.session, Report, ("cycle_id", "unit_id", "step", "document", "sent_on", "figures"), [row])
    done = Happening(unit_id, step, Fact.DONE, on, sitting.signed.at, document=document)
    sitting.finish(step, key, [Touched(unit_id, key, {"figures": figures})], Traces(happenings=[done]))
    return True


def _figures(sitting: Sitting, unit_id: int) -> dict[str, int]:
    """How many dossiers of the unit (district, or the whole province) are in each state."""
    whole = unit_id == sitting.cycle.province_id
    return dict(sitting.session.execute(*_states(sitting.cycle.id, None if whole else unit_id)).tuples().all())


@prepared
def _states(cycle_id: int, district_id: int | None):
    query = select(Dossier.state, func.count()).where(Dossier.cycle_id == cycle_id).group_by(Dossier.state)
    return query if district_id is None else query.where(Dossier.district_id == district_id)


def _nothing_decided(sitting: Sitting, unit_id: int, unit_code: str) -> Refusal:
    query = select(Unit.code).join(Dossier, Dossier.unit_id == Unit.id).where(Dossier.cycle_id == sitting.cycle.id)
    if unit_id != sitting.cycle.province_id:
        query = query.where(Dossier.district_id == unit_id)
    waiting = list(sitting.session.scalars(query.where(Dossier.state != State.MERGED).order_by(Unit.code)))
    listed = ", ".join(waiting[:10]) + (" …" if len(waiting) > 10 else "")
    return Refusal(
        "nothing_to_report",
        Words(f"{unit_code} chưa có kết quả để báo cáo.", f"{unit_code} has no result to report."),
        Words(
            f"Chưa có quyết định nào; còn chờ {len(waiting)} đơn vị: {listed}.",
            f"Nothing is decided yet; {len(waiting)} communes wait: {listed}.",
        ),
        Words("Ghi quyết định trước (`tcpl decide`), rồi báo cáo.", "Record a decision first (`tcpl decide`)."),
        undecided=waiting,
    )


def named(session: Session, unit_ids: Sequence[int]) -> list[dict[str, str]]:
    """Units as people know them: [{"code", "name"}], by code."""
    rows = session.execute(select(Unit.code, Unit.name).where(Unit.id.in_(unit_ids)).order_by(Unit.code))
    return [{"code": code, "name": name} for code, name in rows.tuples()]


def _inconsistent(session: Session, found: Consolidation) -> Refusal:
    missing, doubled, contradictory = (
        named(session, ids) for ids in (found.undecided, found.doubled, found.contradictory)
    )
    return Refusal(
        "lists_inconsistent",
        Words(
            f"Chưa công bố được: {len(missing)} đơn vị chưa có quyết định, {len(doubled)} có tên nhiều lần, "
            f"{len(contradictory)} mâu thuẫn.",
            f"Not published: {len(missing)} communes are in no list, {len(doubled)} in several, "
            f"{len(contradictory)} are contradicted.",
        ),
        Words(
            "Mỗi đơn vị cấp xã phải có tên trong đúng một danh sách: đạt hoặc chưa đạt.",
            "Each commune stands in exactly one list: recognised or not.",
        ),
        Words(
            "Hoàn tất quyết định của cấp có thẩm quyền, hoặc đính chính bằng `tcpl correct` (danh sách: --json).",
            "Have the authority decide, or correct with `tcpl correct` (the list: --json).",
        ),
        missing=missing,
        doubled=doubled,
        contradictory=contradictory,
    )


def _refuse_future(sitting: Sitting, on: date) -> None:
    if on > sitting.signed.day:
        raise Refusal(
            "published_in_the_future",
            Words(f"Ngày công khai {on:%d/%m/%Y} chưa đến.", f"{on}, the day of publication, has not come yet."),
            Words("Chỉ ghi việc công khai đã làm.", "Only a publication that was done is recorded."),
            Words("Ghi lại khi đã công khai.", "Record it once it is published."),
        )


def _before(on: date, signed_on: date) -> Refusal:
    return Refusal(
        "published_before_signed",
        Words(
            f"Ngày công khai {on} trước ngày ký {signed_on}.", f"It was published on {on} and signed on {signed_on}."
        ),
        Words("Chỉ công khai được quyết định đã ký.", "Only what is signed can be published."),
        Words("Kiểm tra lại ngày công khai.", "Check the day of publication."),
    )


def no_such_decision(number: str, unit_code: str) -> Refusal:
    return Refusal(
        "no_such_decision",
        Words(
            f"Chưa ghi nhận quyết định số {number} của đơn vị {unit_code}.",
            f"No decision {number} of unit {unit_code} is recorded.",
        ),
        Words("Chỉ công bố được quyết định đã ký và đã ghi nhận.", "Only a recorded decision can be published."),
        Words("Ghi nhận quyết định trước, rồi ghi việc công bố.", "Record the decision first, then its publication."),
    )
