"""The morning's tick without Prefect, for the command line: the same acts in the same order as `flows.annual_cycle`."""

from dataclasses import dataclass, field
from datetime import datetime

from tasks.opening import Planned, cycles_open, open_planned_cycles
from tasks.stages import close_cycles, close_stage, note_missed, open_stage, stages_with_work


@dataclass
class Ticked:
    """What a tick opened, cycles and stages, and the planned cycles that could not open."""

    opened: list[dict[str, object]] = field(default_factory=list)
    refused: list[Planned] = field(default_factory=list)


def tick(at: datetime) -> Ticked:
    """Open what is due, note what was missed, close what is finished."""
    ticked = Ticked()
    for year in (at.year - 1, at.year):
        for planned in open_planned_cycles(year, at):
            if planned.created:
                ticked.opened.append({"province": planned.province, "year": year})
            if planned.refused:
                ticked.refused.append(planned)
        cycle_ids = cycles_open(year)
        for stage, wanting in stages_with_work(cycle_ids, at).items():
            opened = open_stage(wanting, stage, at)
            ticked.opened += [{"cycle": cycle_id, "stage": str(stage)} for cycle_id in opened]
            note_missed(wanting, stage, at)
            close_stage(wanting, stage, at)
        close_cycles(cycle_ids, at)
    return ticked
