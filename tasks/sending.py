"""One sender's run: it claims letters, sends them with no session open, confirms; what fails is tried again later."""

import random
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from datetime import datetime, timedelta

from models.errors import Fault
from models.records import notices_confirmed, notices_sending
from models.records.journal import digest_of
from models.records.notices_confirmed import Outcome
from tasks import channels
from tasks.channels import REPEATABLE, Post, Receipt
from tasks.composing import Composer
from tasks.database import reading, work
from tasks.settings import Settings
from tasks.wording import Composed, template_version

BATCH = 50
FILES = 500
"""A batch where all goes to files of our own, which are written in no time and may be written twice."""
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
class Round:
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


def send_all(run: Round, patience_seconds: float) -> None:
    with reading(run.settings) as session:
        composer = Composer.on(session, run.settings, run.at.astimezone(run.settings.zone).date(), run.at)
    with channels.open_post(run.settings) as post:
        while _send_some(run, composer, post) or _wait_for_limits(run, patience_seconds):
            pass


def _send_some(run: Round, composer: Composer, post: Post) -> bool:
    """Claim a batch and send it; False when nothing is due any more."""
    claimed_at = time.monotonic()
    with work(run.settings) as session:
        now = run.now()
        ids = notices_sending.claim(session, run.sender, now, batch(run.settings), run.lease, run.settings.rates)
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


def batch(settings: Settings) -> int:
    return FILES if channels.office_channel(settings) == channels.OUTBOX and not settings.channels else BATCH


def _wait_for_limits(run: Round, patience: float) -> bool:
    """Wait until a channel with a limit may take the next letter; False when none waits or patience is at its end."""
    if not run.settings.rates or time.monotonic() - run.started >= patience:
        return False
    time.sleep(min(60 / max(run.settings.rates.values()), 5.0))
    with reading(run.settings) as session:
        return notices_sending.is_waiting(session, run.now(), list(run.settings.rates))


def _give_back(run: Round, letters: Sequence[Composed], not_before: datetime | None) -> None:
    with work(run.settings) as session:
        notices_confirmed.release(session, run.sender, [letter.letter_id for letter in letters], not_before)


def _confirm(run: Round, outcomes: Sequence[Outcome]) -> None:
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


def _send(run: Round, letter: Composed, attempts: int, post: Post) -> Outcome:
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


def _again_at(run: Round, letter: Composed, attempts: int, receipt: Receipt) -> datetime | None:
    """Exponential back-off with jitter; null: given up. What no message gets through to is not the letter's fault."""
    most = MOST_REFUSALS if receipt.verdict == "refused" else MOST_ATTEMPTS
    if receipt.verdict != "unreachable" and attempts + 1 >= most:
        return None
    wait = min(
        FIRST_WAIT * 2 ** min(attempts, 10), FIRST_WAIT * 2 if receipt.verdict == "unreachable" else LONGEST_WAIT
    )
    jitter = random.Random(f"{letter.key}/{attempts}").uniform(0, 0.25)
    return run.now() + wait * (1 + jitter)


def _count(run: Round, outcome: Outcome) -> None:
    if not outcome.subjects:
        return
    run.total.sent += outcome.ok
    run.total.failed += not outcome.ok
    run.total.retry_later += not outcome.ok and outcome.again_at is not None
    if not outcome.ok and outcome.again_at is None:
        run.total.abandoned += 1
        called = "; ".join(dict.fromkeys(outcome.subjects.values()))[:300]
        run.given_up.append(f"{outcome.letter_id} · {outcome.recipient} · {called} · {outcome.detail}")
