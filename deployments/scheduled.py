"""The deployments of the catalogue, as Prefect knows them. Run as a module, this file is the process that runs them."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.client.schemas.schedules import CronSchedule
from prefect.context import AsyncClientContext
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.runner import Runner
from prefect.types.entrypoint import EntrypointType

from deployments.automations import register
from deployments.catalogue import ACTS, CATALOGUE, ZONE, Act, Deployed
from deployments.children import end_with_the_parent
from tasks.settings import Settings


def flow_of(deployed: Deployed | Act) -> Any:
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


def run_form(act: Act) -> RunnerDeployment:
    """An act as a deployment that waits for a person to fill its form in."""
    made = flow_of(act).to_deployment(
        act.name, description=act.words, tags=[act.topic], entrypoint_type=EntrypointType.MODULE_PATH
    )
    assert isinstance(made, RunnerDeployment)
    return made


async def run_all(scheduled: Sequence[RunnerDeployment]) -> None:
    """Register what has a schedule and run it; automations and forms follow meanwhile, through one client for all."""
    runner = Runner(pause_on_shutdown=False)  # a schedule that is paused at the end would stay paused at the next start
    await nobody_runs([await runner.aadd_deployment(one) for one in scheduled])
    forms = asyncio.create_task(_add_the_rest(runner))
    await runner.start()
    await forms


async def nobody_runs(deployments: Sequence[UUID]) -> None:
    """Give back the places that runs of a process before this one still hold: they have ended with it.

    Else the first run after a kill would wait until their leases have run out, for five minutes.
    """
    async with get_client() as client:
        for one in deployments:
            with suppress(ObjectNotFound):
                await client.update_global_concurrency_limit(f"deployment:{one}", _NOBODY)


_NOBODY = GlobalConcurrencyLimitUpdate(active_slots=0)


async def _add_the_rest(runner: Runner) -> None:
    async with AsyncClientContext.get_or_create():
        for act in ACTS:
            await runner.aadd_deployment(await asyncio.to_thread(run_form, act))
        await register(Settings())


if __name__ == "__main__":
    end_with_the_parent()
    with suppress(KeyboardInterrupt):
        asyncio.run(run_all([*map(deployment, CATALOGUE)]))
