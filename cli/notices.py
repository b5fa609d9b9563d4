"""`tcpl notices`: proof of notice; `preview` reads a text before it goes out, `ack` records that one was read."""

from datetime import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.answers import answer, manner, say
from cli.days import day_or_refusal
from models.errors import Refusal
from models.records.notice_pages import kind_words, state_words
from models.records.notices import Kind, NoticeState
from models.words import Words
from tasks import clock

SHOWN = 40
MIDNIGHT = time(0, 0)

Dossier = Annotated[str | None, typer.Option("--dossier", metavar="CODE", help="mã đơn vị cấp xã · the commune")]
Year = Annotated[int | None, typer.Option("--year", metavar="YEAR", help="năm đánh giá · the evaluation year")]
Step = Annotated[str | None, typer.Option("--step", metavar="STEP", help="bước · a step")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(help="Chứng minh việc thông báo · proof of notice")
    group.callback(invoke_without_command=True)(proof)
    group.command("preview", help="Xem trước nội dung · read a notice before it goes out")(preview)
    group.command("ack", help="Xác nhận đã đọc · record that a notice was read")(ack)
    app.add_typer(group, name="notices")


def proof(
    context: typer.Context,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="từ ngày · from a day on")] = None,
    dossier: Dossier = None,
    year: Year = None,
    step: Step = None,
    state: Annotated[
        str | None, typer.Option("--state", help="queued | claimed | sent | abandoned | withdrawn")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=".xlsx bảng tính, .docx tờ ký · a workbook, a paper")
    ] = None,
) -> None:
    """Chứng minh việc thông báo: ai, nội dung gì, kênh nào, từng lần gửi · who was told what, each attempt."""
    if context.invoked_subcommand:
        return
    from models.records.notices_proof import Asked
    from tasks.proving import export_proof, prove

    if state is not None and state not in [str(one) for one in NoticeState]:
        raise _unknown_state(state)
    asked = Asked(clock.moment(day_or_refusal(since), MIDNIGHT) if since else None, None, dossier, year, step, state)
    if out:
        count = export_proof(out, asked, clock.now())
        answer({"file": out, "notices": count}, lambda console: console.print(f"✓ {out}: {count}"))
        return
    found, states = prove(asked)
    answer({"since": since, "counts": states, "notices": found}, lambda console: _tell(console, found, states))


def _tell(console: Console, found: list[dict[str, Any]], states: dict[str, int]) -> None:
    if not found:
        nothing = "Không có thông báo nào như vậy. Bớt điều kiện, hoặc xem mã đơn vị bằng `tcpl units show`."
        console.print(say(nothing, "No such notices. Ask for more, or see the units' codes with `tcpl units show`."))
        return
    heads = ("Số", "Gửi đến", "Tiêu đề", "Hạn", "Trạng thái", "Lần gửi", "Đã đọc")
    english = ("No.", "To", "Subject", "Due", "State", "Attempts", "Read")
    table = Table(*(english if manner.language == "en" else heads), box=None, header_style="bold")
    for one in found[-SHOWN:]:
        due = f"{one['due']:%d/%m/%Y}" if one["due"] else ""
        said = one["subject"] or kind_words(one["kind"]).to(manner.language)
        read = one["acknowledged"]["by"] if one["acknowledged"] else ""
        table.add_row(
            *(
                str(one["id"]),
                escape(one["to"]),
                escape(said),
                due,
                state_words(one["state"]).to(manner.language),
                str(len(one["attempts"])),
                escape(read),
            )
        )
    console.print(table)
    left = len(found) - SHOWN
    if left > 0:
        console.print(say(f"… và {left} thông báo trước đó (--json, --out).", f"… {left} before (--json, --out)."))
    console.print(", ".join(f"{state_words(state).to(manner.language)}: {count}" for state, count in states.items()))


def preview(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=" | ".join(Kind))],
    dossier: Dossier = None,
    year: Year = None,
    step: Step = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="tính đến ngày · as of a day")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="ghi bản HTML · write the HTML")] = None,
) -> None:
    from tasks.folders import writing_into
    from tasks.previewing import preview as compose
    from tasks.settings import Settings
    from tasks.wording import template_version

    if kind not in [str(one) for one in Kind]:
        raise _unknown_kind(kind)
    at = clock.as_of(day_or_refusal(on) if on else None)
    letter = compose(Kind(kind), dossier, year, step, at, manner.language)
    short = letter.short(Settings().sms_length)
    if html:
        with writing_into(html.parent):
            html.write_text(letter.html(letter.picture_in_line()), encoding="utf-8")
    document = {"kind": kind, "to": letter.to, "subject": letter.subject, "text": letter.plain, "short": short}
    document |= {"html": html, "template": template_version()}

    def tell(console: Console) -> None:
        console.print(f"[bold]{escape(letter.subject)}[/]\n")
        console.print(escape(letter.plain), soft_wrap=True)
        console.print(f"[dim]SMS ({len(short)}):[/] {escape(short)}", soft_wrap=True)

    answer(document, tell)


def ack(
    notices: Annotated[list[str], typer.Argument(metavar="NUMBER|TOKEN ...", help="số hoặc mã · number or token")],
    by: Annotated[str, typer.Option("--by", help="ai xác nhận · who has read it")],
) -> None:
    from tasks.acknowledging import acknowledge_notices

    ids, new = acknowledge_notices(notices, by, clock.now())
    answer(
        {"notices": ids, "acknowledged": new},
        lambda console: console.print(
            say(f"✓ Ghi nhận {new} xác nhận; hạn không đổi.", f"✓ {new} acknowledged; no deadline has moved.")
        ),
    )


def _unknown_state(state: str) -> Refusal:
    listed = ", ".join(NoticeState)
    return Refusal(
        "unknown_state",
        Words(f"Không có trạng thái “{state[:40]}”.", f"There is no state '{state[:40]}'."),
        Words(f"Các trạng thái: {listed}.", f"The states: {listed}."),
        Words("Ghi một trong các trạng thái trên.", "Name one of them."),
    )


def _unknown_kind(kind: str) -> Refusal:
    listed = ", ".join(Kind)
    return Refusal(
        "unknown_kind",
        Words(f"Không có loại thông báo “{kind[:40]}”.", f"There is no kind of notice '{kind[:40]}'."),
        Words(f"Các loại: {listed}.", f"The kinds: {listed}."),
        Words("Ghi một trong các loại trên.", "Name one of them."),
    )
