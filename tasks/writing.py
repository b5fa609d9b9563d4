"""Files that a person asked for by name: the folder is made, and a place that cannot be written to is a refusal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import Refusal
from models.words import Words


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """The path to write to, its folder made. Raises Refusal for what the operating system does not let happen."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield path
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Refusal(
            "cannot_write",
            Words(f"Không ghi được tệp {path}.", f"The file {path} cannot be written."),
            Words(f"Hệ điều hành báo: {why}.", f"The operating system says: {why}."),
            Words("Nêu nơi khác, hoặc kiểm tra quyền ghi và dung lượng đĩa.", "Name another place, or check the disk."),
        ) from error
