"""What was decided, told to a person: the verdicts and why, the decisions' lines, signatures, the consolidation."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.answers import manner, say, screen, subject
from models.words import Words

_VERDICTS = {
    True: Words("đạt", "met"),
    False: Words("chưa đạt", "not met"),
    None: Words("chưa xác định", "undetermined"),
}


def tell_proposal(console: Console, found: dict[str, Any]) -> None:
    trial = say(" · THỬ NGHIỆM", " · TRIAL") if found["trial"] else ""
    table = Table(title=f"{escape(found['name'])} {found['year']}{trial}", header_style="bold")
    for heading in (say("Đơn vị", "Unit"), say("Điểm", "Total"), say("Kết luận", "Verdict"), say("Vì", "Because")):
        table.add_column(heading)
    for one in found["communes"]:
        because = [say("tự nhận chưa đạt", "declared itself not met")] if one["declared"] else []
        because += [f"{subject(item['subject'])}: {item['found']} ({item['required']})" for item in one["shortfalls"]]
        because += [f"{subject(item['subject'])}: {item['why']}" for item in one["undetermined"][:2]]
        verdict = _VERDICTS[one["verdict"]].to(manner.language)
        name = f"{one['code']} {one['name']}"
        table.add_row(escape(name), one["total"] or "–", verdict, escape("; ".join(because[:3])))
    console.print(table)


def tell_paper(paper: Any) -> None:
    """What was found of the file's signatures, for a person; JSON has it already."""
    for line in (*paper["signatures"], *paper["remarks"]) if paper and not manner.as_json else ():
        screen().print(f"  – {line}", markup=False)


def tell_lines(console: Console, found: list[dict[str, Any]]) -> None:
    table = Table(header_style="bold")
    for heading in (say("Đơn vị", "Unit"), say("Kết quả", "Result"), say("Quyết định", "Decision"), ""):
        table.add_column(heading)
    for line in found:
        remarks = [] if line["counts"] else [say(f"bị {line['replaced_by']} thay thế", f"by {line['replaced_by']}")]
        if line["contrary_ground"]:
            remarks.append(say("khác kết luận theo quy định: ", "contrary to the rule: ") + line["contrary_ground"])
        if line["publish_by"] and not line["published_on"]:
            remarks.append(
                say(f"công khai trước hết ngày {line['publish_by']:%d/%m/%Y}", f"publish by {line['publish_by']}")
            )
        result = say("đạt", "recognised") if line["recognised"] else say("chưa đạt", "not recognised")
        decision = f"{line['number']} · {line['signed_on']:%d/%m/%Y}"
        table.add_row(escape(f"{line['code']} {line['name']}"), result, escape(decision), escape("; ".join(remarks)))
    console.print(table)


def tell_consolidation(console: Console, found: dict[str, Any]) -> None:
    console.print(f"[bold green]✓[/] {found['consistent']} {say('đơn vị trong đúng một danh sách', 'in one list')}")
    names = {
        "missing": say("chưa có quyết định", "in no list"),
        "doubled": say("có tên nhiều lần", "in several lists"),
        "contradictory": say("mâu thuẫn", "contradicted"),
    }
    for key, name in names.items():
        for one in found[key]:
            console.print(f"[bold red]✗[/] {one['code']} {escape(one['name'])}: {name}")
