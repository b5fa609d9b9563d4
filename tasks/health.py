"""Is the machine well: when it last watched and sent, what is stuck, given up or unreachable; silence is an alarm."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.errors import Refusal, Stop
from models.records import notices_health, running
from models.records.cycles import open_cycles
from models.words import Words
from tasks import channels, clock
from tasks.database import reading, work
from tasks.settings import Settings

WATCH_EVERY = timedelta(hours=26)
DELIVERY_EVERY = timedelta(minutes=75)
WATCH_LATE = timedelta(minutes=25)
"""After the hour of the watch: by then its own run has begun, or nobody has."""
STUCK_AFTER = timedelta(hours=1)
WAITING_AT_MOST = timedelta(hours=24)
LATELY = timedelta(days=7)
FREE_AT_LEAST = 500 * 1024 * 1024
AGAIN_AFTER = timedelta(hours=20)
"""An alarm that lasts is raised once a day."""
OPENS_SOON = timedelta(days=30)
MOST_OF_A_NAME = 50
"""Signs of an alarm's name; the table of pulses has room for a few more."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    title: Words
    ok: bool
    detail: Words


def examine(at: datetime, settings: Settings | None = None) -> list[Check]:
    """Every check; a database that cannot be reached is one of them, and ends those that need it."""
    settings = settings or Settings()
    checks = [_disk(settings), _prefect()]
    try:
        with reading(settings) as session:
            pulses, cycles = running.pulses(session), open_cycles(session)
            sending = notices_health.sending(session, at, STUCK_AFTER, LATELY)
            missing = notices_health.offices_without_contact(session, cycles, at)
    except Stop as stop:
        return [Check("database", Words("Cơ sở dữ liệu", "Database"), False, stop.what), *checks]
    official = any(not cycle.trial for cycle in cycles)
    return [
        Check("database", Words("Cơ sở dữ liệu", "Database"), True, Words("đọc được", "can be read")),
        _pulse("watch", Words("Rà hạn", "Watch"), pulses.get("watch"), at, WATCH_EVERY, bool(cycles)),
        _pulse(
            "delivery", Words("Gửi thông báo", "Delivery"), pulses.get("delivery"), at, DELIVERY_EVERY, bool(cycles)
        ),
        *_sending(sending, at, settings),
        _contacts(missing, official and settings.channel is None),
        *_contacts_ahead(at, settings),
        *checks,
    ]


def _pulse(name: str, title: Words, last: datetime | None, at: datetime, every: timedelta, needed: bool) -> Check:
    if not needed:
        return Check(name, title, True, Words("chưa có kỳ nào mở", "no cycle is open"))
    if last is None:
        return Check(name, title, False, Words("chưa chạy lần nào", "has never run"))
    local, ago = last.astimezone(at.tzinfo), at - last
    missed = max(int(ago / every), 0)
    detail = Words(
        f"lần cuối {local:%d/%m/%Y %H:%M}" + (f", lỡ {missed} lần" if missed else ""),
        f"last {local:%Y-%m-%d %H:%M}" + (f", {missed} runs missing" if missed else ""),
    )
    return Check(name, title, ago <= every, detail)


def _sending(found: notices_health.Sending, at: datetime, settings: Settings) -> Iterator[Check]:
    stuck = Words(f"{found.stuck} thư bị giữ quá lâu", f"{found.stuck} letters held too long")
    yield Check("claims", Words("Thư đang giữ", "Claims"), found.stuck == 0, stuck)
    oldest = found.oldest_waiting
    since = f"{oldest.astimezone(settings.zone):%d/%m/%Y %H:%M}" if oldest else ""
    said = Words(f"chờ từ {since}", f"wait since {since}")
    none = Words("không có thư nào soạn rồi mà chưa gửi", "no letter is written and unsent")
    waits = oldest is None or at - oldest <= WAITING_AT_MOST
    yield Check("waiting", Words("Thư chờ gửi", "Waiting"), waits, said if since else none)
    given_up = Words(f"{found.abandoned} thư phải bỏ trong 7 ngày", f"{found.abandoned} given up within 7 days")
    yield Check("abandoned", Words("Thư phải bỏ", "Abandoned"), found.abandoned == 0, given_up)


def _contacts(missing: int, matters: bool) -> Check:
    """Without an official cycle, or with a common channel for those that have none, it is told and no fault."""
    detail = Words(f"{missing} cơ quan chưa có đầu mối", f"{missing} offices without a contact")
    return Check("contacts", Words("Đầu mối", "Contacts"), not (missing and matters), detail)


def _contacts_ahead(at: datetime, settings: Settings) -> Iterator[Check]:
    """Units without any contact are found while there is time: before the cycle of a plan opens."""
    from tasks.contacts import offices_without_contact
    from tasks.opening import plans_of

    day = at.astimezone(settings.zone).date()
    for plan in (plan for year in (day.year - 1, day.year, day.year + 1) for plan in plans_of(year, at)):
        if not day < plan.opening.on <= day + OPENS_SOON:
            continue
        try:
            found = offices_without_contact(plan.province, plan.year, day)
        except Refusal:
            continue  # what keeps the cycle itself from opening is told on its day
        units, opens = len({office.code for office in found}), plan.opening.on
        detail = Words(
            f"kỳ {plan.province}/{plan.year} mở ngày {opens:%d/%m/%Y}: "
            f"{len(found)} cơ quan của {units} đơn vị chưa có đầu mối",
            f"{plan.province}/{plan.year} opens on {opens}: {len(found)} offices of {units} units without a contact",
        )
        matters = not plan.trial and settings.channel is None
        yield Check("contacts-ahead", Words("Đầu mối, kỳ sắp mở", "Contacts ahead"), not (found and matters), detail)


def _disk(settings: Settings) -> Check:
    place = settings.home if settings.home.exists() else settings.home.parent
    try:
        free = shutil.disk_usage(place).free
    except OSError:
        return Check("disk", Words("Đĩa", "Disk"), False, Words("không đọc được", "cannot be read"))
    said = f"{free / 1024**3:.1f}"
    left = Words(f"còn {said.replace('.', ',')} GB", f"{said} GB free")
    return Check("disk", Words("Đĩa", "Disk"), free >= FREE_AT_LEAST, left)


def _prefect() -> Check:
    """Asked only where an address is set: people's acts work without it."""
    title, address = Words("Prefect", "Prefect"), os.environ.get("PREFECT_API_URL")
    if not address:
        return Check("prefect", title, True, Words("không đặt máy chủ", "no server is set"))
    import requests

    try:
        ok = requests.get(f"{address.rstrip('/')}/health", timeout=3).ok
    except requests.exceptions.RequestException:
        ok = False
    return Check("prefect", title, ok, Words("trả lời", "answers") if ok else Words("không trả lời", "does not answer"))


def watch_is_owed(at: datetime) -> bool:
    """Whether the last morning that is some while past was not watched; False where the database cannot be asked."""
    morning = clock.moment(at.date())
    if at < morning + WATCH_LATE:
        morning -= timedelta(days=1)
    try:
        with reading() as session:
            last = running.pulses(session).get("watch")
    except Stop:
        return False
    return last is None or last < morning


def raise_alarm(at: datetime) -> list[str]:
    """Tell the operator what is not well, through the operator's own channel, once a day; returns what was told."""
    settings = Settings()
    wrong = [check for check in examine(at) if not check.ok]
    new = [check for check in wrong if _is_new(settings, check.name, at)]
    if not new:
        return []
    lines = "\n".join(f"- {check.title.to(settings.lang)}: {check.detail.to(settings.lang)}" for check in wrong)
    subject = Words("TCPL: hệ thống cần người xem", "TCPL: the machine needs somebody").to(settings.lang)
    names = [check.name for check in new]
    if channels.alarm(settings, subject, lines, f"{at:%Y-%m-%d}-health-{'-'.join(names)}").ok:
        _remember(settings, names, at)
    return names


def tell_once(name: str, subject: str, body: str, at: datetime) -> bool:
    """Tell the operator something else, once a day under its name; False if it was told or could not be."""
    settings = Settings()
    key = name[:MOST_OF_A_NAME]
    if not _is_new(settings, key, at):
        return False
    told = channels.alarm(settings, subject, body, f"{at:%Y-%m-%d}-{key}").ok
    if told:
        _remember(settings, [key], at)
    return told


def _is_new(settings: Settings, name: str, at: datetime) -> bool:
    try:
        with reading(settings) as session:
            told = running.pulses(session).get(f"alarm:{name}")
    except Stop:
        return True
    return told is None or at - told >= AGAIN_AFTER


def _remember(settings: Settings, names: list[str], at: datetime) -> None:
    try:
        with work(settings) as session:
            for name in names:
                running.beat(session, f"alarm:{name}", at)
    except Stop:
        return  # it is the database that is not well: it will be said again
