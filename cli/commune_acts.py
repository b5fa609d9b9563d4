"""`tcpl post`, `supplement`, `finding`, `evidence`: acts about one commune's file."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.answers import answer, manner, say
from cli.days import day_or_refusal, moment_or_refusal
from models.errors import Refusal
from models.law.leaders import LeaderFinding, Measure, Role
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
    for name, what, commands in (
        (
            "supplement",
            "Bổ sung hồ sơ: yêu cầu, trả lời · supplements",
            {"request": request, "answer": answer_, "complete": complete, "show": show},
        ),
        (
            "finding",
            "Người đứng đầu bị xử lý · findings about leaders",
            {"add": finding_add, "list": finding_list, "withdraw": finding_withdraw},
        ),
        ("evidence", "Tài liệu minh chứng · evidence", {"add": evidence_add, "list": evidence_list}),
    ):
        group = typer.Typer(no_args_is_help=True, help=what)
        for word, command in commands.items():
            group.command(word)(command)
        app.add_typer(group, name=name)


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
    done = record_posting(code, year, posted, by=by, at=_moment(as_of), trial=trial)
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
        _told(console, done.new)
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
        at=_moment(as_of),
        trial=trial,
    )
    document = {"commune": code, "year": year, "number": asked.number, "new": asked.new, "due": asked.due}

    def tell(console: Console) -> None:
        _told(console, asked.new)
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

    new = find_complete(code, year, by=by, at=_moment(as_of), trial=trial)
    answer({"commune": code, "year": year, "new": new}, lambda console: _told(console, new))


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


def finding_add(
    code: Commune,
    year: Year,
    person: Annotated[str, typer.Option("--person", help="họ tên · name")],
    role: Annotated[Role, typer.Option("--role", help="chức vụ · role")],
    act: Annotated[str, typer.Option("--act", help="hành vi · act")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="ngày hành vi hoặc khởi tố · day")],
    document: Annotated[str, typer.Option("--document", help="quyết định · decision")],
    measure: Annotated[Measure, typer.Option("--measure", help="kỷ luật hay truy cứu · measure")],
    duty_related: Annotated[bool, typer.Option("--duty-related/--not-duty-related", help="trong công vụ · in duty")],
    by: By,
    as_of: AsOf = None,
    trial: Trial = None,
) -> None:
    """Ghi một trường hợp về người đứng đầu · record a finding about a leader."""
    from tasks.commune_acts import findings, record_finding

    finding = LeaderFinding(person, role, act, day_or_refusal(on), document, measure, duty_related)
    new = record_finding(code, year, finding, by=by, at=_moment(as_of), trial=trial)
    _answer_findings(code, year, findings(code, year, trial), new)


def finding_list(code: Commune, year: Year, trial: Trial = None) -> None:
    """Các trường hợp đã ghi và có tính vào điều kiện không · findings, and whether they count."""
    from tasks.commune_acts import findings

    _answer_findings(code, year, findings(code, year, trial), None)


def finding_withdraw(
    code: Commune,
    year: Year,
    number: Annotated[int, typer.Argument(metavar="ID", help="số của phát hiện · the finding's id")],
    ground: Annotated[str, typer.Option("--ground", help="căn cứ · ground")],
    by: By,
    as_of: AsOf = None,
    trial: Trial = None,
) -> None:
    """Rút một trường hợp ghi nhầm, kèm căn cứ · withdraw a finding recorded in error."""
    from tasks.commune_acts import findings, withdraw_finding

    new = withdraw_finding(code, year, number, ground, by=by, at=_moment(as_of), trial=trial)
    _answer_findings(code, year, findings(code, year, trial), new)


def evidence_add(
    code: Commune,
    year: Year,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="tệp · the file")],
    place: Annotated[str, typer.Option("--indicator", metavar="ID", help="chỉ tiêu · indicator")],
    by: By,
    number: Annotated[str, typer.Option("--number", help="số, ký hiệu · number")] = "",
    dated: Annotated[str | None, typer.Option("--dated", metavar="DATE", help="ngày ban hành · dated")] = None,
    as_of: AsOf = None,
    trial: Trial = None,
) -> None:
    """Lưu một tệp minh chứng cho chỉ tiêu; kiểm chữ ký số · store evidence and look into its signatures."""
    from tasks.evidence import add_file
    from tasks.settings import Settings

    day = day_or_refusal(dated) if dated else None
    at, zone = _moment(as_of), Settings().zone
    stored = add_file(code, year, place, file, by=by, number=number, dated=day, at=at, trial=trial)
    document = {
        "commune": code,
        "year": year,
        "indicator": place,
        "sha256": stored.sha256,
        "kind": stored.kind,
        "size": stored.size,
        "new": stored.new,
        "signatures": [{**one.document(zone), "finding": one.finding.to(manner.language)} for one in stored.signatures],
    }

    def tell(console: Console) -> None:
        _told(console, stored.new)
        console.print(f"  {stored.kind} {stored.size} B · {stored.sha256}")
        for one in stored.signatures:
            console.print(f"  – {one.finding.to(manner.language)}", markup=False)

    answer(document, tell)


def evidence_list(code: Commune, year: Year, trial: Trial = None) -> None:
    """Minh chứng của đơn vị theo chỉ tiêu · the commune's evidence by indicator."""
    from tasks.evidence import list_evidence

    found = list_evidence(code, year, manner.language, trial)

    def tell(console: Console) -> None:
        if not found:
            console.print(say("Chưa có minh chứng nào.", "There is no evidence yet."))
        for one in found:
            console.print(f"{one['indicator']}: {one['name']} ({one['kind']}) {one['number']}", markup=False)
            for said in one["signatures"]:
                console.print(f"    {said}", markup=False)

    answer({"commune": code, "year": year, "evidence": found}, tell)


def _answer_findings(code: str, year: int, found: Any, new: bool | None) -> None:
    document: dict[str, Any] = {
        "commune": code,
        "year": year,
        "clear": not any(one.bearing.counts for one in found),
        "findings": [
            {
                "id": one.id,
                **one.finding.__dict__,
                "role": str(one.finding.role),
                "measure": str(one.finding.measure),
                "counts": one.bearing.counts,
                "why": one.bearing.why.to(manner.language),
                "by": one.by,
            }
            for one in found
        ],
    }
    if new is not None:
        document["new"] = new

    def tell(console: Console) -> None:
        if new is not None:
            _told(console, new)
        if not found:
            console.print(say("Không có trường hợp nào được ghi.", "Nothing is recorded."))
        for one in found:
            mark = "[bold red]✗[/]" if one.bearing.counts else "[dim]–[/]"
            console.print(f"{mark} {one.id}: {one.finding.person} – {one.bearing.why.to(manner.language)}")

    answer(document, tell)


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


def _moment(text: str | None) -> Any:
    return moment_or_refusal(text) if text else None


def _told(console: Console, new: bool) -> None:
    console.print(f"[bold green]✓[/] {say('Đã ghi.', 'Recorded.') if new else say('Đã có từ trước.', 'Was known.')}")
