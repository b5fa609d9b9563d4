"""The board's page for a cycle of n communes, beside the plain SQL that no board can do without."""

from datetime import date, timedelta
from typing import Any

from starlette.testclient import TestClient

from dashboard.app import build
from tasks import clock, rehearsing
from tasks.settings import Settings
from tasks.ticking import tick
from tests.benchmarks import ground

STOP = date(2025, 1, 8)
PLAIN = (
    "SELECT step, district_id, last_day, due_day, done_on, count(*) FROM deadlines GROUP BY 1, 2, 3, 4, 5",
    "SELECT u.code, u.name, u.latitude, u.longitude, d.done_on FROM dossiers o JOIN units u ON u.id = o.unit_id"
    " JOIN deadlines d ON d.unit_id = o.unit_id AND d.step = 'submit-dossier'",
)
"""The counts by step, district and day, and every commune once: less cannot fill the page."""


def run(n: int, engine: str) -> dict[str, Any]:
    with ground.home(engine):
        script = rehearsing.write_script(ground.a_cycle(n).cycle, seed=7)
        tick(clock.moment(STOP - timedelta(days=20)))
        for day in (day for day in rehearsing.acting_days(script) if day <= STOP):
            rehearsing.act_on(script, day)
        pages = TestClient(build(lambda: clock.moment(STOP)), base_url="http://127.0.0.1")

        def look() -> None:
            pages.get("/").raise_for_status()

        look()  # the law is read and the pictures' engine starts once per process
        with ground.plain(Settings()) as connection:
            cursor = connection.cursor()

            def ask() -> None:
                for query in PLAIN:
                    cursor.execute(query)
                    cursor.fetchall()

            floor = ground.best_of(5, ask)
        return ground.answer("board", engine, n, ground.best_of(5, look), floor)
