"""One daily watch over n open dossiers, against reading the open deadlines and writing the same notices plainly.

`beside_10_cycles_of_history`: the same watch with ten closed cycles of as many dossiers in the tables, against that
without them. The act alone; what Prefect adds to its run is measured by the soaks and printed there.
"""

import os
from collections.abc import Mapping
from datetime import date
from typing import Any

from tasks import clock
from tasks.settings import Settings
from tasks.watching import watch_all
from tests.benchmarks import ground

EARLIER, DAY = date(2024, 12, 20), date(2024, 12, 26)
"""Fourteen days before 09/01: every commune stands on a rung."""
PAST = 10


def run(n: int, engine: str) -> dict[str, Any]:
    alone, own, floor, overhead = _watched(n, engine, 0)
    peak = ground.peak_mb()
    beside, _, _, _ = _watched(n, engine, PAST)
    line = ground.answer("watch", engine, n, alone, floor, peak)
    more = {"seconds": round(beside, 4), "ratio": round(beside / alone, 2)}
    run_ = {"seconds": round(overhead, 4)}
    return line | {
        "cpu_seconds": round(own, 3),
        "beside": {f"{PAST} cycles of history": more, "Prefect's own run": run_},
    }


def _watched(n: int, engine: str, past: int) -> tuple[float, float, float, float]:
    """(seconds, own seconds, the floor's, what Prefect adds) of the watch, with so many closed cycles in the tables."""
    with ground.home(engine) as settings:
        cycle = ground.a_cycle(n).cycle
        watch_all(EARLIER, clock.moment(EARLIER))  # statements compiled, as in a running process
        if past:
            _copy_into_the_past(cycle, past)
        if engine == "postgresql":  # what its autovacuum does in the first minute; SQLite is used as it is
            with ground.plain(settings) as connection:
                connection.autocommit = True
                connection.cursor().execute("VACUUM ANALYZE")
        seconds, own = ground.cpu_of(lambda: watch_all(DAY, clock.moment(DAY)))
        if past:
            return seconds, own, 0.0, 0.0
        floor = _read_plainly(settings, cycle) + ground.floor(["notices"])
        return seconds, own, floor, _prefect_adds(settings)


def _read_plainly(settings: Settings, cycle: int) -> float:
    """Seconds to fetch the open deadlines with their holders, which any watch has to look at."""
    query = (
        "SELECT d.unit_id, d.step, d.occasion, d.due_day, d.stage, a.id, a.actor, u.code FROM deadlines d"
        " JOIN agencies a ON a.unit_id = d.holder_id AND a.actor = d.actor JOIN units u ON u.id = d.unit_id"
        f" WHERE d.cycle_id = {cycle} AND d.due_day IS NOT NULL AND d.done_on IS NULL"
    )
    with ground.plain(settings) as connection:
        cursor = connection.cursor()

        def read() -> None:
            cursor.execute(query)
            cursor.fetchall()

        return ground.best_of(3, read)


def _prefect_adds(settings: Settings) -> float:
    """Seconds by which the watch as a flow run takes longer than the act: the same quiet repeat, both ways."""
    from deployments import prefect_server
    from deployments.children import free_port

    port = free_port()
    with prefect_server.start(settings.home, port, quiet=True) as server:
        os.environ.update(prefect_server.environment(settings.home, port))  # before Prefect is imported
        from flows.daily_watch import daily_watch

        prefect_server.wait(server, port)
        daily_watch(day=DAY, publish=False)
        flow = ground.best_of(2, lambda: daily_watch(day=DAY, publish=False))
        return flow - ground.best_of(2, lambda: watch_all(DAY, clock.moment(DAY)))


def _copy_into_the_past(cycle: int, times: int) -> None:
    """The cycle's dossiers, deadlines and a dozen notices of each dossier again, as cycles of earlier years, closed."""
    with ground.plain(Settings()) as connection:
        cursor = connection.cursor()
        cursor.execute("BEGIN")
        for back in range(1, times + 1):
            new = cycle + back
            instead = {"id": str(new), "year": f"year - {back}", "closed_on": "'2024-01-01'"}
            _copy(cursor, "cycles", instead, f"id = {cycle}")
            _copy(cursor, "dossiers", {"id": None, "cycle_id": str(new)}, f"cycle_id = {cycle}")
            _copy(cursor, "deadlines", {"cycle_id": str(new)}, f"cycle_id = {cycle}")
            for rung in range(12):
                cursor.execute(
                    "INSERT INTO notices (key, cycle_id, unit_id, kind, state, queued_at, not_before, attempts,"
                    f" step, occasion, rung) SELECT '{new}/{rung}/' || id, {new}, unit_id, 'reminder', 'sent',"
                    f" '2023-12-26 00:00:00', '2023-12-26 00:00:00', 1, 'submit-dossier', '', {rung}"
                    f" FROM dossiers WHERE cycle_id = {cycle}"
                )
        connection.commit()


def _copy(cursor: Any, table: str, instead: Mapping[str, str | None], where: str) -> None:
    """Rows again with other values in these columns; None: the database gives its own."""
    cursor.execute(f"SELECT * FROM {table} LIMIT 0")
    names = [column[0] for column in cursor.description if instead.get(column[0], "") is not None]
    chosen = ", ".join(instead.get(name) or name for name in names)
    cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {chosen} FROM {table} WHERE {where}")
