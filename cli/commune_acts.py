"""`tcpl post`, `supplement`: acts about one commune's file, and the switches that such acts share."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.answers import answer, manner, say
from cli.days import day_or_refusal, moment_or_refusal
from models.errors import Refusal
from models.law.posting import Channel, Posted
from models.law.regulation import ACTOR_WORDS, Actor
from models.words import Words
from tasks import clock

Commune = Annotated[str, typer.Argument(metavar="CODE", help="mã đơn vị cấp xã · the commune's code")]
Year = Annotated[int, typer.Option("--year", metavar="YEAR", help="năm đánh giá · the evaluation year")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="người thực hiện · who does it")]
Trial = Annotated[bool | None, typer.Option("--trial/--official", help="kỳ thử nghiệm · the trial")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="MOMENT", help="thời điểm · the moment")]


def add_to(app: typer.Typer) -> None:
    app.command("post", help="Ghi một lần niêm yết · record a posting")(post)
    group = typer.Typer(no_args_is_help=True, help="Bổ sung hồ sơ: yêu cầu, trả lời · supplements")
    group.command("request")(request)
    group.command("answer")(answer_)
    group.command("complete")(complete)
    group.command("show")(show)
    app.add_typer(group, name="supplement")


def post(
    code: Commune,
    year: Year,
    channel: Annotated[Channel, typer.Option("--channel", help="trụ sở, cổng, đài · where")],
    began: Annotated[str, typer.Option("--from", metavar="DATE", help="từ ngày · from")],
    by: By,
    ended: Annotated[str | None, typer.Option("--to", metavar="DATE", help="đến ngày · to")] = None,
    times: Annotated[int | None, typer.Option("--times", min=0, help="số lần phát · broadcasts")] = None,
    place: Annotated[str, typer.Option("--place", help="địa điểm · place")] = "",
    proof: Annotated[str, typer.Option("--proof", help="minh chứng · proof")] = "",
    as_of: AsOf = None,
    trial: Trial = None,
) -> None:
    """Ghi nơi, thời gian niêm yết dự thảo và kiểm theo quy định · record a posting and check the rule."""
    from tasks.commune_acts import record_posting

    to = day_or_refusal(ended) if ended else None
    posted = Posted(channel, day_or_refusal(began), to, times, place, proof)
    done = record_posting(code, year, posted, by=by, at=moment(as_of), trial=trial)
    found = done.found
    document = {
        "commune": code,
        "year": year,
        "new": done.new,
        "satisfied": found.satisfied,
        "satisfied_on": found.satisfied_on,
        "wanting": [said.to(manner.language) for said in found.wanting],
        "warnings": [said.to(manner.language) for said in found.warnings],
    }

    def tell(console: Console) -> None:
        told(console, done.new)
        enough = {True: say("đủ theo quy định", "enough"), False: say("chưa đủ", "not yet enough"), None: "?"}
        console.print(f"  {say('Niêm yết', 'Posting')}: {enough[found.satisfied]}")
        for said in (*found.wanting, *found.warnings):
            console.print(f"  – {said.to(manner.language)}", markup=False)

    answer(document, tell)


def request(
    code: Commune,
    year: Year,
    note: Annotated[list[str], typer.Option("--note", metavar="ITEM=TEXT", help="mục và lý do · item and note")],
    received: Annotated[str, typer.Option("--received", metavar="DATE", help="ngày đơn vị nhận · received on")],
    by: By,
    number: Annotated[int | None, typer.Option("--number", min=1, help="lần thứ · the round")] = None,
    as_of: AsOf = None,
    trial: Trial = None,
) -> None:
    """Trả lại các mục cần bổ sung, mỗi mục một lý do · return items, each with a note."""
    from tasks.commune_acts import request_supplement

    items = dict(_item(text) for text in note)
    asked = request_supplement(
        code,
        year,
        items,
        received_on=day_or_refusal(received),
        by=by,
        number=number,
        at=moment(as_of),
        trial=trial,
    )
    document = {"commune": code, "year": year, "number": asked.number, "new": asked.new, "due": asked.due}

    def tell(console: Console) -> None:
        told(console, asked.new)
        due = f"{asked.due:%d/%m/%Y}" if asked.due else "—"
        console.print(say(f"  Lần {asked.number}, hạn bổ sung {due}", f"  Round {asked.number}, due {due}"))

    answer(document, tell)


def answer_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.xlsx ...", help="bản bổ sung · the answers")],
    as_of: AsOf = None,
    by: By = "tcpl supplement",
) -> None:
    """Nhận bản bổ sung của đơn vị · take answers to requests in."""
    from cli.intake import intake

    intake(files, as_of, by)


def complete(code: Commune, year: Year, by: By, as_of: AsOf = None, trial: Trial = None) -> None:
    """Xác nhận hồ sơ đầy đủ · find a file complete."""
    from tasks.commune_acts import complete as find_complete

    new = find_complete(code, year, by=by, at=moment(as_of), trial=trial)
    answer({"commune": code, "year": year, "new": new}, lambda console: told(console, new))


def show(
    code: Commune,
    year: Year,
    today: Annotated[str | None, typer.Option("--today", metavar="DATE", help="tính đến · as of")] = None,
    trial: Trial = None,
) -> None:
    """Các lần bổ sung; ai giữ hồ sơ khi nào; ngày trễ thuộc về ai · rounds, holders, late days."""
    from tasks.commune_acts import supplement_rounds

    found: Any = supplement_rounds(code, year, day_or_refusal(today) if today else clock.today(), trial)

    def tell(console: Console) -> None:
        for one in found["rounds"]:
            state = say("đã bổ sung", "answered") if one["answered_on"] else say("đang chờ", "open")
            span = f"{_day(one['received_on'])} → {_day(one['due'])}"
            console.print(f"{say('Lần', 'Round')} {one['number']}: {state}; {span}")
            for place, note in one["items"].items():
                console.print(f"  {place}: {note}", markup=False)
        for one in found["held"]:
            console.print(f"{_holder(one['holder'])}: {_day(one['since'])} → {_day(one['until'], '…')}")
        for step, days in found["late_days"].items():
            said = ", ".join(f"{_holder(holder)} {count}" for holder, count in days.items())
            if not days:
                continue  # nobody had it on those days: the cycle was opened after them
            title = _of_round(found["late_steps"][step], step)
            console.print(f"{say('Ngày trễ', 'Late days')}, {title}: {said}", markup=False)

    answer(found, tell)


def _day(day: date | None, none: str = "—") -> str:
    return f"{day:%d/%m/%Y}" if day else none


def _of_round(title: str, step: str) -> str:
    """The step by its title; of one that comes round, which round."""
    _, _, number = step.partition("/")
    return f"{title} ({say('lần', 'round')} {number})" if number else title


def _holder(name: str) -> str:
    return ACTOR_WORDS[Actor(name)].to(manner.language)


def _item(text: str) -> tuple[str, str]:
    place, equals, note = text.partition("=")
    if not equals or not place.strip() or not note.strip():
        raise Refusal(
            "bad_note",
            Words(f"Không hiểu “{text[:60]}”.", f"'{text[:60]}' is not understood."),
            Words("Mỗi mục trả lại cần mã và lý do.", "Each returned item needs its id and a note."),
            Words('Ghi dạng --note 2.1="Thiếu quyết định".', 'Write --note 2.1="The decision is missing".'),
        )
    return place.strip(), note.strip()


def moment(text: str | None) -> Any:
    return moment_or_refusal(text) if text else None


def told(console: Console, new: bool) -> None:
    console.print(f"[bold green]✓[/] {say('Đã ghi.', 'Recorded.') if new else say('Đã có từ trước.', 'Was known.')}")
