"""`tcpl backup`, `tcpl restore`, `tcpl upgrade`: the home kept safe, while everything runs."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.answers import answer, say
from tasks import clock


def add_to(app: typer.Typer) -> None:
    app.command("backup", help="Sao lưu khi đang chạy · back up while it runs")(backup)
    app.command("restore", help="Phục hồi từ bản sao lưu · put a backup back")(restore)
    app.command("upgrade", help="Nâng cấp cơ sở dữ liệu, sao lưu trước · migrate, after a backup")(upgrade)


def backup(file: Annotated[Path, typer.Argument(metavar="FILE.zip")]) -> None:
    from tasks.backups import back_up

    _tell(back_up(file, clock.now()).__dict__, say("Đã sao lưu vào", "Backed up into"))


def restore(file: Annotated[Path, typer.Argument(metavar="FILE.zip")]) -> None:
    from tasks.backups import restore as put_back

    _tell(put_back(file, clock.now()).__dict__, say("Đã phục hồi từ", "Restored from"))


def upgrade() -> None:
    from tasks.backups import upgrade as bring_up_to_date

    kept = bring_up_to_date(clock.now())
    if kept is None:
        answer(
            {"upgraded": False, "backup": None}, lambda console: console.print(say("✓ Đã mới nhất.", "✓ Up to date."))
        )
    else:
        text = say(f"✓ Đã nâng cấp; bản sao lưu: {kept.file}", f"✓ Upgraded; the backup is {kept.file}")
        answer({"upgraded": True, "backup": kept.__dict__}, lambda console: console.print(text))


def _tell(document: dict[str, Any], done: str) -> None:
    counts = say(
        f"{document['files']} tệp, {document['size'] // 1024} KiB, nhật ký nguyên vẹn: {document['entries']} mục",
        f"{document['files']} files, {document['size'] // 1024} KiB, journal intact: {document['entries']} entries",
    )
    answer(document, lambda console: console.print(f"✓ {done} {document['file']} ({counts})"))
