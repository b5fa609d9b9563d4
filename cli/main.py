"""The `tcpl` command: reads the switches that every command takes, runs one, turns a stop into words and a status.

Exit status: 0 done · 1 refused · 2 used wrongly · 3 a fault of ours or of a device. Never a traceback for bad input.
"""

import importlib
import os
import sys
from collections.abc import Sequence

import typer

from cli.answers import manner, refuse
from models.errors import Fault, Stop
from models.words import Words

GROUPS = {
    "law": ("law",),
    "calendar": ("calendar",),
    "deadline": ("deadline",),
    "score": ("score",),
    "units": ("units",),
    "cycle": ("open", "status"),
    "watching": ("watch", "deliver"),
    "dossier": ("dossier",),
    "dashboard": ("dashboard",),
    "contacts": ("contacts",),
    "notices": ("notices",),
    "health": ("health", "reconcile"),
    "rehearsing": ("rehearse", "demo"),
    "serving": ("serve", "deploy"),
    "keeping": ("backup", "restore", "upgrade"),
    "review": ("appraise", "council"),
    "decision": ("decide", "publish", "correct", "consolidate"),
    "corrections": ("extend", "unlock", "reopen", "suspend", "granted"),
    "complaints": ("complaint",),
    "forms": ("forms",),
    "results": ("results",),
    "intake": ("workbook", "intake"),
    "commune_acts": ("post", "supplement"),
    "findings": ("finding",),
    "evidence": ("evidence",),
    "remedies": ("remedy",),
    "commendations": ("commend",),
    "closing": ("close",),
    "amendments": ("plan",),
    "reports": ("report",),
    "records": ("journal", "settings"),
    "task": ("task",),
    "users": ("users",),
}
"""The modules of `cli/`, each with an `add_to(app)`, and the commands it adds: a command imports only its own."""

_WRONG_USE: type[Exception] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""The common class of typer's own usage errors, wherever this version of typer keeps it."""

COMMON = "--json · --lang vi|en · --home DIR"


def build(command: str | None = None) -> typer.Typer:
    """The application with the group of one command, or (for help, or a word that nobody knows) with every group."""
    app = typer.Typer(
        name="tcpl",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        help="Kỳ đánh giá chuẩn tiếp cận pháp luật hằng năm · the yearly cycle of the legal access standard",
        epilog=f"Mọi lệnh đều nhận · every command takes: {COMMON}",
    )
    app.callback()(_tcpl)  # without it typer takes an application of one command for that command
    own = [group for group, commands in GROUPS.items() if command in commands]
    for group in own or GROUPS:
        importlib.import_module(f"cli.{group}").add_to(app)
    return app


def _tcpl() -> None:
    pass


def run(arguments: Sequence[str] | None = None) -> None:
    """The entry point of the `tcpl` script."""
    sys.exit(main(list(sys.argv[1:] if arguments is None else arguments)))


def main(arguments: list[str]) -> int:
    try:
        rest = _common_switches(arguments)
        return int(build(next(iter(rest), None))(args=rest, prog_name="tcpl", standalone_mode=False) or 0)
    except Stop as stop:
        return refuse(stop)
    except typer.Abort:
        return 130
    except typer.Exit as leave:
        return leave.exit_code
    except _WRONG_USE as wrong_use:
        wrong_use.show()  # type: ignore[attr-defined]  # every ClickException can show itself
        return 2
    except Exception as surprise:
        if os.environ.get("TCPL_DEBUG"):
            raise
        return refuse(_fault(surprise))


def _common_switches(arguments: list[str]) -> list[str]:
    """Take --json, --lang and --home from wherever they stand, so that no command has to repeat them."""
    manner.as_json = False
    language = os.environ.get("TCPL_LANG", "vi")
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if word == "--":
            rest.extend((word, *words))
        elif word == "--json":
            manner.as_json = True
        elif name in ("--lang", "--home"):
            value = value if equals else next(words, "")
            if not value:
                raise typer.BadParameter(f"{name} cần một giá trị · needs a value")
            if name == "--home":
                os.environ["TCPL_HOME"] = value
            else:
                language = value
        else:
            rest.append(word)
    if language not in ("vi", "en"):
        raise typer.BadParameter(f"--lang: vi | en, không phải · not {language!r}")
    manner.language = "en" if language == "en" else "vi"
    return rest


def _fault(surprise: Exception) -> Fault:
    """Whatever we did not foresee is ours, and is said in three sentences too."""
    name = type(surprise).__name__
    return Fault(
        "unexpected",
        Words(f"Phần mềm gặp lỗi ngoài dự kiến ({name}).", f"The software met a fault it did not foresee ({name})."),
        Words(
            "Đây là lỗi của phần mềm hoặc của máy, không phải của người nhập; giao dịch đang dở đã được hủy.",
            "This is a fault of ours or of the machine, not of the input; the open transaction was rolled back.",
        ),
        Words(
            "Chạy lại với TCPL_DEBUG=1 để xem chi tiết và gửi cho người phụ trách phần mềm.",
            "Run it again with TCPL_DEBUG=1 to see the details, and send them to whoever maintains the software.",
        ),
    )
