"""What leaves the pages as a file: the results as a workbook, the deadlines as a calendar."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from sqlalchemy.orm import Session

from dashboard.asked import Asked
from dashboard.pages import cycle_asked
from dashboard.step_words import step_said
from dashboard.verdict_words import subject_said, verdict_said
from models.law.marks import MARK_WORDS, Mark
from models.records import results
from models.records.cycle_choice import Named, chosen, cycles_known
from models.records.cycles import law_of
from models.records.unit_search import unit_or_refusal
from models.records.worklist import dated_steps

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def results_workbook(session: Session, asked: Asked) -> tuple[bytes, str]:
    """The results as xlsx and the file's name: one sheet of communes, one of indicators."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    _, named = cycle_asked(session, asked)
    rows, shorts_of = _all_of(session, asked, named) if named else ([], [])
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = _t(asked, "Kết quả", "Results")
    trial = _t(asked, " · THỬ NGHIỆM", " · TRIAL") if named and named.cycle.trial else ""
    title = f"{named.province.name} · {named.cycle.year}{trial} · {asked.on:%d/%m/%Y}" if named else "—"
    sheet.append([title])
    sheet.append(_heads(asked))
    for row in rows:
        sheet.append(_row(asked, row))
    shorts = book.create_sheet(_t(asked, "Chỉ tiêu", "Indicators"))
    shorts.append([_t(asked, *pair) for pair in _INDICATOR_HEADS])
    for one in shorts_of:
        maximum, lost = (Decimal(one[name]) if one[name] is not None else None for name in ("maximum", "lost"))
        mark = MARK_WORDS[Mark(one["mark"])].to(asked.language)
        shorts.append([one["id"], _safe(one["title"]), maximum, mark, one["answered"], one["short"], lost])
    for cell in sheet["I"][2:]:
        cell.number_format = "dd/mm/yyyy"
    for one, line in ((sheet, 2), (shorts, 1)):
        for cell in one[line]:
            cell.font = Font(bold=True)
        one.freeze_panes = f"A{line + 1}"
        for letter, width in zip("ABCDEFGHIJ", (10, 34, 26, 10, 12, 10, 14, 22, 13, 60), strict=True):
            one.column_dimensions[letter].width = width
    file = BytesIO()
    book.save(file)
    return file.getvalue(), f"ket-qua-{named.name if named else 'trong'}.xlsx"


def _all_of(session: Session, asked: Asked, named: Named) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Every commune of the cycle, and every indicator."""
    rows, regulation = results.results(session, named.cycle, asked.at), law_of(session, named.cycle).regulation
    side = "appraised" if any(row["appraised"] is not None for row in rows) else "self"
    return rows, results.indicators(session, named.cycle, regulation, side, asked.at)


_INDICATOR_HEADS = (
    *(("Mã", "Id"), ("Chỉ tiêu", "Indicator"), ("Tối đa", "Maximum"), ("Dấu", "Mark")),
    *(("Đã chấm", "Answered"), ("Chưa đạt tối đa", "Fell short"), ("Điểm mất", "Points lost")),
)


def _heads(asked: Asked) -> list[str]:
    pairs = (
        *(("Mã", "Code"), ("Xã", "Commune"), ("Huyện", "District"), ("Tự chấm", "Self"), ("Thẩm định", "Appraised")),
        *(("Chênh lệch", "Gap"), ("Kết quả", "Result"), ("Quyết định", "Decision"), ("Ngày ký", "Signed")),
        ("Nội dung chưa đạt", "Shortfalls"),
    )
    return [_t(asked, *pair) for pair in pairs]


def _row(asked: Asked, row: dict[str, Any]) -> list[Any]:
    outcome = {
        True: _t(asked, "đạt chuẩn", "recognised"),
        False: _t(asked, "chưa đạt chuẩn", "not recognised"),
        None: _t(asked, "chưa quyết định", "undecided"),
    }
    short = [_shortfall(asked, one) for one in row["shortfalls"]]
    if row["contrary_ground"]:
        short.append(f"{_t(asked, 'trái với quy tắc', 'against the rule')}: {row['contrary_ground']}")
    values = [row[name] for name in ("code", "name", "district_name", "self", "appraised", "gap")]
    decided = (outcome[row["recognised"]], row["decision"], row["signed_on"])
    return [_safe(value) for value in (*values, *decided, "; ".join(short))]


def _shortfall(asked: Asked, one: dict[str, Any]) -> str:
    """What fell short, as the page of the results says it."""
    found, required = (verdict_said(one[name], asked.language) for name in ("found", "required"))
    ground = f", {one['article']}" if one["article"] else ""
    said = subject_said(one["subject"]).to(asked.language)
    return f"{said}: {found} ({_t(asked, 'yêu cầu', 'required')} {required}{ground})"


def _safe(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula is kept as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "@") else value


def _t(asked: Asked, vi: str, en: str) -> str:
    return en if asked.language == "en" else vi


def deadline_feed(session: Session, asked: Asked, name: str) -> bytes:
    """The deadlines of a cycle ("96-2024-trial"), or of one commune in it ("96-2024-trial-32002"), as iCalendar."""
    from icalendar import Calendar, Event

    known = cycles_known(session)
    named, unit_code = _of_feed(name, [one.name for one in known])
    found = chosen(known, named, asked.on)
    feed = Calendar()
    feed.add("prodid", "-//TCPL Cycle//deadlines//VI")
    feed.add("version", "2.0")
    if found is None:
        return feed.to_ical()
    unit = unit_or_refusal(session, unit_code, asked.on.replace(found.cycle.year, 12, 31)) if unit_code else None
    law = law_of(session, found.cycle)
    for entry in dated_steps(session, found.cycle, law, unit.id if unit else None):
        event = Event()
        event.add("uid", f"{name}/{entry['step']}/{entry['due_day']}@tcpl-cycle")
        event.add("dtstamp", found.cycle.opened_at)
        event.add("dtstart", entry["due_day"])
        event.add("dtend", entry["due_day"] + timedelta(days=1))
        event.add("summary", _summary(asked, found, entry, unit.name if unit else None))
        event.add("description", entry["source"])
        feed.add_component(event)
    return feed.to_ical()


def _of_feed(name: str, known: list[str]) -> tuple[str, str | None]:
    if name in known:
        return name, None
    cycle, _, unit = name.rpartition("-")
    return (cycle, unit) if cycle in known else (name, None)


def _summary(asked: Asked, named: Named, entry: dict[str, Any], unit: str | None) -> str:
    trial = _t(asked, "[THỬ NGHIỆM] ", "[TRIAL] ") if named.cycle.trial else ""
    whom = unit or _t(asked, f"{entry['subjects']} đơn vị", f"{entry['subjects']} subjects")
    return f"{trial}{_t(asked, 'Hạn', 'Due')}: {step_said(entry['step'], entry['title'], asked.language)} ({whom})"
