"""Accounts as an administrator sets them up: who, which role, of which unit; passwords and API tokens shown once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.errors import Refusal
from models.records import access_log, accounts
from models.records.accounts import WITHOUT_TERRITORY, AccessKey, Account, KeyKind, Role
from models.records.passwords import hashed, make_one
from models.records.unit_rows import LEVELS, Level
from models.records.unit_search import unit_or_refusal
from models.records.units import Unit
from models.words import Words
from tasks.database import reading, work

LONGEST_TOKEN = timedelta(days=400)
LONGEST_NAME = 60


def add_user(
    name: str,
    role: Role,
    unit_code: str | None,
    at: datetime,
    *,
    password: str | None = None,
    outside_name: str | None = None,
    may_sign_in: bool = True,
) -> dict[str, Any]:
    """A new account: {"name", "role", "unit", "password"}; the password is null where one was given, or none is wanted.

    Raises Refusal: the name is taken or none, the unit does not fit the role, the first is not an administrator.
    """
    plain = accounts.plain_name(name)
    if not plain or not plain.isprintable() or " " in plain or len(name.strip()) > LONGEST_NAME:
        raise _bad_name(name)
    made = make_one() if password is None and outside_name is None and may_sign_in else None
    kept = hashed(password or made or "") if password is not None or made is not None else None
    with work() as session:
        if accounts.find_account(session, plain) is not None:
            raise _taken(plain)
        if role is not Role.ADMINISTRATOR and not accounts.any_account(session):
            raise _first_is_administrator()
        unit = _unit(session, role, unit_code, at.date())
        outside = _outside(session, outside_name)
        session.add(
            Account(
                name=plain,
                role=role,
                unit_id=unit.id if unit else None,
                password=kept,
                outside_name=outside,
                made_at=at,
            )
        )
        return {"name": plain, "role": str(role), "unit": unit.code if unit else None, "password": made}


def disable_user(name: str, at: datetime) -> dict[str, Any]:
    """Shut an account and end its sessions and tokens. The last administrator stays."""
    with _account(name) as (session, account):
        others = select(func.count()).where(
            Account.role == Role.ADMINISTRATOR, Account.disabled_at.is_(None), Account.id != account.id
        )
        if account.role == Role.ADMINISTRATOR and account.disabled_at is None and not session.scalar(others):
            raise _last_administrator(account.name)
        account.disabled_at = account.disabled_at or at
        return {
            "name": account.name,
            "disabled_at": account.disabled_at,
            "ended": accounts.end_keys(session, account, at),
        }


def reset_user(name: str, at: datetime, password: str | None = None) -> dict[str, Any]:
    """A new password, shown once where none is given; sessions end, and a disabled account is open again."""
    made = make_one() if password is None else None
    kept = hashed(password or made or "")
    with _account(name) as (session, account):
        account.password, account.disabled_at = kept, None
        ended = accounts.end_keys(session, account, at, KeyKind.SESSION)
        return {"name": account.name, "password": made, "ended": ended}


def move_user(name: str, unit_code: str, at: datetime) -> dict[str, Any]:
    """Give an account another unit of its level, for instance the successor of one that ended."""
    with _account(name) as (session, account):
        unit = _unit(session, Role(account.role), unit_code, at.date())
        account.unit_id = unit.id if unit else None
        ended = accounts.end_keys(session, account, at, KeyKind.SESSION)
        return {"name": account.name, "unit": unit.code if unit else None, "ended": ended}


def give_token(name: str, label: str, days: int, at: datetime) -> dict[str, Any]:
    """An API token of the account, with its role and territory; shown once. Another of the same label ends."""
    if not label.strip() or len(label) > LONGEST_NAME or not label.isprintable():
        raise _bad_label(label)
    with _account(name) as (session, account):
        if account.disabled_at is not None:
            raise _disabled(account.name)
        ended = accounts.end_keys(session, account, at, KeyKind.API, label)
        until = at + min(timedelta(days=days), LONGEST_TOKEN)
        token = accounts.give_key(session, account, KeyKind.API, at, until, label)
        return {"name": account.name, "label": label, "token": token, "expires_at": until, "ended": ended}


def end_token(name: str, label: str, at: datetime) -> dict[str, Any]:
    with _account(name) as (session, account):
        return {"name": account.name, "ended": accounts.end_keys(session, account, at, KeyKind.API, label)}


def list_users(at: datetime) -> list[dict[str, Any]]:
    """Every account with its unit, whether it can sign in, and its tokens."""
    with reading() as session:
        tokens: dict[int, list[dict[str, Any]]] = {}
        good = (AccessKey.kind == KeyKind.API, AccessKey.ended_at.is_(None), AccessKey.expires_at > at)
        for key in session.scalars(select(AccessKey).where(*good).order_by(AccessKey.id)):
            tokens.setdefault(key.account_id, []).append({"label": key.label, "expires_at": key.expires_at})
        rows = session.execute(
            select(Account, Unit).outerjoin(Unit, Unit.id == Account.unit_id).order_by(Account.name)
        ).tuples()
        return [_listed(account, unit, tokens.get(account.id, []), at.date()) for account, unit in rows]


def _listed(account: Account, unit: Unit | None, tokens: list[dict[str, Any]], on: date) -> dict[str, Any]:
    return {
        "name": account.name,
        "role": account.role,
        "unit": unit.code if unit else None,
        "unit_name": unit.name if unit else None,
        "unit_ended": unit is not None and unit.valid_to is not None and unit.valid_to < on,
        "password": account.password is not None,
        "outside_name": account.outside_name,
        "made_at": account.made_at,
        "disabled_at": account.disabled_at,
        "tokens": tokens,
    }


def access_events(since: datetime | None, most: int) -> list[dict[str, Any]]:
    """The access log, newest first."""
    names = ("event", "account", "address", "path", "detail", "times", "first_at", "last_at")
    with reading() as session:
        return [{name: getattr(one, name) for name in names} for one in access_log.events(session, since, most)]


@contextmanager
def _account(name: str) -> Iterator[tuple[Session, Account]]:
    with work() as session:
        account = accounts.find_account(session, name)
        if account is None:
            raise Refusal(
                "no_such_user",
                Words(f"Không có tài khoản “{name[:60]}”.", f"There is no account “{name[:60]}”."),
                Words("Tên chưa được tạo, hoặc ghi sai.", "It was never made, or the name is misspelt."),
                Words("Xem danh sách bằng `tcpl users list`.", "See them with `tcpl users list`."),
            )
        yield session, account


def _unit(session: Session, role: Role, code: str | None, on: date) -> Unit | None:
    """The unit in force that the role is of; null for those who see everything."""
    if role in WITHOUT_TERRITORY:
        if code:
            raise _unit_and_role(role, Words("vai trò này xem mọi địa bàn", "this role sees every territory"))
        return None
    if not code:
        raise _unit_and_role(role, Words("vai trò này cần --unit MÃ", "this role needs --unit CODE"))
    level: Level = next(level for level in LEVELS if level == role.value)  # the role's name is the level's
    return unit_or_refusal(session, code, on, level)


def _outside(session: Session, name: str | None) -> str | None:
    known = name.strip().casefold()[:200] if name else None
    if known and accounts.find_outside(session, [known]) is not None:
        raise _taken(known)
    return known


def _bad_name(name: str) -> Refusal:
    return Refusal(
        "bad_user_name",
        Words(f"Không dùng được tên “{name[:40]}”.", f"The name “{name[:40]}” is not taken."),
        Words(
            f"Tên không rỗng, không có dấu cách, nhiều nhất {LONGEST_NAME} ký tự.",
            f"A name is not empty, has no spaces and {LONGEST_NAME} signs at most.",
        ),
        Words("Ví dụ: nguoi.phu.trach@stp.", "For instance: focal.person@stp."),
    )


def _bad_label(label: str) -> Refusal:
    return Refusal(
        "bad_token_label",
        Words(f"Không dùng được nhãn “{label[:40]}”.", f"The label “{label[:40]}” is not taken."),
        Words(
            f"Nhãn cho biết mã dùng ở đâu: từ 1 đến {LONGEST_NAME} ký tự in được.",
            f"A label says where the token is used: 1 to {LONGEST_NAME} printable signs.",
        ),
        Words("Ví dụ: --label bao-cao-thang.", "For instance: --label monthly-report."),
    )


def _taken(name: str) -> Refusal:
    return Refusal(
        "user_exists",
        Words(f"Tài khoản “{name}” đã có.", f"There is an account “{name}” already."),
        Words("Mỗi tên là một tài khoản.", "A name is one account."),
        Words(
            "Đặt lại mật khẩu bằng `tcpl users reset`, hoặc chọn tên khác.",
            "Reset it with `tcpl users reset`, or take another name.",
        ),
    )


def _first_is_administrator() -> Refusal:
    return Refusal(
        "first_is_administrator",
        Words("Tài khoản đầu tiên phải là quản trị.", "The first account is an administrator's."),
        Words(
            "Từ tài khoản đầu tiên, mọi trang đều đòi đăng nhập, kể cả trên máy này.",
            "From the first account on every page asks for a sign-in, on this machine too.",
        ),
        Words("Chạy `tcpl users add TÊN --role administrator` trước.", "`tcpl users add NAME --role administrator`."),
    )


def _last_administrator(name: str) -> Refusal:
    return Refusal(
        "last_administrator",
        Words(f"Không khóa được “{name}”.", f"“{name}” is not disabled."),
        Words("Đó là quản trị viên cuối cùng.", "It is the last administrator."),
        Words("Thêm một quản trị viên khác trước.", "Add another administrator first."),
    )


def _disabled(name: str) -> Refusal:
    return Refusal(
        "user_disabled",
        Words(f"Tài khoản “{name}” đã khóa.", f"The account “{name}” is disabled."),
        Words("Tài khoản đã khóa không nhận mã truy cập.", "A disabled account is given no token."),
        Words("Mở lại bằng `tcpl users reset`.", "Open it again with `tcpl users reset`."),
    )


def _unit_and_role(role: Role, why: Words) -> Refusal:
    return Refusal(
        "unit_and_role",
        Words(f"Vai trò “{role}” và địa bàn không khớp.", f"The role “{role}” and the unit do not fit."),
        why,
        Words("Sửa --role hoặc --unit.", "Change --role or --unit."),
    )
