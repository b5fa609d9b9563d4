"""Passwords: argon2id as its library recommends, and how long one has to be. Nothing here is stored."""

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.errors import Refusal
from models.words import Words

SHORTEST, LONGEST = 12, 200
"""`local`, of this product. A limit above, because hashing costs by length."""

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """The argon2id hash to keep. Raises Refusal `weak_password`."""
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < 5:
        raise Refusal(
            "weak_password",
            Words("Mật khẩu này không dùng được.", "This password is not taken."),
            Words(
                f"Mật khẩu dài từ {SHORTEST} đến {LONGEST} ký tự, có ít nhất 5 ký tự khác nhau.",
                f"A password has {SHORTEST} to {LONGEST} signs, five of them different.",
            ),
            Words("Chọn vài từ không liên quan với nhau.", "Take a few words that have nothing to do with each other."),
        )
    return _hasher.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password. Where none is kept the same work is done, so that the time tells nothing."""
    try:
        good = _hasher.verify(kept or _of_nobody(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return good and kept is not None


def outdated(kept: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


def make_one() -> str:
    """A password for an account's first day, that is read out over the telephone without mistakes."""
    signs = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(signs) for _ in range(5)) for _ in range(4))


@lru_cache(maxsize=1)
def _of_nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))
