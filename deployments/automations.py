"""The watch over the watch, kept by Prefect's server itself: it notices what no longer runs, and tells the operator.

The watchdog flow looks at our own database, and can say nothing when no flow runs. These automations need no flow:
the server sees its runs fail or stay away, and sends through Apprise. Registering them again renews them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prefect.automations import Automation
from prefect.client.orchestration import get_client
from prefect.events.actions import DoNothing, SendNotification
from prefect.events.schemas.automations import EventTrigger, Posture

from deployments.operator_address import block_for
from models.words import Words
from tasks.channels import BLOCK as BY_SECRET
from tasks.settings import Settings

BLOCK = "tcpl-operator"
BROKEN = {f"prefect.flow-run.{state}" for state in ("Failed", "Crashed", "TimedOut")}
ENDED = {*BROKEN, "prefect.flow-run.Completed", "prefect.flow-run.Cancelled"}
DONE = {"prefect.flow-run.Completed"}
BEGUN = {"prefect.flow-run.Running"}
NEXT_MORNING = timedelta(hours=26)
"""From a watch at 07:00 to 09:00 of the next day: by then there is another one, or the operator is told."""
DELIVERY_EVERY = timedelta(minutes=75)
DELIVERY_AT_MOST = timedelta(minutes=20)
"""A delivery ends within five minutes; one that is killed never says so."""


@dataclass(frozen=True)
class Watched:
    """One automation: what fires it, and what the operator reads. The name is the key under which it is renewed."""

    name: str
    trigger: EventTrigger
    subject: Words
    do: Words


def _of(flow: str) -> dict[str, Any]:
    """Events of a flow's runs."""
    return {
        "match": {"prefect.resource.id": "prefect.flow-run.*"},
        "match_related": {"prefect.resource.role": "flow", "prefect.resource.name": flow},
    }


def watched(spans: Mapping[str, timedelta] | None = None) -> list[Watched]:
    """Every automation. `spans` shortens a wait by the automation's name, for whoever wants to see one fire."""
    spans = spans or {}

    def absent(name: str, flow: str, after: set[str], expect: set[str], span: timedelta, **more: Any) -> EventTrigger:
        wait = spans.get(name, span)
        return EventTrigger(
            **_of(flow), posture=Posture.Proactive, after=after, expect=expect, threshold=1, within=wait, **more
        )

    def broken(flow: str) -> EventTrigger:
        return EventTrigger(**_of(flow), posture=Posture.Reactive, expect=BROKEN, threshold=1)

    return [
        Watched(
            "tcpl-watch-failed",
            broken("daily-watch"),
            Words("Lần rà hạn bị hỏng", "The daily watch failed"),
            Words(
                "Chạy `tcpl watch`; xem `tcpl health`. Chạy lại không xếp hàng gì hai lần.",
                "Run `tcpl watch`; see `tcpl health`. Doing it again queues nothing twice.",
            ),
        ),
        Watched(
            "tcpl-tick-failed",
            broken("annual-cycle"),
            Words("Lần mở kỳ và giai đoạn bị hỏng", "The yearly tick failed"),
            Words("Chạy `tcpl watch`: lệnh này làm cả hai.", "Run `tcpl watch`: it does both."),
        ),
        Watched(
            "tcpl-no-watch-by-nine",
            absent("tcpl-no-watch-by-nine", "daily-watch", DONE, DONE, NEXT_MORNING),
            Words("Đến 09:00 chưa có lần rà hạn nào", "No watch by 09:00"),
            Words(
                "Chạy `tcpl watch`, rồi xem vì sao lịch không chạy.", "Run `tcpl watch`, then see why no schedule ran."
            ),
        ),
        Watched(
            "tcpl-delivery-failed",
            broken("delivery"),
            Words("Lần gửi thông báo bị hỏng", "A delivery failed"),
            Words("Chạy `tcpl deliver`; xem `tcpl health`.", "Run `tcpl deliver`; see `tcpl health`."),
        ),
        Watched(
            "tcpl-delivery-stuck",
            absent(
                "tcpl-delivery-stuck",
                "delivery",
                BEGUN,
                ENDED,
                DELIVERY_AT_MOST,
                for_each={"prefect.resource.id"},
            ),
            Words("Một lần gửi thông báo không kết thúc", "A delivery does not end"),
            Words("Xem tiến trình còn sống không; `tcpl deliver`.", "See whether its process lives; `tcpl deliver`."),
        ),
        Watched(
            "tcpl-no-delivery",
            absent("tcpl-no-delivery", "delivery", DONE, DONE, DELIVERY_EVERY),
            Words("Không có lần gửi thông báo nào", "No delivery takes place"),
            Words("Chạy `tcpl deliver`; xem lịch còn chạy không.", "Run `tcpl deliver`; see whether schedules run."),
        ),
    ]


async def register(settings: Settings, spans: Mapping[str, timedelta] | None = None) -> list[str]:
    """Make each automation as the list says, or renew it; returns their names.

    Where the operator has no Apprise address, or the Secret block that holds it is not there yet, they stand in Prefect
    and fire, but tell nobody: the watchdog writes into the outbox then. The next start asks again.
    """
    block = await _block(settings)
    made = [_automation(one, block, settings) for one in watched(spans)]
    async with get_client() as client:
        for one in made:
            old = await client.read_automations_by_name(one.name)
            if not old:
                await one.acreate()
            elif not _same(old[0], one):
                one.id = old[0].id
                await one.aupdate()
            for surplus in old[1:]:
                await client.delete_automation(surplus.id)
    return [one.name for one in made]


def _same(old: Any, new: Automation) -> bool:
    """Renewing what has not changed would begin its wait anew: a machine restarted each day would never say a word."""
    said = ("name", "description", "enabled", "trigger", "actions")
    return all(getattr(old, part) == getattr(new, part) for part in said)


def _automation(one: Watched, block: Any, settings: Settings) -> Automation:
    subject, do = one.subject.to(settings.lang), one.do.to(settings.lang)
    return Automation(
        name=one.name,
        description=f"{subject}. {do}",
        trigger=one.trigger,
        actions=[
            SendNotification(block_document_id=block, subject=f"TCPL: {subject}", body=f"{subject}. {do}\n{one.name}")
            if block
            else DoNothing()
        ],
    )


async def _block(settings: Settings) -> Any:
    """The id of the operator's address as a block of Prefect, encrypted there; None where there is no address."""
    address = settings.operator or settings.channel
    if address is None:
        return None
    spoken = await _spoken(address.get_secret_value())
    block = block_for(spoken) if spoken is not None else None
    if block is None:
        return None
    return await block.asave(f"{BLOCK}-{block.get_block_type_slug()}", overwrite=True)


async def _spoken(address: str) -> str | None:
    """The address itself, where it is the name of a Secret block; None where there is no such block (yet)."""
    if not address.startswith(BY_SECRET):
        return address
    from prefect.blocks.system import Secret

    try:
        block = await Secret.aload(address.removeprefix(BY_SECRET))
    except ValueError:  # what Prefect raises for a block that is not there
        return None
    return str(block.get())
