"""Who is reached: taking a workbook of contacts in, handing one out, and naming the offices that nobody answers for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from models.errors import Refusal
from models.law.cycle_law import CycleLaw
from models.law.regulation import Actor
from models.records import contacts
from models.records.contacts import Entered
from models.records.unit_queries import communes_of
from models.records.unit_search import unit_or_refusal
from models.records.units import Unit
from models.words import Words
from tasks import channels
from tasks.contact_files import CellFault, Row, read_contacts, write_contacts
from tasks.database import reading, work
from tasks.settings import Settings


@dataclass(frozen=True)
class Office:
    """An office that acts in a cycle and for which nobody is reached."""

    code: str
    name: str
    actor: str


def import_contacts(path: Path, on: date) -> int:
    """Put the file's contacts in the place of what its offices had; returns how many. One fault refuses the file.

    `on`: the day on which the file's codes are those of its units. Raises Refusal with an error for each cell.
    """
    rows, faults = read_contacts(path)
    settings = Settings()
    with work(settings) as session:
        units = contacts.units_named(session, [row.entered.unit_code for row in rows], on)
        faults += _faults(rows, units, on, settings)
        if faults:
            raise _refused(path, faults)
        wanted = [(units[row.entered.unit_code], row.entered.actor) for row in rows]
        agencies = contacts.agencies_of(session, wanted)
        return contacts.enter(session, [row.entered for row in rows], agencies)


def export_contacts(path: Path, province: str | None, year: int | None) -> int:
    """Write every contact; with a province and a year also an empty line for each office that has none."""
    with reading() as session:
        rows = [*contacts.all_contacts(session)]
        if province and year:
            wanted = contacts.unreached(session, _offices(session, province, year), date(year, 12, 31))
            rows += [(unit.code, unit.name, str(actor), None) for unit, actor in wanted]
        write_contacts(path, sorted(rows, key=lambda row: (row[0], row[2])))
        return len(rows)


def offices_without_contact(province: str, year: int, day: date) -> list[Office]:
    """The offices of a province's cycle, open or not yet, for which nobody is reached on a day."""
    with reading() as session:
        found = contacts.unreached(session, _offices(session, province, year), day)
        return [Office(unit.code, unit.name, str(actor)) for unit, actor in found]


def _offices(session: Session, province: str, year: int) -> list[tuple[Unit, Actor]]:
    """Every office that acts in the cycle of a province and a year: by the law of that year, on its last day."""
    from tasks.opening import law_for

    law = law_for(province, year, None)
    day = date(year, 12, 31)
    unit = unit_or_refusal(session, province, day, "province")
    communes = communes_of(session, unit.id, day)
    units = [*communes, unit]
    if "district" in law.regulation.tiers:
        districts = {commune.parent_id for commune in communes if commune.parent_id}
        units += [session.get_one(Unit, parent) for parent in sorted(districts)]
    return [(one, actor) for one in units for actor in _actors(law) if actor.level == one.level]


def _actors(law: CycleLaw) -> Sequence[Actor]:
    acting = {step.actor for _, step in law.regulation.steps()}
    return sorted(acting | {law.regulation.authority.decides, Actor.COMMUNE, Actor.PROVINCE_JUSTICE})


def _faults(rows: Sequence[Row], units: dict[str, Unit], on: date, settings: Settings) -> list[CellFault]:
    names, seen, faults = channels.named(settings), {}, []
    principals = {(row.entered.unit_code, row.entered.actor, row.entered.name) for row in rows}
    for row in rows:
        one, unit = row.entered, units.get(row.entered.unit_code)
        if unit is None:
            faults.append(_fault(row, "unit_code", *_no_unit(one, on)))
        elif one.actor.level != unit.level:
            faults.append(_fault(row, "actor", *_other_level(unit)))
        if one.channel not in names:
            faults.append(_fault(row, "channel", *_no_channel(one, sorted(names))))
        elif not _fits(names[one.channel], one.address):
            faults.append(_fault(row, "address", *_no_address(one)))
        if one.deputy_of and (one.unit_code, one.actor, one.deputy_of) not in principals:
            faults.append(_fault(row, "deputy_of", *_no_principal(one)))
        key = (one.unit_code, one.actor, one.name, one.channel)
        if key in seen:
            faults.append(_fault(row, "name", *_twice(one, seen[key])))
        seen.setdefault(key, row.line)
    return faults


def _fits(kind: str, address: str) -> bool:
    if kind in ("tcplmail", "mailto", "mailtos"):
        name, _, domain = address.partition("@")
        return bool(name) and "." in domain and " " not in address and address.isascii()
    if kind == "tcplzalo":
        from tasks.plugin_zalo import international

        return international(address) is not None
    return True


def _fault(row: Row, column: str, what: Words, why: Words, do: Words) -> CellFault:
    return CellFault(row.sheet, row.cells[column], what, why, do)


def _no_unit(one: Entered, on: date) -> tuple[Words, Words, Words]:
    return (
        Words(f"Không có đơn vị mã {one.unit_code}.", f"There is no unit {one.unit_code}."),
        Words(f"Ngày {on:%d/%m/%Y} không đơn vị nào mang mã này.", f"On {on} no unit bears that code."),
        Words("Sửa mã, hoặc nêu ngày khác bằng --on.", "Correct the code, or name another day with --on."),
    )


def _other_level(unit: Unit) -> tuple[Words, Words, Words]:
    return (
        Words(f"Cơ quan này không thuộc {unit.name}.", f"That is no office of {unit.name}."),
        Words("Cơ quan và đơn vị phải cùng cấp.", "The office and the unit must be of one level."),
        Words("Chọn cơ quan cùng cấp với đơn vị.", "Choose an office of the unit's level."),
    )


def _no_channel(one: Entered, names: Sequence[str]) -> tuple[Words, Words, Words]:
    listed = ", ".join(names)
    return (
        Words(f"Không có kênh “{one.channel}”.", f"There is no channel '{one.channel}'."),
        Words(f"Các kênh đã khai trong TCPL_CHANNELS: {listed}.", f"TCPL_CHANNELS names: {listed}."),
        Words("Chọn một kênh, hoặc khai thêm.", "Choose one of them, or add it there."),
    )


def _no_address(one: Entered) -> tuple[Words, Words, Words]:
    return (
        Words(f"Địa chỉ không hợp với kênh “{one.channel}”.", f"That is no address for '{one.channel}'."),
        Words("Thư điện tử cần dạng ten@mien.vn, Zalo cần số điện thoại.", "Mail wants name@domain, Zalo a number."),
        Words("Sửa địa chỉ hoặc đổi kênh.", "Correct the address or choose another channel."),
    )


def _no_principal(one: Entered) -> tuple[Words, Words, Words]:
    return (
        Words(f"Không có “{one.deputy_of}” ở cơ quan này.", f"'{one.deputy_of}' is not in this office."),
        Words("Người trực thay phải trực cho một người có trong tệp.", "A deputy stands in for somebody in the file."),
        Words("Ghi đúng họ tên người được thay.", "Write that person's name as it stands in the file."),
    )


def _twice(one: Entered, line: int) -> tuple[Words, Words, Words]:
    return (
        Words(f"“{one.name}” đã có ở dòng {line}.", f"'{one.name}' stands on line {line} already."),
        Words("Mỗi người mỗi kênh một dòng.", "One line for each person and channel."),
        Words("Xóa dòng trùng.", "Delete one of the two."),
    )


def _refused(path: Path, faults: Sequence[CellFault]) -> Refusal:
    ordered = sorted(faults, key=lambda fault: (int("".join(filter(str.isdecimal, fault.cell))), fault.cell))
    vi = "; ".join(f"{fault.cell}: {fault.what.vi}" for fault in ordered[:5])
    en = "; ".join(f"{fault.cell}: {fault.what.en}" for fault in ordered[:5])
    return Refusal(
        "bad_contacts_file",
        Words(f"Tệp {path.name} có {len(ordered)} ô sai.", f"{path.name} has {len(ordered)} wrong cells."),
        Words(vi, en),
        Words(
            "Sửa các ô nêu trên rồi nhập lại (toàn bộ: --json); chưa có gì thay đổi.",
            "Correct them and import it again (all of them: --json); nothing was changed.",
        ),
        errors=[fault._asdict() for fault in ordered],
    )
