"""A recipient says that it has read, by the number of the notice or by the token of its link."""

from collections.abc import Sequence
from datetime import datetime

from models.records.notices_acknowledged import acknowledge, letter_of_token
from tasks.database import work
from tasks.settings import Settings


def acknowledge_notices(said: Sequence[str], by: str, at: datetime) -> tuple[list[int], int]:
    """Record that these were read; `said` are numbers or tokens. Returns the notices, and how many are new.

    Raises Refusal for a token that is not ours and for a number that does not exist; then nothing is recorded.
    """
    settings = Settings()
    with work(settings) as session:
        ids: list[int] = []
        for one in said:
            is_number = one.isascii() and one.isdecimal()
            ids += [int(one)] if is_number else letter_of_token(session, settings.signing_key(), one)[1]
        return ids, acknowledge(session, ids, by, "command", at)
