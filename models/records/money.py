"""Amounts of money in tables: whole đồng, exact on both engines, summed by the database as integers."""

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class WholeDong(TypeDecorator[Decimal]):
    """A Decimal of whole đồng in a BIGINT: SQLite has no exact decimal, and a sum of texts would be a float."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:  # noqa: ARG002
        if value is None:
            return None
        amount = Decimal(value)
        if amount != amount.to_integral_value():
            raise ValueError("the đồng has no parts")
        return int(amount)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value)
