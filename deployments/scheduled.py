"""The deployments of the catalogue, as Prefect knows them. Run as a module, this file is the process that runs them."""

from importlib import import_module
from typing import Any

import anyio
from prefect import serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.types.entrypoint import EntrypointType

from deployments.automations import register
from deployments.catalogue import CATALOGUE, ZONE, Deployed
from deployments.children import end_with_the_parent
from tasks.settings import Settings


def flow_of(deployed: Deployed) -> Any:
    """The flow, by a plain import: a broken one fails here and now, not behind Prefect's placeholder."""
    module, _, name = deployed.entrypoint.rpartition(".")
    return getattr(import_module(module), name)


def deployment(deployed: Deployed) -> RunnerDeployment:
    """An entry of the catalogue as a deployment of Prefect, schedules in the offices' zone."""
    made = flow_of(deployed).to_deployment(
        deployed.name,
        schedules=[CronSchedule(cron=cron, timezone=ZONE) for cron in deployed.crons],
        concurrency_limit=ConcurrencyLimitConfig(
            limit=deployed.concurrency_limit, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert isinstance(made, RunnerDeployment)
    return made


if __name__ == "__main__":
    end_with_the_parent()
    anyio.run(register, Settings())
    # a schedule that is paused at the end would stay paused at the next start
    serve(*map(deployment, CATALOGUE), pause_on_shutdown=False, print_starting_message=False)
