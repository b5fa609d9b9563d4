"""Days and moments as they are typed: ISO, and existing; else a refusal."""

import re
from datetime import date, datetime

from models.errors import Refusal
from models.words import Words
from tasks import clock


def day_or_refusal(text: str) -> date:
    """The day of `2026-01-10`. Raises Refusal for any other way of writing it, and for a day that does not exist."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass  # 30 February is said below
    shown = text.encode(errors="replace").decode()[:60]
    meant = _meant(text)
    if meant is not None:
        what = Words(f"“{shown}” chưa ghi đúng dạng ngày.", f"'{shown}' is not written as dates are here.")
        why = Words("Ngày được ghi dạng năm-tháng-ngày (ISO).", "A date is written year-month-day (ISO).")
        do = Words(f"Ghi lại dạng: {meant}.", f"Write it again: {meant}.")
    else:
        what = Words(f"“{shown}” không phải là một ngày có thật.", f"'{shown}' is an impossible date.")
        why = Words(
            "Ngày được ghi dạng năm-tháng-ngày (ISO) và phải có trong lịch.",
            "A date is written year-month-day (ISO) and must exist.",
        )
        do = Words("Ghi lại, ví dụ: 2026-01-10.", "Write it again, for instance: 2026-01-10.")
    raise Refusal("impossible_date", what, why, do)


def _meant(text: str) -> date | None:
    """The day that was written as offices write it (10/01/2026); null where there is no such day."""
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text.strip(), re.ASCII)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def moment_or_refusal(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(
            "impossible_moment",
            Words(f"“{text[:60]}” không phải một thời điểm.", f"'{text[:60]}' is not a moment."),
            Words(
                "Thời điểm được ghi dạng năm-tháng-ngày, có thể kèm giờ (ISO).",
                "A moment is written year-month-day, and may have an hour (ISO).",
            ),
            Words("Ví dụ: 2025-01-08T08:00:00+07:00.", "For instance: 2025-01-08T08:00:00+07:00."),
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.now().tzinfo)
