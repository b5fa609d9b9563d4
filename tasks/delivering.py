"""A delivery: letters are addressed, one sender or two send them, and what was given up is told to the operator."""

import os
import socket
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from logging import getLogger
from uuid import uuid4

from sqlalchemy.orm import Session

from models.errors import Refusal
from models.records import notices_addressed, notices_ladder, notices_sending, programme_reminders, running
from models.records.cycles import calendar_versions
from models.records.deadlines import load_calendar
from models.records.notices_addressed import Office
from tasks import channels, second_sender, sending
from tasks.database import reading, work
from tasks.sending import Delivered, Round
from tasks.settings import Settings, current

logger = getLogger(__name__)

CLAIM = timedelta(minutes=10)


def deliver(at: datetime, *, lease: timedelta = CLAIM, patience_seconds: float = 0) -> Delivered:
    """Send everything that is due at the moment; reminders that are out of date are withdrawn instead.

    `lease`: how long a claim holds before another sender may take the letters up; half of it is spent on sending.
    `patience_seconds`: how long to go on for letters that only their channel's limit holds back; the next run has them.
    """
    settings = current()
    run = Round(settings, _name(), at, lease)
    _address(settings, at)
    with _second_sender(run) as beside:
        sending.send_all(run, patience_seconds)
    if beside is not None:
        _join(run, beside)
    with work(settings) as session:
        running.beat(session, "delivery", at)
    if run.given_up:
        _raise_alarm(run)
    return run.total


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


@contextmanager
def _second_sender(run: Round) -> Iterator[Future[tuple[Delivered, list[str]]] | None]:
    """A process that sends beside this one where a country's letters become files: composing wants a processor.

    Senders share the work by their claims; one that dies leaves its letters to whoever sends next.
    """
    with reading(run.settings) as session:
        least = second_sender.worth_it()
        many = notices_sending.how_many_wait(session, run.at, least) >= least
    if not many or sending.batch(run.settings) != sending.FILES or (os.cpu_count() or 1) < 2:
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
    run = Round(current(), _name(), at, lease)
    sending.send_all(run, 0)
    return run.total, run.given_up


def _join(run: Round, beside: Future[tuple[Delivered, list[str]]]) -> None:
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


def _raise_alarm(run: Round) -> None:
    """What was given up is told to the operator, through a channel of its own where one is set."""
    shown = "\n".join(run.given_up[:20])
    vi, en = f"{len(run.given_up)} thông báo không gửi được", f"{len(run.given_up)} notices were given up"
    subject = en if run.settings.lang == "en" else vi
    key = f"{run.at:%Y-%m-%d}-given-up-{run.sender.rpartition(':')[2]}"
    channels.alarm(run.settings, f"TCPL: {subject}", shown, key)
