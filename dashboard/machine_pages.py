"""Whether the machine is well, for a person, for a probe, and for Prometheus."""

import shutil
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from dashboard.asked import Asked
from models.records import board
from models.records.cycle_choice import cycles_known
from models.records.cycles import law_of
from models.records.vital_signs import vital_signs
from tasks.settings import Settings


def health_page(session: Session, asked: Asked, settings: Settings) -> dict[str, Any]:
    """The vital signs beside what the disk says; `checks` is what must be well, each with why."""
    signs = vital_signs(session, asked.now)
    disk = disk_of(settings)
    return {
        "signs": signs,
        "disk": disk,
        "prefect": f"http://127.0.0.1:{settings.prefect_port}",
        "checks": checks(signs, disk),
    }


def checks(signs: dict[str, Any], disk: dict[str, Any]) -> dict[str, bool]:
    """What must be well: name -> whether it is."""
    return {
        "watch": signs["pulses"]["watch"]["ok"],
        "delivery": signs["pulses"]["delivery"]["ok"],
        "stuck": not signs["stuck"],
        "abandoned": not signs["queue"]["abandoned"],
        "disk": disk["free_share"] > 0.05,
    }


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
    for named in cycles_known(session):
        cycle = named.cycle
        if cycle.closed_on is None:
            labels = f'cycle="{named.name}"'
            for found in board.figures(session, cycle, law_of(session, cycle), asked.on):
                lines += [
                    f'tcpl_dossiers{{{labels},stage="{found.stage}",state="{state}"}} {count}'
                    for state, count in found.all.__dict__.items()
                ]
            overdue.append(f"tcpl_overdue{{{labels}}} {board.overdue_on(session, [cycle.id], asked.on)}")
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
