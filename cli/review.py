"""`tcpl appraise` and `tcpl council`: the reviewers' work, from the complete file to the appraised score."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.acts import By, Commune, Communes, On, Province, Reason, Trial, Unit, Year, hand_of, place_of, tell_done
from cli.answers import answer, say
from cli.days import day_or_refusal
from models.errors import Refusal
from models.words import Words
from tasks import clock
from tasks.sittings import Place, look

Folder = Annotated[Path, typer.Option("--out", metavar="DIR", help="thư mục ghi ra · the folder to write to")]


def add_to(app: typer.Typer) -> None:
    appraising = typer.Typer(no_args_is_help=True, help="Thẩm định hồ sơ · appraise dossiers")
    appraising.command("complete", help="Hồ sơ đầy đủ · find files complete")(complete)
    appraising.command("sheet", help="Phiếu thẩm định ra Excel hoặc JSON · the reviewer's sheet")(sheet)
    appraising.command("save", help="Lưu phiếu đã chấm (xlsx, json) · save what was noted")(save)
    appraising.command("finish", help="Kết thúc thẩm định · make the notes the appraised score")(finish)
    appraising.command("return", help="Trả lại chỉ tiêu để chấm lại · send indicators back")(return_)
    appraising.command("revise", help="Nhận bản sửa của xã · take the commune's revision in")(revise)
    app.add_typer(appraising, name="appraise")
    meeting = typer.Typer(no_args_is_help=True, help="Hội đồng đánh giá · the Council")
    meeting.command("hold", help="Ghi phiên họp hoặc ý kiến bằng văn bản · record a session")(hold)
    meeting.command("show", help="Các phiên họp · the sessions")(show)
    app.add_typer(meeting, name="council")


def complete(province: Province, year: Year, commune: Communes, by: By, on: On = None, trial: Trial = False) -> None:
    from tasks.reviewing import find_complete

    new = find_complete(place_of(province, year, trial), commune, hand_of(by, on))
    tell_done("find-complete", f"{len(commune)} hồ sơ đầy đủ", f"{len(commune)} files are complete", new)


def sheet(
    province: Province,
    year: Year,
    commune: Commune,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="ghi ra tệp Excel · as a workbook")] = None,
    trial: Trial = False,
) -> None:
    from tasks.appraisal_sheets import sheet as sheet_of
    from tasks.appraisal_sheets import write_sheet

    found = sheet_of(place_of(province, year, trial), commune)
    path = write_sheet(found, out) if out else None
    answer(found | {"file": path}, lambda console: _tell_sheet(console, found, path))


def _tell_sheet(console: Console, found: dict[str, Any], path: Path | None) -> None:
    if path:
        console.print(say(f"Đã ghi phiếu {path}", f"The sheet is in {path}"))
        return
    table = Table(title=f"{escape(found['name'])} · {found['year']}", header_style="bold")
    for heading in (say("Mã", "Place"), say("Tự chấm", "Self"), say("Thẩm định", "Noted"), say("Lý do", "Reason")):
        table.add_column(heading)
    table.add_column(say("Người ghi", "By"))
    for line in found["places"]:
        if line["level"] != "group":
            cells = (line["place"], line["self"], line["noted"], line["reason"], line["by"])
            table.add_row(*(escape(str(cell)) if cell is not None else "–" for cell in cells))
    console.print(table)


def save(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="phiếu .xlsx hoặc .json · the sheet")],
    province: Province,
    year: Year,
    by: By,
    commune: Annotated[str | None, typer.Option("--commune", metavar="CODE", help="với tệp JSON · for JSON")] = None,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.reviewing import save_notes

    place = place_of(province, year, trial)
    code, document = _document(place, file, commune)
    versions = save_notes(place, code, document, hand_of(by, on))
    vi, en = f"đã lưu {len(versions)} chỗ của hồ sơ {code}", f"{len(versions)} places of {code} are saved"
    tell_done("note-appraisal", vi, en, len(versions), commune=code, versions=versions)


def _document(place: Place, file: Path, commune: str | None) -> tuple[str, dict[str, Any]]:
    """A sheet's content and its commune, from a workbook or from JSON."""
    from models.records.cycles import law_of
    from tasks.answer_files import read_answer_file
    from tasks.appraisal_sheets import read_sheet

    if file.suffix.lower() == ".xlsx":
        with look(place) as (session, cycle):
            regulation = law_of(session, cycle).regulation
        document = read_sheet(file, regulation)
    else:
        document = read_answer_file(file)
    code = str(document.pop("commune", "") or commune or "")
    if not code or (commune and code != commune):
        raise Refusal(
            "which_commune",
            Words(f"Tệp {file.name} là của đơn vị nào?", f"Whose is the file {file.name}?"),
            Words(
                f"Trong tệp ghi “{code}”, --commune ghi “{commune or ''}”.",
                f"The file says '{code}', --commune says '{commune or ''}'.",
            ),
            Words("Ghi đúng một mã đơn vị.", "Name exactly one commune."),
        )
    return code, document


def finish(
    province: Province,
    year: Year,
    commune: Communes,
    by: By,
    agree_rest: Annotated[
        bool, typer.Option("--agree-rest", help="chỗ không ghi thì lấy điểm tự chấm · take the self-score elsewhere")
    ] = False,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.reviewing import finish_appraisals

    new = finish_appraisals(place_of(province, year, trial), commune, hand_of(by, on), agree_rest=agree_rest)
    tell_done("appraise", f"{len(commune)} hồ sơ đã thẩm định", f"{len(commune)} dossiers are appraised", new)


def return_(
    province: Province,
    year: Year,
    commune: Commune,
    indicator: Annotated[list[str], typer.Option("--indicator", metavar="ID", help="chỉ tiêu trả lại, lặp lại được")],
    reason: Reason,
    by: By,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.reviewing import return_indicators

    day = day_or_refusal(on) if on else clock.today()
    new = return_indicators(place_of(province, year, trial), commune, indicator, reason, day, hand_of(by, on))
    listed = ", ".join(indicator)
    tell_done("return-indicators", f"đã trả lại {listed} cho {commune}", f"{listed} went back to {commune}", new)


def revise(
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="toàn bộ tự chấm sau khi sửa · the whole file")],
    province: Province,
    year: Year,
    commune: Commune,
    by: By,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.answer_files import read_answer_file
    from tasks.reviewing import revise as take_in

    changed = take_in(place_of(province, year, trial), commune, read_answer_file(file), hand_of(by, on))
    vi, en = f"đã nhận bản sửa của {commune}", f"the revision of {commune} is taken in"
    tell_done("revise-indicators", vi, en, len(changed), changed=changed)


def hold(
    province: Province,
    year: Year,
    unit: Unit,
    members: Annotated[int, typer.Option("--members", min=1, help="tổng số thành viên · all members")],
    minutes: Annotated[str, typer.Option("--minutes", help="số biên bản, bản tổng hợp ý kiến · the minutes' number")],
    chair: Annotated[str, typer.Option("--chair", help="người chủ trì · who chairs")],
    secretary: Annotated[str, typer.Option("--secretary", help="thư ký · the secretary")],
    papers: Annotated[str, typer.Option("--papers-sent", metavar="DATE", help="ngày gửi tài liệu · papers sent on")],
    held: Annotated[str, typer.Option("--held", metavar="DATE", help="ngày họp, ngày tổng hợp ý kiến · held on")],
    by: By,
    attended: Annotated[int, typer.Option("--attended", min=0, help="số thành viên dự · who attended")] = 0,
    written: Annotated[bool, typer.Option("--written", help="lấy ý kiến bằng văn bản · opinions in writing")] = False,
    opinion: Annotated[
        list[str] | None,
        typer.Option("--opinion", metavar="NAME;DATE;DOCUMENT[;WHY]", help="ý kiến bằng văn bản, lặp lại được"),
    ] = None,
    late_papers: Annotated[
        str | None, typer.Option("--late-papers", help="lý do gửi chậm · why papers were late")
    ] = None,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.reviewing import hold_council

    told = {
        "held_on": day_or_refusal(held),
        "papers_sent_on": day_or_refusal(papers),
        "members": members,
        "attended": attended,
        "minutes": minutes,
        "track": "written" if written else "meeting",
        "chair": _signed(chair, "chair"),
        "secretary": _signed(secretary, "secretary"),
        "opinions": tuple(_opinion(one) for one in opinion or ()),
        "late_papers_ground": late_papers,
    }
    new = hold_council(place_of(province, year, trial), unit, told, hand_of(by, on))
    tell_done("hold-council", f"đã ghi phiên họp Hội đồng của {unit}", f"the session of {unit} is recorded", new)


def _signed(name: str, role: str) -> str:
    if not name.strip():
        raise Refusal(
            "minutes_unsigned",
            Words(f"Biên bản thiếu chữ ký ({role}).", f"The minutes want a signature ({role})."),
            Words("Người chủ trì và Thư ký cùng ký biên bản.", "The one who chairs and the secretary sign."),
            Words("Ghi --chair và --secretary.", "Give --chair and --secretary."),
        )
    return name.strip()


def _opinion(text: str) -> Any:
    from models.records.councils import Opinion

    parts = [part.strip() for part in text.split(";")]
    if len(parts) not in (3, 4) or not all(parts[:3]):
        raise typer.BadParameter("--opinion: NAME;DATE;DOCUMENT[;WHY]")
    return Opinion(parts[0], day_or_refusal(parts[1]), parts[2], parts[3] if len(parts) == 4 else None)


def show(province: Province, year: Year, trial: Trial = False) -> None:
    from tasks.reviewing import councils_document

    found = councils_document(place_of(province, year, trial))
    answer({"sessions": found}, lambda console: _tell_sessions(console, found))


def _tell_sessions(console: Console, found: list[dict[str, Any]]) -> None:
    for one in found or ():
        present = f"{one['attended']}/{one['members']}" if one["track"] == "meeting" else say("bằng văn bản", "written")
        late = say(" · tài liệu gửi chậm", " · papers late") if one["late_papers_ground"] else ""
        console.print(f"{one['held_on']:%d/%m/%Y}  {escape(one['name'])}: {present}{late} · {escape(one['minutes'])}")
    if not found:
        console.print(say("Chưa có phiên họp nào.", "No session yet."))
