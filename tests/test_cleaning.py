"""What is kept for a time only goes after its time, and nothing else does."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from models.records import access_log
from models.records.access_log import AccessEvent
from models.records.journal import Entry
from tasks import clock
from tasks.cleaning import clean
from tasks.database import reading, work
from tasks.settings import Settings

NOW = clock.moment(date(2025, 1, 8))


@pytest.mark.usefixtures("trial")
def test_old_lines_of_the_access_log_go_and_the_journal_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    ages = (timedelta(days=Settings().access_log_days + 1), timedelta(days=1))
    with work() as session:
        for age in ages:
            access_log.note(session, access_log.Event.SIGNED_IN, access_log.Visit("a", "127.0.0.1", "/"), NOW - age)
        entries = session.scalar(select(func.count()).select_from(Entry))
    assert clean(NOW).visits == 1
    assert clean(NOW).visits == 0
    with reading() as session:
        assert session.scalars(select(AccessEvent.last_at)).all() == [NOW - ages[1]]
        assert session.scalar(select(func.count()).select_from(Entry)) == entries
