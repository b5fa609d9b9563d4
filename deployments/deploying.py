"""`tcpl deploy`: every flow of the catalogue in a work pool of a Prefect server elsewhere; workers run them.

The workers have this checkout installed, so that an entrypoint is a module path and nothing is fetched at run time.
"""

from contextlib import suppress
from dataclasses import dataclass

import anyio
import httpx
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.context import SyncClientContext
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists

from deployments.automations import register
from deployments.catalogue import ACTS, CATALOGUE
from deployments.scheduled import deployment, run_form
from models.errors import Fault
from models.words import Words
from tasks.settings import Settings


@dataclass(frozen=True)
class Registered:
    """A deployment as the server knows it now."""

    name: str
    id: str


def deploy(pool: str) -> list[Registered]:
    """Create the process work pool where it is missing; register every deployment and automation, or renew them.

    Raises Fault where no server answers at PREFECT_API_URL.
    """
    try:
        anyio.run(_make_pool, pool)
        with SyncClientContext.get_or_create():  # else each would read the certificates and ask for the version anew
            deployed = [_register(one, pool) for one in (*map(deployment, CATALOGUE), *map(run_form, ACTS))]
        anyio.run(register, Settings())
        return deployed
    except (httpx.TransportError, OSError) as error:
        raise _no_server() from error


async def _make_pool(pool: str) -> None:
    async with get_client() as client:
        with suppress(ObjectAlreadyExists):
            await client.create_work_pool(WorkPoolCreate(name=pool, type="process"))


def _register(made: RunnerDeployment, pool: str) -> Registered:
    made.work_pool_name = pool
    return Registered(made.name, str(made.apply()))


def _no_server() -> Fault:
    return Fault(
        "prefect_unreachable",
        Words("Không liên lạc được với máy chủ Prefect.", "Prefect's server cannot be reached."),
        Words("Không có máy chủ nào trả lời ở PREFECT_API_URL.", "No server answers at PREFECT_API_URL."),
        Words(
            "Đặt PREFECT_API_URL=http://may-chu:4200/api rồi chạy lại.",
            "Set PREFECT_API_URL=http://server:4200/api and run it again.",
        ),
    )
