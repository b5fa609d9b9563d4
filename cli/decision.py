"""`tcpl decide`, `publish`, `correct`, `consolidate`: from the verdict to the lists."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.acts import (
    Authority,
    By,
    Document,
    On,
    Province,
    Reason,
    Trial,
    Unit,
    Year,
    hand_of,
    pairs,
    place_of,
    tell_done,
)
from cli.answers import answer, manner
from cli.days import day_or_refusal
from cli.decision_told import tell_consolidation, tell_lines, tell_paper, tell_proposal
from models.words import said
from tasks.sittings import Place

Number = Annotated[str, typer.Option("--number", metavar="NUMBER", help="số quyết định · the decision's number")]
SignedOn = Annotated[str, typer.Option("--signed-on", metavar="DATE", help="ngày ký · signed on")]
Signer = Annotated[str, typer.Option("--signer", help="người ký · who signed")]
Position = Annotated[str | None, typer.Option("--position", help="chức vụ người ký · the signer's office")]
PaperFile = Annotated[Path | None, typer.Option("--file", metavar="FILE", help="tệp quyết định · the signed file")]
_LISTS = "CODE hoặc CODE=CĂN CỨ khi khác kết luận; lặp lại được · with =GROUND where it is contrary"
Recognise = Annotated[list[str] | None, typer.Option("--recognise", metavar="CODE[=GROUND]", help=_LISTS)]
NotRecognise = Annotated[list[str] | None, typer.Option("--not-recognise", metavar="CODE[=GROUND]", help=_LISTS)]
Where = Annotated[str, typer.Option("--where", help="nơi công khai · where it was published")]


def add_to(app: typer.Typer) -> None:
    deciding = typer.Typer(no_args_is_help=True, help="Quyết định công nhận · decide on recognition")
    deciding.command("propose", help="Kết luận theo quy định và lý do · the verdicts, with reasons")(propose)
    deciding.command("submit", help="Trình người có thẩm quyền · hand the file to the one who decides")(submit)
    deciding.command("sign", help="Ghi quyết định đã ký · record a signed decision")(sign)
    deciding.command("attach", help="Bổ sung tệp đã ký của quyết định · add the signed file later")(attach)
    deciding.command("show", help="Các quyết định, cả bản bị thay thế · decisions, superseded ones too")(show)
    app.add_typer(deciding, name="decide")
    app.command("publish", help="Công khai quyết định, danh sách toàn tỉnh · publish")(publish)
    app.command("correct", help="Quyết định thay thế · a superseding decision")(correct)
    app.command("consolidate", help="Tổng hợp, đối chiếu cấp tỉnh · the province's consolidation")(consolidate)


def propose(province: Province, year: Year, unit: Unit, trial: Trial = False) -> None:
    from tasks.deciding import proposal

    found = proposal(place_of(province, year, trial), unit)
    answer(found, lambda console: tell_proposal(console, found))


def submit(
    province: Province, year: Year, unit: Unit, document: Document, by: By, on: On = None, trial: Trial = False
) -> None:
    from tasks import clock
    from tasks.deciding import submit_to_chair

    day = day_or_refusal(on) if on else clock.today()
    new = submit_to_chair(place_of(province, year, trial), unit, day, document, hand_of(by, on, document))
    tell_done("submit-to-chair", f"đã trình hồ sơ của {unit}", f"the file of {unit} was submitted", new)


def sign(
    province: Province,
    year: Year,
    unit: Unit,
    number: Number,
    signed_on: SignedOn,
    signer: Signer,
    by: By,
    recognise: Recognise = None,
    not_recognise: NotRecognise = None,
    only: Annotated[list[str] | None, typer.Option("--only", metavar="CODE", help="chỉ các đơn vị này")] = None,
    partial: Annotated[
        str | None, typer.Option("--partial", metavar="GROUND", help="lý do để lại đơn vị khác · why others are left")
    ] = None,
    position: Position = None,
    file: PaperFile = None,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.deciding import Signed
    from tasks.deciding import sign as record

    signed = Signed(
        unit,
        number,
        day_or_refusal(signed_on),
        signer,
        pairs(recognise or []),
        pairs(not_recognise or []),
        only,
        position,
        file,
        partial,
    )
    place = place_of(province, year, trial)
    new = record(place, signed, hand_of(by, on, number))
    paper = _paper(place, unit, number)
    vi, en = f"quyết định {number}: {new} đơn vị", f"decision {number}: {new} communes"
    tell_done("decide", vi, en, new, number=number, paper=paper)
    tell_paper(paper)


def attach(
    province: Province,
    year: Year,
    unit: Unit,
    number: Number,
    file: Annotated[Path, typer.Option("--file", metavar="FILE", help="tệp quyết định · the signed file")],
    by: By,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.decision_papers import attach as add

    place = place_of(province, year, trial)
    new = add(place, unit, number, file, hand_of(by, on, number))
    paper = _paper(place, unit, number)
    vi, en = f"đã kèm tệp {file.name} vào quyết định {number}", f"{file.name} belongs to decision {number}"
    tell_done("attach-decision-file", vi, en, new, number=number, paper=paper)
    tell_paper(paper)


def _paper(place: Place, unit: str, number: str) -> Any:
    from tasks.decision_papers import paper_of

    return said(paper_of(place, unit, number), manner.language)


def correct(
    province: Province,
    year: Year,
    unit: Unit,
    number: Number,
    signed_on: SignedOn,
    signer: Signer,
    reason: Reason,
    authority: Authority,
    by: By,
    recognise: Recognise = None,
    not_recognise: NotRecognise = None,
    position: Position = None,
    file: PaperFile = None,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks.deciding import Signed
    from tasks.deciding import correct as supersede

    lists = pairs(recognise or []), pairs(not_recognise or [])
    if not any(lists):
        raise typer.BadParameter("--recognise CODE / --not-recognise CODE")
    day = day_or_refusal(signed_on)
    signed = Signed(unit, number, day, signer, *lists, position=position, paper=file)
    place = place_of(province, year, trial)
    new = supersede(place, signed, reason, authority, hand_of(by, on, number))
    paper = _paper(place, unit, number)
    vi, en = f"quyết định {number} thay thế {new} kết quả", f"decision {number} supersedes {new} results"
    tell_done("correct", vi, en, new, number=number, paper=paper)
    tell_paper(paper)


def show(province: Province, year: Year, trial: Trial = False) -> None:
    from tasks.deciding import decisions_document

    found = decisions_document(place_of(province, year, trial))
    answer({"lines": said(found, manner.language)}, lambda console: tell_lines(console, found))


def publish(
    province: Province,
    year: Year,
    where: Where,
    by: By,
    published: Annotated[str, typer.Option("--published", metavar="DATE", help="ngày công khai · published on")],
    unit: Annotated[str | None, typer.Option("--unit", metavar="CODE", help="đơn vị đã quyết định")] = None,
    number: Annotated[str | None, typer.Option("--number", help="số quyết định · the decision's number")] = None,
    provincial_list: Annotated[
        str | None, typer.Option("--provincial-list", metavar="DOCUMENT", help="danh sách toàn tỉnh, số văn bản")
    ] = None,
    on: On = None,
    trial: Trial = False,
) -> None:
    from tasks import deciding

    place, hand, day = place_of(province, year, trial), hand_of(by, on), day_or_refusal(published)
    if provincial_list and not number:
        new = deciding.publish_list(place, provincial_list, day, where, hand)
        tell_done("publish-provincial-list", "đã công bố danh sách toàn tỉnh", "the province's list is published", new)
    elif unit and number and not provincial_list:
        new = deciding.publish(place, unit, number, day, where, hand)
        tell_done("publish", f"đã công khai quyết định {number}", f"decision {number} is published", new)
    else:
        raise typer.BadParameter("--unit CODE --number NUMBER | --provincial-list DOCUMENT")


def consolidate(province: Province, year: Year, by: By, on: On = None, trial: Trial = False) -> None:
    from tasks.deciding import consolidate as check

    found = check(place_of(province, year, trial), hand_of(by, on))
    answer(found, lambda console: tell_consolidation(console, found))
