"""`tcpl health`, `tcpl reconcile`: is the machine well, and has everything gone out that should have."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from cli.answers import answer, manner, say
from cli.days import moment_or_refusal
from tasks import clock

Now = Annotated[str | None, typer.Option("--now", metavar="MOMENT", help="thời điểm · the moment (ISO)")]


def add_to(app: typer.Typer) -> None:
    app.command("health", help="Hệ thống có khỏe không · is the machine well")(health)
    app.command("reconcile", help="Đối chiếu thông báo phải gửi và đã gửi · expected against actual")(reconcile)


def health(now: Now = None) -> None:
    from tasks.health import examine

    checks = examine(moment_or_refusal(now) if now else clock.now())
    healthy = all(check.ok for check in checks)
    document = {
        "healthy": healthy,
        "checks": [
            {"check": check.name, "ok": check.ok, "detail": check.detail.to(manner.language)} for check in checks
        ],
    }

    def tell(console: Console) -> None:
        for check in checks:
            mark = "[green]✓[/]" if check.ok else "[bold red]✗[/]"
            console.print(
                f"{mark} [bold]{check.title.to(manner.language)}[/]: {escape(check.detail.to(manner.language))}"
            )

    answer(document, tell)
    if not healthy:
        raise typer.Exit(1)


def reconcile(
    repair: Annotated[bool, typer.Option("--repair", help="xếp hàng gửi bù · queue what is missing")] = False,
    now: Now = None,
) -> None:
    from tasks.reconciling import reconcile as compare

    found = compare(moment_or_refusal(now) if now else clock.now(), mend=repair)
    answer(found, lambda console: _tell(console, found))


def _tell(console: Console, found: dict[str, Any]) -> None:
    console.print(
        say(
            f"Phải có {found['expected']}, đã có {found['actual']}, bậc sau đã nói thay {found['overtaken']}; "
            f"thiếu {len(found['missing'])}, trùng {len(found['doubled'])}, gửi bù {found['repaired']}.",
            f"Expected {found['expected']}, there are {found['actual']}, told by a later rung {found['overtaken']}; "
            f"missing {len(found['missing'])}, doubled {len(found['doubled'])}, repaired {found['repaired']}.",
        )
    )
    for one in found["missing"][:20]:
        console.print(f"  - {escape(one['key'])}")
