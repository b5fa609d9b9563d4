"""Folders that papers are written into: one that cannot be written to is told in three sentences, not as a fault."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import Refusal
from models.words import Words


@contextmanager
def writing_into(folder: Path) -> Iterator[None]:
    """The folder is made, and what the device says against writing is a refusal `cannot_write`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        name = str(folder).encode(errors="replace").decode()
        raise Refusal(
            "cannot_write",
            Words(f"Không ghi được vào thư mục {name}.", f"Cannot write into the folder {name}."),
            Words(error.strerror or "lỗi hệ điều hành", error.strerror or "an error of the operating system"),
            Words(
                "Chọn thư mục khác, hoặc kiểm tra quyền ghi và dung lượng đĩa.",
                "Choose another folder, or check its permissions and the room on the disk.",
            ),
        ) from error
