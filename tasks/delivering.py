"""Sends what is queued: claims letters, sends them with no session open, confirms; what fails is tried again later."""

import os
import random
import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from datetime import date, datetime, timedelta
from logging import getLogger
from uuid import uuid4

from sqlalchemy.orm import Session

from models.errors import Fault, Refusal
from models.records import (
    notices_addressed,
    notices_confirmed,
    notices_ladder,
    notices_sending,
    programme_reminders,
    running,
)
from models.records.cycles import calendar_versions
from models.records.deadlines import load_calendar
from models.records.journal import digest_of
from models.records.notices_addressed import Office
from models.records.notices_confirmed import Outcome
from tasks import channels, second_sender
from tasks.channels import REPEATABLE, Post, Receipt
from tasks.composing import Composer
from tasks.database import reading, work
from tasks.settings import Settings, current
from tasks.wording import Composed, template_version

logger = getLogger(__name__)

BATCH = 50
FILES = 500
"""A batch where all goes to files of our own, which are written in no time and may be written twice."""
CLAIM = timedelta(minutes=10)
PATIENCE = timedelta(minutes=2)
"""How long a database that is away is waited for, but never longer than a quarter of the claim."""
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 8
MOST_REFUSALS = 4
"""A refusal is the other end's last word more often than not; it is asked a few times all the same."""


@dataclass
class Delivered:
    """What one delivery did."""

    sent: int = 0
    failed: int = 0
    retry_later: int = 0
    abandoned: int = 0

    def __add__(self, other: "Delivered") -> "Delivered":
        return Delivered(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))


@dataclass
class _Round:
    """One sender's run: its name, the moment it speaks of, its stopwatch."""

    settings: Settings
    sender: str
    at: datetime
    lease: timedelta
    started: float = field(default_factory=time.monotonic)
    total: Delivered = field(default_factory=Delivered)
    given_up: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        """The moment of the run, moved on by what has passed since: a rehearsal's clock stands elsewhere."""
        return self.at + timedelta(seconds=time.monotonic() - self.started)


def deliver(at: datetime, *, lease: timedelta = CLAIM, patience_seconds: float = 0) -> Delivered:
    """Send everything that is due at the moment; reminders that are out of date are withdrawn instead.

    `lease`: how long a claim holds before another sender may take the letters up; half of it is spent on sending.
    `patience_seconds`: how long to go on for letters that only their channel's limit holds back; the next run has them.
    """
    settings = current()
    run = _Round(settings, _name(), at, lease)
    _address(settings, at)
    with _second_sender(run) as beside:
        _send_all(run, patience_seconds)
    if beside is not None:
        _join(run, beside)
    with work(settings) as session:
        running.beat(session, "delivery", at)
    if run.given_up:
        _raise_alarm(run)
    return run.total


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


def _send_all(run: _Round, patience_seconds: float) -> None:
    with reading(run.settings) as session:
        composer = Composer.on(session, run.settings, run.at.astimezone(run.settings.zone).date(), run.at)
    with channels.open_post(run.settings) as post:
        while _send_some(run, composer, post) or _wait_for_limits(run, patience_seconds):
            pass


@contextmanager
def _second_sender(run: _Round) -> Iterator[Future[tuple[Delivered, list[str]]] | None]:
    """A process that sends beside this one where a country's letters become files: composing wants a processor.

    Senders share the work by their claims; one that dies leaves its letters to whoever sends next.
    """
    with reading(run.settings) as session:
        least = second_sender.worth_it()
        many = notices_sending.how_many_wait(session, run.at, least) >= least
    if not many or _batch(run.settings) != FILES or (os.cpu_count() or 1) < 2:
        yield None
        return
    with second_sender.process() as pool:
        try:
            beside = pool.submit(_send_beside, run.at, run.lease)
        except BrokenProcessPool:
            second_sender.forget()
            beside = None
        yield beside


def _send_beside(at: datetime, lease: timedelta) -> tuple[Delivered, list[str]]:
    """The second process's part: what it did, and what it had to give up."""
    run = _Round(current(), _name(), at, lease)
    _send_all(run, 0)
    return run.total, run.given_up


def _join(run: _Round, beside: Future[tuple[Delivered, list[str]]]) -> None:
    try:
        total, given_up = beside.result()
    except BrokenProcessPool:
        second_sender.forget()
        logger.exception("The second sender ended before its work; its claims run out, and the next delivery goes on.")
        return
    run.total += total
    run.given_up += given_up


def _address(settings: Settings, at: datetime) -> None:
    local = at.astimezone(settings.zone)
    with work(settings) as session:
        notices_ladder.withdraw_outdated(session, at)
        programme_reminders.withdraw_outdated_tasks(session, at)
    while True:
        with work(settings) as session:
            office = Office(channels.office_channel(settings), settings.lang, _working_days(session))
            if notices_addressed.address(session, local, office) < notices_addressed.MOST:
                return


def _working_days(session: Session):
    """Whether a day is a working day in a cycle's calendar; beyond the calendar nothing is held back."""
    versions = calendar_versions(session)
    calendars = {version: load_calendar(session, version) for version in {*versions.values()}}

    def works(cycle_id: int | None, day: date) -> bool:
        if cycle_id is None:
            return True
        try:
            return calendars[versions[cycle_id]].works(day)
        except Refusal:
            return True

    return works


def _send_some(run: _Round, composer: Composer, post: Post) -> bool:
    """Claim a batch and send it; False when nothing is due any more."""
    claimed_at = time.monotonic()
    with work(run.settings) as session:
        now = run.now()
        ids = notices_sending.claim(session, run.sender, now, _batch(run.settings), run.lease, run.settings.rates)
    if not ids:
        return False
    with reading(run.settings) as session:  # other senders may write meanwhile
        letters = composer.compose(session, ids)
        attempts = notices_sending.attempts_at(session, ids)
    outcomes: list[Outcome] = []
    held_up: set[str] = set()
    for place, letter in enumerate(letters):
        if time.monotonic() - claimed_at > run.lease.total_seconds() / 2:
            _give_back(run, letters[place:], None)
            break
        if letter.items and (letter.channel in post.down or letter.recipient in held_up):
            _give_back(run, [letter], run.now() + FIRST_WAIT)
            continue
        outcome = _send(run, letter, attempts[letter.letter_id], post)
        if not outcome.ok and outcome.again_at:
            held_up.add(letter.recipient)  # its letters go out in their order: those after this one wait with it
        if letter.channel in REPEATABLE or not letter.items:
            outcomes.append(outcome)
        else:
            _confirm(run, [outcome])  # at once: a crash doubles one letter at the most
    _confirm(run, outcomes)
    return True


def _batch(settings: Settings) -> int:
    return FILES if channels.office_channel(settings) == channels.OUTBOX and not settings.channels else BATCH


def _wait_for_limits(run: _Round, patience: float) -> bool:
    """Wait until a channel with a limit may take the next letter; False when none waits or patience is at its end."""
    if not run.settings.rates or time.monotonic() - run.started >= patience:
        return False
    time.sleep(min(60 / max(run.settings.rates.values()), 5.0))
    with reading(run.settings) as session:
        return notices_sending.is_waiting(session, run.now(), list(run.settings.rates))


def _give_back(run: _Round, letters: Sequence[Composed], not_before: datetime | None) -> None:
    with work(run.settings) as session:
        notices_confirmed.release(session, run.sender, [letter.letter_id for letter in letters], not_before)


def _confirm(run: _Round, outcomes: Sequence[Outcome]) -> None:
    """A database that is away meanwhile is waited for: what was taken and not confirmed would go out again."""
    if not outcomes:
        return
    until, wait, again = time.monotonic() + min(PATIENCE, run.lease / 4).total_seconds(), 0.2, False
    while True:
        try:
            with work(run.settings) as session:
                notices_confirmed.confirm(session, run.sender, outcomes, run.now(), again=again)
            break
        except Fault:
            if time.monotonic() + wait > until:
                raise
            time.sleep(wait)
            wait, again = min(wait * 2, 5.0), True
    for outcome in outcomes:
        _count(run, outcome)


def _send(run: _Round, letter: Composed, attempts: int, post: Post) -> Outcome:
    receipt = post.send(letter) if letter.items else Receipt("failed")
    return Outcome(
        letter.letter_id,
        letter.subjects,
        receipt.ok,
        letter.channel,
        letter.recipient,
        digest_of(letter.plain) if letter.items else "",
        template_version(),
        receipt.detail,
        None if receipt.ok or not letter.items else _again_at(run, letter, attempts, receipt),
    )


def _again_at(run: _Round, letter: Composed, attempts: int, receipt: Receipt) -> datetime | None:
    """Exponential back-off with jitter; null: given up. What no message gets through to is not the letter's fault."""
    most = MOST_REFUSALS if receipt.verdict == "refused" else MOST_ATTEMPTS
    if receipt.verdict != "unreachable" and attempts + 1 >= most:
        return None
    wait = min(
        FIRST_WAIT * 2 ** min(attempts, 10), FIRST_WAIT * 2 if receipt.verdict == "unreachable" else LONGEST_WAIT
    )
    jitter = random.Random(f"{letter.key}/{attempts}").uniform(0, 0.25)
    return run.now() + wait * (1 + jitter)


def _count(run: _Round, outcome: Outcome) -> None:
    if not outcome.subjects:
        return
    run.total.sent += outcome.ok
    run.total.failed += not outcome.ok
    run.total.retry_later += not outcome.ok and outcome.again_at is not None
    if not outcome.ok and outcome.again_at is None:
        run.total.abandoned += 1
        called = "; ".join(dict.fromkeys(outcome.subjects.values()))[:300]
        run.given_up.append(f"{outcome.letter_id} · {outcome.recipient} · {called} · {outcome.detail}")


def _raise_alarm(run: _Round) -> None:
    """What was given up is told to the operator, through a channel of its own where one is set."""
    shown = "\n".join(run.given_up[:20])
    vi, en = f"{len(run.given_up)} thông báo không gửi được", f"{len(run.given_up)} notices were given up"
    subject = en if run.settings.lang == "en" else vi
    key = f"{run.at:%Y-%m-%d}-given-up-{run.sender.rpartition(':')[2]}"
    channels.alarm(run.settings, f"TCPL: {subject}", shown, key)
