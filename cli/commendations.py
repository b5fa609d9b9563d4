"""`tcpl commend`: proposals by the plan's rules with their reasons; a person confirms, refuses, awards."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.acts import By, Document, On, Province, Trial, Year, hand_of, place_of, tell_done
from cli.answers import answer, manner, say
from models.records.commendations import RULE_WORDS, STATE_WORDS

Numbers = Annotated[list[int], typer.Argument(metavar="NUMBER ...", help="số đề xuất · the proposals' numbers")]
Ground = Annotated[str, typer.Option("--ground", metavar="TEXT", help="lý do · the reason")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Biểu dương, khen thưởng · commendations")
    group.command("list", help="Đề xuất, người bị để lại và vì sao · proposals, and who was left out and why")(list_)
    group.command("propose", help="Đề xuất theo kế hoạch, hoặc giới thiệu · by the plan's rules, or a nomination")(
        propose
    )
    group.command("confirm", help="Đồng ý (không ghi số: tất cả) · agree (no number: to all)")(confirm)
    group.command("refuse", help="Không đồng ý, có lý do · turn down, with the reason")(refuse)
    group.command("award", help="Ghi quyết định khen thưởng · record the award's document")(award)
    app.add_typer(group, name="commend")


def list_(
    province: Province,
    year: Year,
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="ghi danh sách Word · write the list as Word")
    ] = None,
    trial: Trial = False,
) -> None:
    from tasks.afterwards import commendations

    found = commendations(place_of(province, year, trial))
    if out:
        from tasks.commendation_papers import write_list

        found["files"] = write_list(found, out)
    answer(found, lambda console: _tell(console, found))


def propose(
    province: Province,
    year: Year,
    by: By,
    unit: Annotated[str | None, typer.Option("--unit", metavar="CODE", help="giới thiệu · nominate this unit")] = None,
    person: Annotated[str, typer.Option("--person", metavar="NAME", help="hoặc người này · or this person of it")] = "",
    ground: Annotated[str, typer.Option("--ground", metavar="TEXT", help="lý do giới thiệu · why")] = "",
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks import afterwards

    place, hand = place_of(province, year, trial), hand_of(by, on)
    if unit:
        new = int(afterwards.nominate(place, unit, person, ground, hand))
        tell_done("nominate", f"đã giới thiệu {person or unit}", f"{person or unit} is nominated", new)
        return
    new = afterwards.propose(place, hand)
    tell_done("propose-commendations", f"đã đề xuất {new}", f"{new} proposed", new)


def confirm(
    province: Province,
    year: Year,
    by: By,
    numbers: Annotated[list[int] | None, typer.Argument(metavar="[NUMBER ...]")] = None,
    ground: Annotated[str, typer.Option("--ground", metavar="TEXT", help="lý do · the reason")] = "",
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks import afterwards

    new = afterwards.confirm(place_of(province, year, trial), numbers or [], ground, hand_of(by, on))
    tell_done("confirm-commendations", f"đã đồng ý {new} đề xuất", f"{new} proposals are confirmed", new)


def refuse(
    numbers: Numbers, province: Province, year: Year, by: By, ground: Ground, on: On = None, trial: Trial = False
) -> None:
    from tasks import afterwards

    new = afterwards.refuse(place_of(province, year, trial), numbers, ground, hand_of(by, on))
    tell_done("refuse-commendations", f"không đồng ý {new} đề xuất", f"{new} proposals are turned down", new)


def award(province: Province, year: Year, document: Document, by: By, on: On = None, trial: Trial = False) -> None:
    from tasks import afterwards

    new = afterwards.award(place_of(province, year, trial), document, hand_of(by, on, document))
    tell_done("award-commendations", f"đã khen thưởng {new} đơn vị", f"{new} units are commended", new)


def _tell(console: Console, found: dict[str, Any]) -> None:
    trial = say(" · THỬ NGHIỆM", " · TRIAL") if found["trial"] else ""
    table = Table(title=say(f"Khen thưởng năm {found['year']}", f"Commendations of {found['year']}") + trial)
    for head in say("Số|Đơn vị, cá nhân|Theo|Hạng|Lý do|Trạng thái", "No.|Whom|By|Place|Why|State").split("|"):
        table.add_column(head)
    for one in found["commendations"]:
        whom = f"{one['person']}, {one['name']}" if one["person"] else f"{one['code']} {one['name']}"
        state = STATE_WORDS[one["state"]].to(manner.language) + (f" ({one['document']})" if one["document"] else "")
        warning = say("⚠ quyết định công nhận đã bị thay thế", "⚠ the recognition was superseded")
        table.add_row(
            str(one["id"]),
            escape(whom),
            RULE_WORDS[one["rule"]].to(manner.language),
            str(one["place"] or "—"),
            escape(one["ground"] + (f" → {one['decision_ground']}" if one["decision_ground"] else "")),
            escape(state) + (f" [red]{warning}[/]" if one["flagged"] else ""),
        )
    console.print(table)
