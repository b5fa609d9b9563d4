"""`tcpl users`: who may look at the pages from elsewhere, with which role and territory; and who did."""

import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.answers import answer, say
from cli.days import day_or_refusal
from models.records.accounts import ROLE_WORDS, Role
from tasks import clock

Name = Annotated[str, typer.Argument(metavar="NAME", help="tên tài khoản · the account")]
Typed = Annotated[
    bool, typer.Option("--password-stdin", help="đọc mật khẩu từ đầu vào chuẩn · read the password from stdin")
]
Label = Annotated[str, typer.Option("--label", metavar="WORD", help="dùng ở đâu · where it is used")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Tài khoản xem trang · accounts of the dashboard")
    group.command("add", help="Thêm tài khoản · add an account")(add)
    group.command("disable", help="Khóa tài khoản · disable one, end its sessions and tokens")(disable)
    group.command("reset", help="Đặt lại mật khẩu, mở lại · a new password; opens a disabled account")(reset)
    group.command("move", help="Chuyển sang đơn vị khác · give an account another unit")(move)
    group.command("list", help="Các tài khoản · the accounts")(list_)
    group.command("token", help="Cấp mã truy cập cho máy · an API token with the account's role")(token)
    group.command("end-token", help="Thu hồi mã truy cập · withdraw a token")(end_token)
    group.command("log", help="Nhật ký truy cập · who signed in, who was refused")(log)
    app.add_typer(group, name="users")


def add(
    name: Name,
    role: Annotated[Role, typer.Option("--role", help="vai trò · the role")],
    unit: Annotated[str | None, typer.Option("--unit", metavar="CODE", help="mã đơn vị · the unit's code")] = None,
    outside: Annotated[
        str | None,
        typer.Option("--openid", metavar="NAME", help="thư điện tử hoặc sub ở OpenID · e-mail or sub there"),
    ] = None,
    machine: Annotated[bool, typer.Option("--machine", help="không mật khẩu, chỉ mã truy cập · tokens only")] = False,
    password_stdin: Typed = False,
) -> None:
    from tasks.users import add_user

    if machine and password_stdin:
        raise typer.BadParameter("--machine, --password-stdin: chọn một trong hai · one of the two")
    found = add_user(
        *(name, role, unit, clock.now()), password=_typed(password_stdin), outside_name=outside, may_sign_in=not machine
    )
    _tell_password(found, say(f"Đã thêm {found['name']}", f"Added {found['name']}"))


def disable(name: Name) -> None:
    from tasks.users import disable_user

    found = disable_user(name, clock.now())
    told = say(f"Đã khóa {found['name']}; {found['ended']} khóa hết hiệu lực", f"{found['name']} is disabled")
    answer(found, lambda console: console.print(f"[bold green]✓[/] {escape(told)}"))


def reset(name: Name, password_stdin: Typed = False) -> None:
    from tasks.users import reset_user

    found = reset_user(name, clock.now(), _typed(password_stdin))
    _tell_password(found, say(f"Đã đặt lại {found['name']}", f"{found['name']} is reset"))


def move(name: Name, unit: Annotated[str, typer.Option("--unit", metavar="CODE")]) -> None:
    from tasks.users import move_user

    found = move_user(name, unit, clock.now())
    answer(found, lambda console: console.print(f"[bold green]✓[/] {escape(found['name'])} → {found['unit']}"))


def list_() -> None:
    from tasks.users import list_users

    found = list_users(clock.now())
    answer({"users": found}, lambda console: _tell(console, found))


def token(
    name: Name,
    label: Label = "api",
    days: Annotated[int, typer.Option("--days", min=1, max=400, help="số ngày · how long")] = 365,
) -> None:
    from tasks.users import give_token

    found = give_token(name, label, days, clock.now())

    def tell(console: Console) -> None:
        console.print(found["token"], soft_wrap=True)
        console.print(
            say(
                f"[dim]Chỉ hiện một lần; hết hạn {found['expires_at']:%d/%m/%Y}. Gửi trong Authorization: Bearer.[/]",
                f"[dim]Shown once; good until {found['expires_at']:%Y-%m-%d}. Send it as Authorization: Bearer.[/]",
            )
        )

    answer(found, tell)


def end_token(name: Name, label: Label = "api") -> None:
    from tasks.users import end_token as end_it

    found = end_it(name, label, clock.now())
    answer(found, lambda console: console.print(f"[bold green]✓[/] {found['ended']}"))


def log(
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="từ ngày · from a day on")] = None,
    most: Annotated[int, typer.Option("--most", min=1, max=100_000)] = 200,
) -> None:
    from tasks.users import access_events

    found = access_events(clock.moment(day_or_refusal(since)) if since else None, most)
    answer({"since": since, "events": found}, lambda console: _tell_log(console, found))


def _typed(wanted: bool) -> str | None:
    return sys.stdin.readline().rstrip("\r\n") if wanted else None


def _tell_password(found: dict[str, Any], told: str) -> None:
    def tell(console: Console) -> None:
        console.print(f"[bold green]✓[/] {escape(told)}")
        if found["password"]:
            console.print(say(f"  Mật khẩu (chỉ hiện một lần): [bold]{found['password']}[/]",
                              f"  Password (shown once): [bold]{found['password']}[/]"))  # fmt: skip

    answer(found, tell)


def _tell(console: Console, found: list[dict[str, Any]]) -> None:
    if not found:
        console.print(
            say(
                "Chưa có tài khoản nào: các trang chỉ mở trên máy này, không cần đăng nhập.",
                "No account yet: the pages open on this machine alone, without a sign-in.",
            )
        )
        return
    heads = (say("Tên", "Name"), say("Vai trò", "Role"), say("Đơn vị", "Unit"), say("Tình trạng", "State"))
    table = Table(*heads, say("Mã truy cập", "Tokens"), box=None, header_style="bold")
    for one in found:
        state = say("đã khóa", "disabled") if one["disabled_at"] else say("dùng được", "open")
        state = say("đơn vị đã kết thúc", "its unit ended") if one["unit_ended"] else state
        unit = f"{one['unit']} {one['unit_name']}" if one["unit"] else "—"
        role = say(*ROLE_WORDS[Role(one["role"])])
        table.add_row(escape(one["name"]), role, escape(unit), state, str(len(one["tokens"])))
    console.print(table)


def _tell_log(console: Console, found: list[dict[str, Any]]) -> None:
    heads = (say("Lúc", "At"), say("Việc", "Event"), say("Tài khoản", "Account"), say("Từ", "From"))
    table = Table(*heads, say("Trang", "Page"), say("Lần", "Times"), box=None, header_style="bold")
    for one in found:
        at = f"{one['last_at'].astimezone(clock.now().tzinfo):%d/%m/%Y %H:%M}"
        texts = [escape(str(one[name])) for name in ("event", "account", "address", "path", "times")]
        table.add_row(at, *texts)
    console.print(table)
