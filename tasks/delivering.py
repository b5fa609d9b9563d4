"""Sends what is queued: claims a batch, sends it with no session open, confirms; what fails is tried again later."""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.records import notices, programme_reminders, running
from models.records.journal import digest_of
from models.records.notices import Outcome
from tasks import channels
from tasks.composing import Letter, compose
from tasks.database import work

BATCH = 50
CLAIM = timedelta(minutes=10)
FIRST_WAIT = timedelta(minutes=5)
MOST_ATTEMPTS = 8


@dataclass
class Delivered:
    """What one delivery did."""

    sent: int = 0
    failed: int = 0
    retry_later: int = 0
    abandoned: int = 0


def deliver(at: datetime) -> Delivered:
    """Send everything that is due at the moment; reminders that are out of date are withdrawn instead."""
    sender = f"{socket.gethostname()}:{os.getpid()}"
    total = Delivered()
    with work() as session:
        notices.withdraw_outdated(session, at)
        programme_reminders.withdraw_outdated_tasks(session, at)
    while True:
        with work() as session:
            ids = notices.claim(session, sender, at, BATCH, CLAIM)
            letters = compose(session, list(ids), at.date())
            attempts = notices.attempts_of(session, ids)
        if not ids:
            break
        outcomes = [_send(letter, attempts[letter.notice_id], at) for letter in letters]
        with work() as session:
            notices.confirm(session, sender, outcomes, at)
        _add(total, outcomes)
    with work() as session:
        running.beat(session, "delivery", at)
    return total


def _send(letter: Letter, attempts: int, at: datetime) -> Outcome:
    channel, address = channels.address_for(letter.notice_id, letter.subject, letter.queued_at.date().isoformat())
    ok, detail = channels.send(address, letter.subject, letter.body)
    again = None if ok or attempts + 1 >= MOST_ATTEMPTS else at + FIRST_WAIT * 2**attempts
    return Outcome(letter.notice_id, ok, channel, letter.subject, digest_of(letter.body), detail, again)


def _add(total: Delivered, outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        total.sent += outcome.ok
        total.failed += not outcome.ok
        total.retry_later += not outcome.ok and outcome.again_at is not None
        total.abandoned += not outcome.ok and outcome.again_at is None
