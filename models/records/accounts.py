"""Who may look at the pages: accounts with a role and a territory, and the keys they hold (sessions, API tokens).

A key is kept only as its SHA-256: whoever reads the table cannot sign in with what stands there. Passwords are in
`models.records.passwords`; what a role sees of the records is in `models.records.territory`.
"""

import hashlib
import secrets
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.errors import Refusal
from models.records.base import Moment, Table
from models.records.prepared import prepared
from models.records.remembered import while_unchanged
from models.records.units import Unit
from models.words import Words

SECRET_BYTES = 32


class Role(StrEnum):
    """What an account may see. The first two see every record; the others what is of their unit, until it ends."""

    ADMINISTRATOR = "administrator"
    MINISTRY = "ministry"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


ROLE_WORDS = {
    Role.ADMINISTRATOR: Words("quản trị hệ thống", "administrator"),
    Role.MINISTRY: Words("Bộ", "Ministry"),
    Role.PROVINCE: Words("cấp tỉnh", "province"),
    Role.DISTRICT: Words("cấp huyện", "district"),
    Role.COMMUNE: Words("cấp xã", "commune"),
}
WITHOUT_TERRITORY = (Role.ADMINISTRATOR, Role.MINISTRY)


class KeyKind(StrEnum):
    SESSION = "session"
    API = "api"


class Account(Table):
    """A person or a machine. `unit_id` null: everything. `outside_name`: as whom the office's OpenID provider knows it.

    An account is of a unit, not of a code: a code is given to another unit when units are rearranged.
    """

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("name"), UniqueConstraint("outside_name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    password: Mapped[str | None] = mapped_column(String(200))
    outside_name: Mapped[str | None] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Moment)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)


class AccessKey(Table):
    """What an account shows at the door: a session's cookie, or an API token. `ended_at`: signed out, or withdrawn."""

    __tablename__ = "access_keys"
    __table_args__ = (UniqueConstraint("hash"), Index(None, "account_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(10))
    hash: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Held(NamedTuple):
    """The unit that an account is of, as far as the door asks."""

    id: int
    name: str
    level: str
    valid_to: date | None


class Holder(NamedTuple):
    """Who holds a key, and until when it is good; `unit` is null for those who see everything."""

    name: str
    role: str
    until: datetime
    unit: Held | None


def any_account(session: Session) -> bool:
    """Whether somebody may sign in: from then on, nobody sees anything without it."""
    return while_unchanged(session, "accounts", None, lambda: session.scalar(*_any()) is not None)


@prepared
def _any():
    return select(Account.id).where(Account.disabled_at.is_(None)).limit(1)


def plain_name(name: str) -> str:
    """A name as it is kept: people write theirs with capitals or without."""
    return name.strip().casefold()[:60]


def find_account(session: Session, name: str) -> Account | None:
    return session.scalar(select(Account).where(Account.name == plain_name(name)))


def find_outside(session: Session, names: list[str]) -> Account | None:
    """The account that the OpenID provider's names (its subject, a verified e-mail) stand for."""
    known = [name.strip().casefold() for name in names if name.strip()]
    found = session.scalars(select(Account).where(func.lower(Account.outside_name).in_(known))).all()
    return found[0] if len(found) == 1 else None


def give_key(session: Session, account: Account, kind: KeyKind, at: datetime, expires_at: datetime, label: str) -> str:
    """A new key of the account; the secret is returned once and kept nowhere."""
    said = secrets.token_urlsafe(SECRET_BYTES)
    session.add(
        AccessKey(
            account_id=account.id,
            kind=kind,
            hash=_hash(said),
            label=label[:60],
            made_at=at,
            expires_at=expires_at,
        )
    )
    return said


def holder_of_key(session: Session, said: str, kind: KeyKind, at: datetime) -> Holder | None:
    """Who holds the key, if it is one of ours, still good, and its account is not disabled."""
    hashed = _hash(said)
    found = while_unchanged(session, "holder", (hashed, kind), lambda: _asked(session, hashed, kind))
    return found if found and found.until > at else None


def _asked(session: Session, hashed: str, kind: KeyKind) -> Holder | None:
    row = session.execute(*_holder(hashed, kind)).first()
    if row is None:
        return None
    name, role, until, unit_id, *unit = row
    return Holder(name, role, until, None if unit_id is None else Held(unit_id, *unit))


@prepared
def _holder(hashed: str, kind: KeyKind):
    """The key's account and its unit, whether the key has expired or not."""
    of_unit = (Unit.id, Unit.name, Unit.level, Unit.valid_to)
    return (
        select(Account.name, Account.role, AccessKey.expires_at, *of_unit)
        .select_from(Account)
        .join(AccessKey, AccessKey.account_id == Account.id)
        .outerjoin(Unit, Unit.id == Account.unit_id)
        .where(
            AccessKey.hash == hashed,
            AccessKey.kind == kind,
            AccessKey.ended_at.is_(None),
            Account.disabled_at.is_(None),
        )
    )


def end_key(session: Session, said: str, at: datetime) -> None:
    session.execute(update(AccessKey).where(AccessKey.hash == _hash(said)).values(ended_at=at))


def end_keys(session: Session, account: Account, at: datetime, kind: KeyKind | None = None, label: str = "") -> int:
    """End the account's keys of a kind (null: all) and label ("": any); returns how many were still good."""
    ended = update(AccessKey).where(
        AccessKey.account_id == account.id, AccessKey.ended_at.is_(None), AccessKey.expires_at > at
    )
    if kind is not None:
        ended = ended.where(AccessKey.kind == kind)
    if label:
        ended = ended.where(AccessKey.label == label)
    result = session.execute(ended.values(ended_at=at).returning(AccessKey.id))
    return len(result.all())


def refuse_ended(unit: Unit | Held | None, on: date) -> None:
    """A district looks until it ends, and so does every other unit. Raises Refusal `territory_ended`."""
    if unit is not None and unit.valid_to is not None and unit.valid_to < on:
        day = f"{unit.valid_to:%d/%m/%Y}"
        raise Refusal(
            "territory_ended",
            Words(f"Tài khoản thuộc {unit.name} không còn dùng được.", f"The account is of {unit.name}, which ended."),
            Words(f"Đơn vị này kết thúc hoạt động ngày {day}.", f"The unit was in force until {day}."),
            Words(
                "Người quản trị chuyển tài khoản sang đơn vị kế thừa bằng `tcpl users move`.",
                "The administrator gives the account its successor: `tcpl users move`.",
            ),
        )


def _hash(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()
