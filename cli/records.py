"""`tcpl journal verify`, `tcpl settings`: is the record intact, and what is set."""

import typer
from pydantic import SecretStr
from rich.console import Console

from cli.answers import answer, say
from tasks.settings import Settings


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Nhật ký · the journal")
    group.callback()(_journal)
    group.command("verify", help="Kiểm tra chuỗi nhật ký · walk the chain")(verify)
    app.add_typer(group, name="journal")
    app.command("settings", help="Các thiết lập · the settings and their meaning")(settings)


def _journal() -> None:
    """With a callback, Typer keeps `verify` as a word of its own while it is the only command."""


def verify() -> None:
    from tasks.anchors import verify_journal

    read, broken = verify_journal()
    first = None if broken is None else {"cycle": broken.cycle_id, "number": broken.number, "why": broken.why}

    def tell(console: Console) -> None:
        if broken is None:
            console.print(say(f"✓ Nhật ký nguyên vẹn: {read} mục.", f"✓ The journal is intact: {read} entries."))
        else:
            console.print(
                say(
                    f"✗ Chuỗi đứt ở kỳ {broken.cycle_id}, mục {broken.number}: {broken.why}",
                    f"✗ The chain breaks in cycle {broken.cycle_id} at entry {broken.number}: {broken.why}",
                )
            )

    answer({"entries": read, "intact": broken is None, "first_break": first}, tell)
    if broken is not None:
        raise typer.Exit(1)


def settings() -> None:
    current = Settings()
    rows = [
        {
            "name": f"TCPL_{name.upper()}",
            "value": _shown(getattr(current, name)),
            "meaning": say(*(field.description or " · ").split(" · ", 1)),
        }
        for name, field in Settings.model_fields.items()
    ]

    def tell(console: Console) -> None:
        for row in rows:
            console.print(f"[bold]{row['name']}[/] = {row['value']}\n    {row['meaning']}")

    answer({"settings": rows}, tell)


def _shown(value: object) -> str | None:
    """A secret is never shown, not even its length."""
    if isinstance(value, SecretStr):
        return "***"
    if isinstance(value, dict):
        return ", ".join(f"{name}={_shown(part)}" for name, part in value.items()) or None
    return None if value is None else str(value)
