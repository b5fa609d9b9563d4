"""What a run is called on Prefect's page: its flow and the day that it looks at."""

from prefect.runtime import flow_run


def flow_and_day() -> str:
    """`daily-watch 2025-01-09`: the day given, else the day for which the run was scheduled."""
    scheduled = flow_run.scheduled_start_time
    day = flow_run.parameters.get("day") or (scheduled.astimezone().date() if scheduled else "")
    return f"{flow_run.flow_name} {day}".strip()
