"""Whose hands a file was in, day by day, and to whom each late day belongs. The attribution is local, not law."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.law.regulation import Actor


@dataclass(frozen=True)
class Held:
    """A stretch of days in which one actor held the file: from `since`, up to but not including `until`.

    `until` null: it holds the file still.
    """

    holder: Actor
    since: date
    until: date | None


def stretches(moves: Sequence[tuple[date, Actor]]) -> list[Held]:
    """From (day, who holds it from then on), in order, to stretches; stretches of no day are left out."""
    ends: list[date | None] = [*(day for day, _ in moves[1:]), None]
    held = [Held(actor, day, end) for (day, actor), end in zip(moves, ends, strict=True)]
    return [one for one in held if one.until is None or one.until > one.since]


def late_days(held: Sequence[Held], last_day: date, until: date) -> dict[Actor, int]:
    """How many of the days after `last_day`, up to and including `until`, each holder had the file.

    On the day of a hand-over the file is already with the one who received it.
    """
    counts: dict[Actor, int] = {}
    first = last_day + timedelta(days=1)
    for one in held:
        start = max(one.since, first)
        end = min(one.until - timedelta(days=1), until) if one.until else until
        if end >= start:
            counts[one.holder] = counts.get(one.holder, 0) + (end - start).days + 1
    return counts
