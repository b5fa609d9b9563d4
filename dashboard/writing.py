"""Everything that the dashboard writes: sign-ins and their end, acknowledgements, the access log. Nothing else here."""

import fcntl
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.errors import Refusal
from models.records import accounts
from models.records.access_log import Event, Visit, digest_of_name, note, wait
from models.records.accounts import Account, KeyKind, refuse_ended
from models.records.notices_acknowledged import acknowledge, letter_of_token
from models.records.passwords import fits, hashed, outdated
from models.records.units import Unit
from models.words import Words
from tasks.database import reading, work
from tasks.settings import Settings

log = logging.getLogger(__name__)

SESSION_LASTS = timedelta(hours=10)
"""`local`, of this product: a working day."""
WAITS_AT_MOST = 20
_one_at_a_time = threading.Lock()
"""Passwords are tried one after another, in all processes together (a lock on a file of the home): hashing is dear, and
many tries at once would pass the limit together."""


def sign_in(settings: Settings, name: str, password: str, visit: Visit, now: datetime) -> str:
    """The secret of a new session. Raises Refusal: tried too often, wrong, or the account's unit has ended."""
    with _in_turn(settings):
        with reading(settings) as session:
            account = accounts.find_account(session, name)
            visit = replace(visit, account=account.name if account else digest_of_name(accounts.plain_name(name)))
            pause = wait(session, visit, now)
            kept = account.password if account and account.disabled_at is None else None
            unit = session.get(Unit, account.unit_id) if account and account.unit_id else None
        if pause:
            note_event(settings, Event.SIGN_IN_LIMITED, visit, now)
            raise _too_often(pause)
        if account is None or not fits(password, kept):
            note_event(settings, Event.SIGN_IN_FAILED, visit, now)
            raise _wrong()
        _refuse_ended(settings, unit, visit, now)
        renewed = hashed(password) if kept is not None and outdated(kept) else None  # dear: before a lock is taken
        with work(settings) as session:
            own = session.get_one(Account, account.id)
            if renewed:
                own.password = renewed
            return _begin(session, own, visit, now, "password")


def sign_in_outside(settings: Settings, names: list[str], visit: Visit, now: datetime) -> str:
    """The same for somebody whom the office's OpenID provider vouches for."""
    with reading(settings) as session:
        account = accounts.find_outside(session, names)
        unit = session.get(Unit, account.unit_id) if account and account.unit_id else None
    said = names[0] if names else ""
    visit = replace(visit, account=account.name if account else digest_of_name(said))
    if account is None or account.disabled_at is not None:
        note_event(settings, Event.SIGN_IN_FAILED, visit, now, "openid")
        raise _no_account_for(said)
    _refuse_ended(settings, unit, visit, now)
    with work(settings) as session:
        return _begin(session, session.get_one(Account, account.id), visit, now, "openid")


def _begin(session: Session, account: Account, visit: Visit, now: datetime, how: str) -> str:
    note(session, Event.SIGNED_IN, visit, now, how)
    return accounts.give_key(session, account, KeyKind.SESSION, now, now + SESSION_LASTS, how)


def _refuse_ended(settings: Settings, unit: Unit | None, visit: Visit, now: datetime) -> None:
    try:
        refuse_ended(unit, now.date())
    except Refusal:
        note_event(settings, Event.REFUSED, visit, now, "territory_ended")
        raise


def sign_out(settings: Settings, secret: str, visit: Visit, now: datetime) -> None:
    with work(settings) as session:
        accounts.end_key(session, secret, now)
        note(session, Event.SIGNED_OUT, visit, now)


def change_password(settings: Settings, name: str, old: str, new: str, visit: Visit, now: datetime) -> str:
    """The secret of a new session: every other one of the account ends."""
    with _in_turn(settings):
        with reading(settings) as session:
            account = accounts.find_account(session, name)
            pause = wait(session, visit, now)
        if pause:
            note_event(settings, Event.SIGN_IN_LIMITED, visit, now)
            raise _too_often(pause)
        if account is None or not fits(old, account.password):
            note_event(settings, Event.SIGN_IN_FAILED, visit, now, "password change")
            raise _wrong()
        kept = hashed(new)
        with work(settings) as session:
            own = session.get_one(Account, account.id)
            own.password = kept
            accounts.end_keys(session, own, now, KeyKind.SESSION)
            note(session, Event.PASSWORD_CHANGED, visit, now)
            return accounts.give_key(session, own, KeyKind.SESSION, now, now + SESSION_LASTS, "password")


def acknowledge_letter(settings: Settings, token: str, visit: Visit, now: datetime) -> int:
    """Record that a letter was read; how many of its notices were not acknowledged before. Raises Refusal."""
    with work(settings) as session:
        letter, notices = letter_of_token(session, settings.signing_key(), token, now)
        new = acknowledge(session, notices, letter.name or "—", "link", now)
        if new:
            note(session, Event.ACKNOWLEDGED, visit, now, f"letter {letter.id}")
        return new


def note_event(settings: Settings, event: Event, visit: Visit, now: datetime, detail: str = "") -> None:
    """Keep it in the access log; where the database cannot take it, the machine's own log has it."""
    try:
        with work(settings) as session:
            note(session, event, visit, now, detail)
    except Exception:
        log.exception("not kept in the access log: %s %s %s", event, visit, detail)


@contextmanager
def _in_turn(settings: Settings) -> Iterator[None]:
    if not _one_at_a_time.acquire(timeout=WAITS_AT_MOST):
        raise _too_often(timedelta(seconds=WAITS_AT_MOST))
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with (settings.home / "sign-in.lock").open("a") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)  # let go as the file closes; no process holds it longer than one try
            yield
    finally:
        _one_at_a_time.release()


def _wrong() -> Refusal:
    return Refusal(
        "not_signed_in",
        Words("Không đăng nhập được.", "You are not signed in."),
        Words("Tên hoặc mật khẩu không đúng, hoặc tài khoản đã khóa.", "The name or password is wrong, or disabled."),
        Words("Nhập lại; quên mật khẩu thì hỏi người quản trị.", "Try again; the administrator can reset it."),
    )


def _too_often(pause: timedelta) -> Refusal:
    seconds = max(int(pause.total_seconds() + 0.999), 1)
    return Refusal(
        "tried_too_often",
        Words(f"Xin chờ {seconds} giây.", f"Please wait {seconds} seconds."),
        Words("Đã thử quá nhiều lần không đúng.", "It was tried and failed too often."),
        Words("Chờ rồi nhập lại, hoặc hỏi người quản trị.", "Wait and try again, or ask the administrator."),
        seconds=seconds,
    )


def _no_account_for(said: str) -> Refusal:
    return Refusal(
        "no_account",
        Words("Chưa có tài khoản cho người này.", "There is no account for this person."),
        Words(
            f"Hệ thống đăng nhập của cơ quan xác nhận “{said[:60]}”, nhưng ở đây chưa có tài khoản đó.",
            f"The office's sign-in vouches for “{said[:60]}”, and no account here bears that name.",
        ),
        Words("Người quản trị thêm bằng `tcpl users add --openid`.", "Have it added: `tcpl users add --openid`."),
    )
