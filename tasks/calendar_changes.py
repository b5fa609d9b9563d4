"""Official changes of the calendar that the office itself records: `calendar/` of the home, over what was shipped."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from models.errors import Refusal
from models.words import Words
from tasks.amending import Amending, all_open, amend_calendar
from tasks.calendar_days import FIRST, LAST, home_records
from tasks.settings import Settings
from tasks.sittings import Hand


@dataclass(frozen=True)
class Change:
    """A run of days, both inclusive, that works or rests by an official document."""

    first: date
    last: date
    works: bool
    document: str
    reason: str
    by: str


def change_calendar(change: Change, hand: Hand, how: Amending) -> dict[str, Any]:
    """Record the days and bring every open cycle to them: {"days", "recorded", "cycles": [...]}.

    The record is written first and each cycle is one unit of work: a crash between them is mended by doing it again.
    """
    _refuse(change)
    path = Settings().home / "calendar" / f"{change.first}_{change.last}.yaml"
    known = path.exists()
    if known and yaml.safe_load(path.read_text("utf-8"))["days"][0]["works"] is not change.works:
        raise _recorded_otherwise(change.first)
    if not known:
        _refuse_recorded(change)
        _write(path, change)
    try:
        cycles = amend_calendar(all_open(), hand, how)
    except Refusal:
        if not known:
            path.unlink()
        raise
    if how.dry_run and not known:
        path.unlink()
    days = (change.last - change.first).days + 1
    return {"days": days, "recorded": not known and not how.dry_run, "dry_run": how.dry_run, "cycles": cycles}


def _write(path: Path, change: Change) -> None:
    said = change.reason or ("làm bù" if change.works else "nghỉ theo văn bản")
    record = {
        "from": change.first.isoformat(),
        "to": change.last.isoformat(),
        "works": change.works,
        "reason": {"vi": said, "en": said if change.reason else ("made up" if change.works else "day off by document")},
        "source": f"{change.by} nhập từ văn bản",
        "document": change.document,
        "mark": "local",
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.write_text(yaml.safe_dump({"days": [record]}, allow_unicode=True, sort_keys=False), "utf-8")
    half.rename(path)


def _refuse(change: Change) -> None:
    if change.first <= change.last and change.first >= FIRST and change.last <= LAST:
        return
    raise Refusal(
        "bad_calendar_change",
        Words(
            f"Khoảng ngày {change.first} – {change.last} không dùng được.",
            f"{change.first} to {change.last} will not do.",
        ),
        Words(
            f"Khoảng ngày đi từ trước đến sau, trong {FIRST} – {LAST}.", f"Earlier to later, within {FIRST} to {LAST}."
        ),
        Words("Kiểm tra lại --from, --to.", "Check --from and --to."),
    )


def _refuse_recorded(change: Change) -> None:
    days = {change.first + timedelta(days=n) for n in range((change.last - change.first).days + 1)}
    if both := sorted(days & home_records().keys()):
        raise _recorded_otherwise(both[0])


def _recorded_otherwise(day: date) -> Refusal:
    return Refusal(
        "calendar_day_recorded",
        Words(f"Ngày {day:%d/%m/%Y} đã có bản ghi.", f"{day} is recorded already."),
        Words("Hai bản ghi cho một ngày thì không biết bản nào đúng.", "Of two records nobody knows which is right."),
        Words(
            "Sửa hoặc bỏ bản ghi cũ trong `calendar/` của thư mục dữ liệu, rồi ghi lại.",
            "Correct or remove the former record in `calendar/` of the home, then record it again.",
        ),
    )
