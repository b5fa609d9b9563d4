"""Whether the machine is well, for a person, for a probe, and for Prometheus."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from dashboard.asked import Asked
from models.records import board, notice_pages
from models.records.board_provinces import figures_of
from models.records.cycle_choice import Named, cycles_known
from models.records.cycles import open_cycles
from models.records.notices import NoticeState, notices_by_cycle
from models.records.notices_health import offices_unreached
from models.records.remembered import remembered
from models.records.until_acts import lasts
from models.records.vital_signs import vital_signs
from tasks.health import examine
from tasks.prefect_runs import prefect_runs
from tasks.settings import Settings

UNREACHED_MOST, CYCLES_MOST = 60, 40
"""Of more cycles than these, which a country has, those that are closed are counted together."""


def health_page(session: Session, asked: Asked, settings: Settings) -> dict[str, Any]:
    """The checks of `tcpl health`, the queue by cycle, what Prefect means to run, offices that nobody answers for."""
    known = cycles_known(session)
    unreached = offices_unreached(session, open_cycles(session), asked.now)
    return {
        "known": known,
        "checks": examine(asked.now, settings),
        "signs": vital_signs(session, asked.now),
        "states": [(str(state), notice_pages.state_words(state).to(asked.language)) for state in NoticeState],
        "queues": queues(session, known),
        "journal": _acts_of(session, known),
        "runs": prefect_runs(asked.now),
        "cycles_most": CYCLES_MOST,
        "unreached": unreached[:UNREACHED_MOST],
        "unreached_all": len(unreached),
        "disk": disk_of(settings),
        "prefect": f"http://127.0.0.1:{settings.prefect_port}",
    }


def _acts_of(session: Session, known: Sequence[Named]) -> dict[int, int]:
    """How many acts were done in each of these cycles; absent where none was. Of many counted once a minute."""
    ids = [one.cycle.id for one in known]

    def count() -> dict[int, int]:
        return {one: last.number for one, last in lasts(session, ids).items() if last.number is not None}

    return remembered(session, "acts", tuple(ids), count, acts=False) if len(ids) > CYCLES_MOST else count()


def queues(session: Session, known: Sequence[Named]) -> list[dict[str, Any]]:
    """Notices by state, a row per cycle that has any, and one for those that belong to none."""
    still_open = [one for one in known if one.closed_on is None] if len(known) > CYCLES_MOST else known
    found = notices_by_cycle(session, [one.cycle.id for one in still_open])
    rows = [{"named": one, "counts": found[one.cycle.id]} for one in known if one.cycle.id in found]
    return rows + ([{"named": None, "counts": found[None]}] if None in found else [])


def disk_of(settings: Settings) -> dict[str, Any]:
    """Bytes of the disk under the home, and of the database where it is a file there."""
    place = settings.home if settings.home.exists() else Path.cwd()
    usage = shutil.disk_usage(place)
    file = settings.home / "tcpl.db"
    return {
        "free": usage.free,
        "total": usage.total,
        "free_share": usage.free / usage.total,
        "database": file.stat().st_size if file.exists() else None,
    }


def metrics(session: Session, asked: Asked) -> str:
    """Prometheus text (exposition format 0.0.4): counts by stage and state, overdue, queue, ages of the pulses."""
    signs = vital_signs(session, asked.now)
    lines = ["# HELP tcpl_dossiers Subjects of a stage by how they stand.", "# TYPE tcpl_dossiers gauge"]
    overdue = ["# HELP tcpl_overdue Deadlines past their day and not done.", "# TYPE tcpl_overdue gauge"]
    still_open = [named for named in cycles_known(session) if named.closed_on is None]
    cycles = [named.cycle for named in still_open]
    late = board.overdue_of(session, [cycle.id for cycle in cycles], asked.on)
    figures = figures_of(session, cycles, asked.on)
    for named in still_open:
        labels = f'cycle="{named.name}"'
        for found in figures[named.cycle.id]:
            lines += [
                f'tcpl_dossiers{{{labels},stage="{found.stage}",state="{state}"}} {count}'
                for state, count in found.all.__dict__.items()
            ]
        overdue.append(f"tcpl_overdue{{{labels}}} {late[named.cycle.id]}")
    queue = ["# HELP tcpl_notices Notices by state.", "# TYPE tcpl_notices gauge"]
    queue += [f'tcpl_notices{{state="{state}"}} {count}' for state, count in signs["queue"].items()]
    ages = [
        "# HELP tcpl_pulse_age_seconds Time since the last watch or delivery.",
        "# TYPE tcpl_pulse_age_seconds gauge",
    ]
    ages += [
        f'tcpl_pulse_age_seconds{{name="{name}"}} {pulse["age"]:.0f}'
        for name, pulse in signs["pulses"].items()
        if pulse["age"] is not None
    ]
    stuck = ["# HELP tcpl_stuck_claims Claims that expired.", "# TYPE tcpl_stuck_claims gauge"]
    return "\n".join([*lines, *overdue, *queue, *ages, *stuck, f"tcpl_stuck_claims {signs['stuck'] or 0}", ""])
