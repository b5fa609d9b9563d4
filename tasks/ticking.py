"""The morning's tick without Prefect, for the command line: the same acts in the same order as `flows.annual_cycle`."""

from datetime import datetime

from tasks.opening import cycles_open, open_planned_cycles
from tasks.stages import close_cycles, close_stage, note_missed, open_stage, stages_with_work


def tick(at: datetime) -> list[dict[str, object]]:
    """Open what is due, note what was missed, close what is finished; what was opened: cycles and stages."""
    opened: list[dict[str, object]] = []
    for year in (at.year - 1, at.year):
        for planned in open_planned_cycles(year, at):
            if planned.created:
                opened.append({"province": planned.province, "year": year})
        cycle_ids = cycles_open(year)
        for stage, wanting in stages_with_work(cycle_ids, at).items():
            opened += [{"cycle": cycle_id, "stage": str(stage)} for cycle_id in open_stage(wanting, stage, at)]
            note_missed(wanting, stage, at)
            close_stage(wanting, stage, at)
        close_cycles(cycle_ids, at)
    return opened
