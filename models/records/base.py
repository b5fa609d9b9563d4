"""The base of all tables, and two column types that behave alike on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, DateTime, MetaData, Numeric, String, false, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator


class Table(DeclarativeBase):
    """Every table of ours; constraints have names, so that migrations can speak of them on both engines."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

    @classmethod
    def of_territory(cls) -> ColumnElement[bool]:
        """Which rows a narrowed session answers with: `models.records.territory_rules` says it for every table."""
        return false()


class Moment(TypeDecorator[datetime]):
    """A moment with its offset, kept in UTC. SQLite hands back naive datetimes; this gives them their zone again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone is not a moment")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactPoints(TypeDecorator[Decimal]):
    """Decimals that stay exact on both engines: NUMERIC(9,4) on PostgreSQL, zero-padded text on SQLite.

    Padded ("0079.5000"), text sorts and compares as the numbers do; SQLite has no exact decimal of its own.
    """

    impl = Numeric(9, 4)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return String(10) if dialect.name == "sqlite" else Numeric(9, 4)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return f"{value:010.4f}"

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else Decimal(value)


def forget(session: Session, table: type[Table]) -> None:
    """Rows of the table that were read are read again at their next use: a statement has changed them underneath.

    Only of that table: what is expired is fetched row by row, and an act goes on using the rest.
    """
    for row in session:
        if isinstance(row, table):
            session.expire(row)


def count_rows(session: Session, tables: str) -> None:
    """Tell PostgreSQL what was just put into these tables; its own counting comes a minute later, after the commit.

    Without it a join of 400 tasks and 100 units took 12 s, and that of 200 dossiers and the calendar 70 s. A table
    that another act is counting is passed over: nobody waits for a count.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ANALYZE (SKIP_LOCKED) {tables}"))
