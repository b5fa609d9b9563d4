"""The board's figures over n dossiers, against the one plain GROUP BY that they cannot do without."""

from datetime import date
from typing import Any

from models.records import board
from models.records.cycles import Cycle, law_of
from tasks.database import reading
from tasks.settings import Settings
from tests.benchmarks import ground

DAY = date(2025, 1, 12)
PLAIN = """
SELECT step, district_id, max(last_day), count(CASE WHEN done_on <= last_day THEN 1 END),
       count(CASE WHEN done_on > last_day THEN 1 END), count(CASE WHEN done_on IS NULL THEN 1 END), count(*)
FROM deadlines GROUP BY step, district_id
"""


def run(n: int, engine: str) -> dict[str, Any]:
    with ground.home(engine):
        cycle_id = ground.a_cycle(n).cycle

        def look() -> None:
            with reading() as session:
                cycle = session.get_one(Cycle, cycle_id)
                board.figures(session, cycle, law_of(session, cycle), DAY)

        look()
        with ground.plain(Settings()) as connection:
            cursor = connection.cursor()

            def group() -> None:
                cursor.execute(PLAIN)
                cursor.fetchall()

            floor = ground.best_of(5, group)
        return ground.answer("board", engine, n, ground.best_of(5, look), floor)
