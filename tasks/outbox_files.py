"""A letter as a text file of the outbox. Its name follows from the letter's id: written twice, it is one file."""

import os
import re
from pathlib import Path

from tasks.wording import Composed

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0)


def write_file(folder: str, letter: Composed) -> None:
    """Write it whole or not at all, under the day it was made. Raises OSError. The plainest calls: a country's year
    is a quarter of a million files.
    """
    day = f"{folder}/{letter.day}"
    path = f"{day}/{file_name(letter)}"
    title = f"{letter.subject}\n{'=' * min(len(letter.subject), 72)}\n"
    body = letter.plain if letter.items else f"{letter.opening}\n"
    unfinished = f"{path.removesuffix('.txt')}.part"
    try:
        _put(unfinished, f"{title}\n{body}")
    except FileNotFoundError:
        Path(day).mkdir(parents=True, exist_ok=True)
        _put(unfinished, f"{title}\n{body}")
    os.replace(unfinished, path)  # noqa: PTH105  (a Path each costs more than the file)


def _put(path: str, text: str) -> None:
    descriptor, rest = os.open(path, _ANEW, 0o666), memoryview(text.encode())
    try:
        while rest:  # a disk that is nearly full may take a part
            rest = rest[os.write(descriptor, rest) :]
    finally:
        os.close(descriptor)


def file_name(letter: Composed) -> str:
    """Readable, and safe on every file system: "000012 Còn 3 ngày- Nộp hồ sơ.txt"."""
    safe = _UNSAFE.sub("-", letter.subject)
    name = f"{letter.letter_id:06d}" if letter.letter_id else letter.key.replace("/", "-")
    return f"{name} {safe[:80].strip()}.txt"
