"""`tcpl units`: takes in the administrative units, shows those of a day, tells what one came from and became."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.columns import Columns
from rich.console import Console
from rich.tree import Tree

from cli.answers import answer, aside, say
from cli.days import day_or_refusal
from cli.merging import merge, results
from models.records.unit_documents import kindred, lineage_document, units_document, units_of_province
from models.records.unit_queries import Kin
from models.records.unit_rows import LEVELS, START_NOT_KNOWN, Level
from models.records.units import Unit
from models.words import Words
from tasks.database import reading
from tasks.settings import Settings
from tasks.unit_home import import_units

On = Annotated[str, typer.Option("--on", help="ngày, dạng 2024-12-31 · a day, ISO only", metavar="DATE")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Đơn vị hành chính theo ngày · administrative units of a day")
    group.command("import", help="Khởi tạo và nạp danh mục · initialise the home, take the units in")(take_in)
    group.command("show", help="Các đơn vị của một tỉnh trong một ngày · a province's units on a day")(show)
    group.command("lineage", help="Đơn vị từ đâu ra, thành gì · what a unit came from and became")(tell_lineage)
    group.command("merge", help="Chuyển hồ sơ, việc khắc phục khi sắp xếp · files and remedies of merged units")(merge)
    group.command("results", help="Kết quả của đơn vị và đơn vị cũ · results across the lineage")(results)
    app.add_typer(group, name="units")


def take_in(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="CSV: code,name,level,kind,parent,valid_from,valid_to", metavar="[FILE]", show_default=False
        ),
    ] = None,
) -> None:
    with aside().status(say("Đọc và ghi danh mục đơn vị hành chính …", "Taking the administrative units in …")):
        document = import_units(Settings(), file).__dict__
    answer(document, lambda console: _tell_import(console, document))


def show(
    province: Annotated[str, typer.Option("--province", help="mã tỉnh, 2 chữ số · a province's code", metavar="CODE")],
    on: On,
) -> None:
    day = day_or_refusal(on)
    with reading() as session:
        units = units_of_province(session, province, day)
        document = units_document(session, province, day, units)
        answer(document, lambda console: _tell_units(console, units, day, document["sources"]))


def tell_lineage(
    code: Annotated[str, typer.Argument(help="mã đơn vị · a unit's code", metavar="CODE", show_default=False)], on: On
) -> None:
    day = day_or_refusal(on)
    with reading() as session:
        unit, came_from, became = kindred(session, code, day)
        document = lineage_document(session, unit, came_from, became)
        answer(document, lambda console: _tell_lineage(console, unit, came_from, became))


LEVEL_NAMES: dict[Level, Words] = {
    "province": Words("cấp tỉnh", "provinces"),
    "district": Words("cấp huyện", "districts"),
    "commune": Words("cấp xã", "communes"),
}


def _level_name(level: Level) -> str:
    return say(*LEVEL_NAMES[level])


def _tell_import(console: Console, document: dict[str, Any]) -> None:
    added, total = document["imported"], document["total"]
    if document["created"]:
        console.print(say("[green]✓[/] Đã khởi tạo cơ sở dữ liệu.", "[green]✓[/] The database was initialised."))
    if any(added.values()) or document["lineage"]:
        counts = ", ".join(f"{added[level]:,} {_level_name(level)}" for level in LEVELS)
        links = document["lineage"]
        console.print(say(f"[green]✓[/] Đã thêm: {counts}; {links:,} liên hệ trước – sau sắp xếp.",
                          f"[green]✓[/] Added: {counts}; {links:,} links of lineage."))  # fmt: skip
    else:
        console.print(say("Danh mục đã đủ, không có gì để thêm.", "The list was complete; there was nothing to add."))
    counts = ", ".join(f"{total[level]:,} {_level_name(level)}" for level in LEVELS)
    console.print(say(f"  Tất cả các thời kỳ: {counts}.", f"  Of all times: {counts}."))
    day = "--on 2025-07-01"
    console.print(say(f"  Xem: tcpl units show --province 96 {day}", f"  See: tcpl units show --province 96 {day}"))


def _tell_units(console: Console, units: Sequence[Unit], day: date, sources: Sequence[str]) -> None:
    province, districts = units[0], [unit for unit in units if unit.level == "district"]
    communes = [unit for unit in units if unit.level == "commune"]
    counts = f"{len(districts)} {_level_name('district')}, {len(communes)} {_level_name('commune')}"
    title = say(f"ngày {day:%d/%m/%Y}", f"on {day}")
    tree = Tree(f"[bold]{province.code} {province.name}[/] · {title} · {counts}")
    for parent in (*districts, province):
        own = [unit for unit in communes if unit.parent_id == parent.id]
        if parent is not province:
            _add_communes(tree.add(f"[bold]{parent.code} {parent.name}[/] · {_kinds(own)}"), own)
        elif own:
            _add_communes(tree.add(_kinds(own)), own)
    console.print(tree)
    for source in sources:
        console.print(f"[dim]{say('Nguồn', 'Source')}: {source}[/]")


def _add_communes(tree: Tree, communes: Sequence[Unit]) -> None:
    if communes:
        tree.add(Columns([f"{unit.code} {unit.name}" for unit in communes], padding=(0, 3), equal=True))


def _kinds(communes: Sequence[Unit]) -> str:
    """ "16 cấp xã: 9 phường, 7 xã"."""
    kinds = Counter(unit.kind.lower() for unit in communes)
    told = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0])))
    return f"{len(communes)} {_level_name('commune')}" + (f": {told}" if told else "")


def _tell_lineage(console: Console, unit: Unit, came_from: Sequence[Kin], became: Sequence[Kin]) -> None:
    console.print(f"[bold]{unit.code} {unit.name}[/] · {_lasting(unit)}")
    _tell_kin(console, say("Hình thành từ", "Came from"), came_from)
    _tell_kin(console, say("Trở thành", "Became"), became)
    for source in sorted({kin.source for kin in (*came_from, *became)}):
        console.print(f"[dim]{say('Nguồn', 'Source')}: {source}[/]")


def _tell_kin(console: Console, heading: str, kindred: Sequence[Kin]) -> None:
    none = say("không có trong danh mục", "nothing in the list")
    tree = Tree(f"{heading}:" if kindred else f"{heading}: {none}")
    for kin in kindred:
        part = say("toàn bộ", "all of it") if kin.whole else say("một phần", "a part")
        tree.add(f"{kin.unit.code} {kin.unit.name} · {part} · {kin.on:%d/%m/%Y}")
    console.print(tree)


def _lasting(unit: Unit) -> str:
    since = f"{unit.valid_from:%d/%m/%Y}" if unit.valid_from != START_NOT_KNOWN else "…"
    until = f"{unit.valid_to:%d/%m/%Y}" if unit.valid_to else "…"
    return f"{since} – {until}"
