"""Notices go out over real sockets to servers that misbehave by script: none is lost, none comes twice unknown."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from email.header import decode_header, make_header
from multiprocessing import active_children
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from databases import ON_SQLITE
from receivers import Taken, http_receiver, smtp_server
from sqlalchemy import NullPool, create_engine, select, text, update
from sqlalchemy.engine import make_url

from models.errors import Fault
from models.law.regulation import Actor
from models.records import contacts, notices, notices_confirmed, notices_sending
from models.records.contacts import Entered
from models.records.cycles import Cycle
from models.records.notices import Attempt, Kind, Notice, Word
from models.records.notices_addressed import Letter
from tasks import clock, delivering, engines, second_sender, sending
from tasks.database import reading, work
from tasks.delivering import deliver
from tasks.opening import open_cycle
from tasks.sending import Delivered
from tasks.settings import Settings

pytestmark = pytest.mark.usefixtures("units")

PLAN = Path("regulations/plans/ca-mau-2024.yaml")
MONDAY = date(2024, 12, 9)
AT = clock.moment(MONDAY)


def opened(most: int = 6) -> int:
    at = clock.moment(date(2024, 12, 2))
    return open_cycle("96", 2024, trial=True, plan_file=PLAN, at=at, most=most).cycle


def communes(cycle_id: int) -> list[tuple[int, str]]:
    from models.records.dossiers import Dossier
    from models.records.units import Unit

    with reading() as session:
        query = select(Unit.id, Unit.code).join(Dossier, Dossier.unit_id == Unit.id)
        return list(session.execute(query.where(Dossier.cycle_id == cycle_id).order_by(Unit.code)).tuples())


def queue(cycle_id: int, units: Sequence[int], each: int = 1, at: datetime = AT) -> None:
    """For each unit so many notices, the first of all units first."""
    with work() as session:
        words = [
            Word(Kind.COMMENDATION, unit, unit, Actor.COMMUNE, f"test/{at:%d%H%M}/{unit}/{number}", said=f"số {number}")
            for number in range(each)
            for unit in units
        ]
        notices.queue(session, session.get_one(Cycle, cycle_id), words, at)


def enter(*entered: Entered) -> None:
    with work() as session:
        units = contacts.units_named(session, [one.unit_code for one in entered], MONDAY)
        agencies = contacts.agencies_of(session, [(units[one.unit_code], one.actor) for one in entered])
        contacts.enter(session, entered, agencies)


def mail(code: str, number: int = 0, **more: Any) -> Entered:
    address = f"a{code}.{number}@example.vn"
    return Entered(code, Actor.COMMUNE, f"Người nhận {number} (minh họa)", "email", address, **more)


def by_file(code: str) -> Entered:
    """Somebody who gets each notice by itself; an agency that nobody answers for gets them in one letter."""
    return Entered(code, Actor.COMMUNE, f"Người nhận {code} (minh họa)", "outbox", code)


@pytest.fixture
def mailbox(home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A mail server under the channel "email"; its script is filled by the test."""
    assert home.is_dir()  # it clears the settings first
    with smtp_server(slow=0.6) as taken:
        address = f"tcplmail://127.0.0.1:{taken.port}/?from=tcpl@example.vn&to={{to}}&timeout=2"
        monkeypatch.setenv("TCPL_CHANNELS", f'{{"email": "{address}"}}')
        yield taken


def deliver_until_quiet(first: datetime = AT, runs: int = 9) -> Delivered:
    """Deliver every half hour of the day and the days after, as the schedule would; the sum of it all."""
    total = Delivered()
    for run in range(runs):
        total += deliver(first + timedelta(minutes=90 * run))
    return total


def with_mail(most: int = 6, each: int = 1) -> int:
    cycle = opened(most)
    found = communes(cycle)
    enter(*(mail(code) for _, code in found))
    queue(cycle, [unit for unit, _ in found], each)
    return cycle


def test_every_notice_arrives_once_at_a_server_that_refuses_hangs_and_breaks_off(mailbox: Taken) -> None:
    mailbox.script += ["accept", "4xx", "5xx", "slow", "drop", "4xx", "timeout", "4xx"]
    with_mail(most=6, each=3)
    total = deliver_until_quiet()
    assert len(set(mailbox.ids)) == 18
    assert total.sent == 18
    assert total.abandoned == 0
    assert mailbox.doubled() <= mailbox.answers_lost
    assert mailbox.doubled(), "the letter whose answer was lost came again, under the same id"


def test_an_agency_that_nobody_answers_for_gets_one_letter_with_all_that_goes_out(home: Path) -> None:
    cycle = opened(2)
    before = deliver(AT).sent
    units = [unit for unit, _ in communes(cycle)]
    queue(cycle, units, each=3)
    with work() as session:
        wanted = [Word(Kind.SUPPLEMENT_REQUESTED, units[0], units[0], Actor.COMMUNE, "test/supplement", said="bổ sung")]
        notices.queue(session, session.get_one(Cycle, cycle), wanted, AT)
    assert deliver(AT).sent == 3
    assert files(home) == before + 3
    with reading() as session:
        of_letters = select(Attempt.letter_id, Notice.kind).join(Notice, Notice.id == Attempt.notice_id)
        sent = list(session.execute(of_letters.where(Notice.key.contains("test/"))).tuples())
        called = set(session.scalars(select(Notice.subject).where(Notice.key.contains("test/"))))
    assert all(one and not one.startswith("[THỬ NGHIỆM] 3 việc") for one in called), "each by its own name"
    by_letter = {letter: sorted(kind for of, kind in sent if of == letter) for letter, _ in sent}
    commendations = [str(Kind.COMMENDATION)] * 3
    assert sorted(by_letter.values()) == [commendations, commendations, [str(Kind.SUPPLEMENT_REQUESTED)]]


def test_what_waits_for_a_working_day_is_one_letter_too(home: Path) -> None:
    cycle = opened(1)
    deliver(AT)
    before, units = files(home), [unit for unit, _ in communes(cycle)]
    for days in (5, 6):  # Saturday and Sunday
        queue(cycle, units, at=AT + timedelta(days=days))
        assert deliver(AT + timedelta(days=days)).sent == 0
    assert deliver(clock.moment(MONDAY + timedelta(days=7), time(8, 0))).sent == 1
    assert files(home) == before + 1


def test_a_refused_target_never_makes_a_good_one_receive_again(mailbox: Taken) -> None:
    cycle = opened(1)
    [(unit, code)] = communes(cycle)
    enter(mail(code, 1), mail(code, 2))
    mailbox.refused_recipients.add(f"a{code}.1@example.vn")
    queue(cycle, [unit])
    total = deliver_until_quiet()
    assert [message["To"] for message in mailbox.messages] == [f"a{code}.2@example.vn"]
    assert (total.sent, total.abandoned) == (1, 1)
    with reading() as session:
        notice = session.scalars(select(Notice)).one()
        results = list(session.execute(select(Attempt.recipient, Attempt.ok)).tuples())
    assert notice.state == "sent"
    assert results.count((f"email:a{code}.2@example.vn", True)) == 1
    assert results.count((f"email:a{code}.1@example.vn", False)) == 4


def test_what_is_given_up_is_told_to_the_operator(mailbox: Taken, home: Path) -> None:
    cycle = opened(1)
    [(unit, code)] = communes(cycle)
    enter(mail(code))
    mailbox.refused_recipients.add(f"a{code}.0@example.vn")
    queue(cycle, [unit])
    deliver_until_quiet()
    [alarm] = home.rglob("outbox/**/*không gửi được*.txt")
    assert f"a{code}.0@example.vn" in alarm.read_text("utf-8")


def test_a_server_that_is_away_costs_no_letter_its_attempts(mailbox: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    with_mail(most=4, each=2)
    good = f'{{"email": "tcplmail://127.0.0.1:{mailbox.port}/?from=tcpl@example.vn&to={{to}}"}}'
    monkeypatch.setenv("TCPL_CHANNELS", '{"email": "tcplmail://127.0.0.1:9/?from=tcpl@example.vn&to={to}"}')
    for hour in range(0, 60, 5):  # two and a half days
        assert deliver(AT + timedelta(hours=hour)).abandoned == 0
    monkeypatch.setenv("TCPL_CHANNELS", good)
    assert deliver(AT + timedelta(hours=61)).sent == 8
    assert len(set(mailbox.ids)) == len(mailbox.ids) == 8


def test_a_recipient_gets_its_letters_in_their_order_though_the_first_fails(mailbox: Taken) -> None:
    mailbox.script += ["4xx"]
    cycle = opened(1)
    [(unit, code)] = communes(cycle)
    enter(mail(code))
    queue(cycle, [unit], each=5)
    assert deliver(AT).sent == 0
    deliver_until_quiet(AT + timedelta(hours=1), runs=2)
    said = [message.get_payload(0).get_payload(decode=True).decode() for message in mailbox.messages]
    assert [f"số {number}." in text for number, text in enumerate(said)] == [True] * 5


def test_the_subject_and_both_bodies_keep_their_vietnamese(mailbox: Taken) -> None:
    with_mail(most=1)
    deliver(AT)
    [message] = mailbox.messages
    assert "Khen thưởng" in str(make_header(decode_header(message["Subject"])))
    plain, html = (part.get_payload(decode=True).decode() for part in message.get_payload())
    assert "Không phải làm gì thêm." in plain
    assert "Không phải làm gì thêm." in html
    assert max(len(line) for line in plain.splitlines() if "://" not in line) <= 72
    assert message["Message-ID"] == f"<{message['X-TCPL-Notice']}@example.vn>"


def test_a_recipient_is_written_to_in_its_own_language(mailbox: Taken) -> None:
    cycle = opened(1)
    [(unit, code)] = communes(cycle)
    enter(mail(code, language="en"))
    queue(cycle, [unit])
    deliver(AT)
    assert "is commended" in str(make_header(decode_header(mailbox.messages[0]["Subject"])))


def test_a_channel_with_a_limit_sends_no_more_than_that_in_a_minute(
    mailbox: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TCPL_RATES", '{"email": 4}')
    with_mail(most=5, each=2)
    assert deliver(AT).sent == 4
    assert deliver(AT + timedelta(seconds=40)).sent == 2  # two and two thirds, so that a slow run is no fault
    assert deliver(AT + timedelta(minutes=9)).sent == 4
    assert len(set(mailbox.ids)) == len(mailbox.ids) == 10


@pytest.mark.usefixtures("mailbox")
def test_a_sender_with_patience_waits_for_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TCPL_RATES", '{"email": 240}')
    with_mail(most=3)
    with work() as session:
        session.add(notices_sending.Allowance(channel="email", left=-240.0, at=AT))
    assert deliver(AT).sent == 0
    with work() as session:
        session.execute(update(notices_sending.Allowance).values(left=-4.0, at=AT))
    assert deliver(AT, patience_seconds=30).sent == 3


def test_mail_goes_over_tls_and_only_to_a_server_whose_certificate_is_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cycle = opened(1)
    [(unit, code)] = communes(cycle)
    with smtp_server(certificate=tmp_path) as taken:
        address = f"tcplmail://localhost:{taken.port}/?from=tcpl@example.vn&to={{to}}&mode=starttls"
        monkeypatch.setenv("TCPL_CHANNELS", f'{{"email": "{address}"}}')
        enter(mail(code))
        queue(cycle, [unit])
        assert deliver(AT).sent == 0, "nobody vouches for the certificate yet"
        assert taken.ids == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        assert deliver(AT + timedelta(hours=1)).sent == 1
    assert len(taken.ids) == 1


def test_a_web_service_gets_each_letter_under_one_key(monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = opened(4)
    found = communes(cycle)
    with http_receiver(["accept", "5xx", "drop", "slow", "429"]) as taken:
        address = f"tcplhook://127.0.0.1:{taken.port}/in?bearer=very-secret-token"
        monkeypatch.setenv("TCPL_CHANNELS", f'{{"hook": "{address}"}}')
        enter(*(Entered(code, Actor.COMMUNE, "Máy (minh họa)", "hook", code) for _, code in found))
        queue(cycle, [unit for unit, _ in found], each=2)
        deliver_until_quiet()
    assert len(set(taken.ids)) == 8
    assert taken.doubled() == taken.answers_lost
    assert {document["address"] for document in taken.messages} == {code for _, code in found}


def test_zalo_gets_template_data_and_its_refusals_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = opened(1)
    [(unit, code)] = communes(cycle)
    with http_receiver(["quota"], zalo=True) as taken:
        address = f"tcplzalo://good-token-123@127.0.0.1:{taken.port}/375847?plain=yes&to={{to}}"
        monkeypatch.setenv("TCPL_CHANNELS", f'{{"zalo": "{address}"}}')
        enter(Entered(code, Actor.COMMUNE, "Chị A (minh họa)", "zalo", "0912 345 678"))
        queue(cycle, [unit])
        assert deliver(AT).retry_later == 1
        assert deliver(AT + timedelta(hours=1)).sent == 1
    [document] = taken.messages
    assert (document["phone"], document["template_id"]) == ("84912345678", "375847")
    assert document["template_data"]["noi_dung"].startswith("[THỬ NGHIỆM] Khen thưởng")
    assert document["tracking_id"] == document["template_data"]["ma_so"] == taken.ids[0]


def test_no_secret_of_a_channel_is_kept_with_an_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = opened(1)
    [(unit, code)] = communes(cycle)
    with http_receiver(zalo=True) as taken:
        address = f"tcplzalo://stale-token-999@127.0.0.1:{taken.port}/375847?plain=yes&to={{to}}"
        stock = f"json://user-of-ours:hidden-word-77@127.0.0.1:{taken.port + 1}/path-of-ours"
        monkeypatch.setenv("TCPL_CHANNELS", f'{{"zalo": "{address}", "chat": "{stock}"}}')
        enter(
            Entered(code, Actor.COMMUNE, "A (minh họa)", "zalo", "0912345678"),
            Entered(code, Actor.COMMUNE, "B (minh họa)", "chat", "nhóm"),
        )
        queue(cycle, [unit])
        deliver(AT)
    with reading() as session:
        details = " ".join(session.scalars(select(Attempt.detail)).all())  # type: ignore[arg-type]
    assert "-124" in details
    for secret in ("stale-token-999", "hidden-word-77", "user-of-ours"):
        assert secret not in details


def test_two_senders_share_the_work_and_a_claim_expires() -> None:
    cycle = opened(6)
    enter(*(by_file(code) for _, code in communes(cycle)))
    queue(cycle, [unit for unit, _ in communes(cycle)], each=2)
    from tasks.delivering import _address

    _address(Settings(), AT)  # pyright: ignore[reportCallIssue]
    lease = timedelta(minutes=10)
    with work() as session:
        first = notices_sending.claim(session, "one", AT, 5, lease)
    with work() as session:
        second = notices_sending.claim(session, "two", AT, 50, lease)
    assert len(first) == 5
    assert not set(first) & set(second)
    with reading() as session:
        held = set(session.scalars(select(Letter.recipient).where(Letter.id.in_(first))))
        assert not held & set(session.scalars(select(Letter.recipient).where(Letter.id.in_(second))))
    with work() as session:
        again = notices_sending.claim(session, "three", AT + lease, 50, lease)
    assert len(again) == 12


@pytest.fixture
def first_sender_idle(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Six letters are many, and the first sender does something else instead of sending them."""
    monkeypatch.setattr(second_sender, "MANY", 6)

    def instead(act: Callable[[], None]) -> None:
        monkeypatch.setattr(sending, "send_all", lambda _run, _patience: act())

    return instead


def files(home: Path) -> int:
    return sum(1 for _ in home.rglob("outbox/*/*.txt"))


def test_of_many_files_a_second_process_writes_its_share(
    home: Path, first_sender_idle: Callable[[Callable[[], None]], None]
) -> None:
    cycle = opened(6)
    before = deliver(AT).sent  # what the opening itself has queued
    enter(*(by_file(code) for _, code in communes(cycle)))
    queue(cycle, [unit for unit, _ in communes(cycle)], each=2)
    first_sender_idle(lambda: None)
    assert deliver(AT) == Delivered(sent=12)
    assert files(home) == before + 12


def test_a_process_that_is_kept_sends_for_one_delivery_after_another(
    home: Path, monkeypatch: pytest.MonkeyPatch, first_sender_idle: Callable[[Callable[[], None]], None]
) -> None:
    cycle = opened(6)
    before = deliver(AT).sent
    monkeypatch.setattr(second_sender, "MANY_WHERE_IT_RUNS", 6)
    first_sender_idle(lambda: None)
    seen = set()
    with second_sender.kept():
        for at in (AT, AT + timedelta(days=1)):
            queue(cycle, [unit for unit, _ in communes(cycle)], at=at)
            assert deliver(at) == Delivered(sent=6)
            seen |= {child.pid for child in active_children()}
    assert files(home) == before + 12
    assert len(seen) == 1
    assert not active_children()


@ON_SQLITE
def test_a_second_process_that_dies_loses_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, first_sender_idle: Callable[[Callable[[], None]], None]
) -> None:
    cycle = opened(6)
    before = deliver(AT).sent
    enter(*(by_file(code) for _, code in communes(cycle)))
    queue(cycle, [unit for unit, _ in communes(cycle)], each=2)

    def kill() -> None:
        for child in active_children():
            child.kill()

    send_all = sending.send_all
    first_sender_idle(kill)
    assert deliver(AT).sent == 0
    monkeypatch.setattr(sending, "send_all", send_all)
    assert deliver(AT + timedelta(minutes=11)) == Delivered(sent=12)
    assert files(home) == before + 12


def test_a_sender_whose_claim_has_passed_on_still_leaves_its_proof() -> None:
    cycle = opened(1)
    queue(cycle, [communes(cycle)[0][0]])
    from tasks.delivering import _address

    _address(Settings(), AT)  # pyright: ignore[reportCallIssue]
    lease = timedelta(minutes=1)
    with work() as session:
        [letter] = notices_sending.claim(session, "slow", AT, 5, lease)
        notice = session.scalars(select(Notice.id)).one()
    with work() as session:
        assert list(notices_sending.claim(session, "other", AT + lease, 5, lease)) == [letter]
    went = notices_confirmed.Outcome(letter, {notice: "s"}, True, "email", "email:a@b", "h", "1")
    failed = notices_confirmed.Outcome(letter, {notice: "s"}, False, "email", "email:a@b", "h", "1", "no", AT)
    with work() as session:
        notices_confirmed.confirm(session, "slow", [went], AT + lease)
    with work() as session:
        notices_confirmed.confirm(session, "other", [failed], AT + lease * 2)
    with reading() as session:
        assert session.get_one(Letter, letter).state == "sent"
        assert session.get_one(Notice, notice).state == "sent"
        assert session.scalars(select(Attempt.ok).order_by(Attempt.number)).all() == [True]


@pytest.fixture
def cut(units: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Callable[[], None]]:
    """Takes the database away (SQLite: locked by another; PostgreSQL: every connection ended, no new one let in).

    Calling it cuts; calling what it returns lets the database be reached again.
    """
    url = make_url(units.database)
    if url.get_backend_name() == "sqlite":
        monkeypatch.setattr(engines, "BUSY_SECONDS", 1)
        engines.forget_engines()

        def lock() -> Callable[[], None]:
            other = sqlite3.connect(str(url.database), isolation_level=None, check_same_thread=False)
            other.execute("BEGIN IMMEDIATE")
            return other.close

        return lock
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)

    def say(statement: str) -> None:
        with admin.connect() as connection:
            connection.execute(text(statement))

    def shut() -> Callable[[], None]:
        say(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false")
        say(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{url.database}'")
        return lambda: say(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS true")

    return shut


def test_a_database_that_is_away_while_letters_go_out_is_waited_for(
    mailbox: Taken, cut: Callable[[], Callable[[], None]]
) -> None:
    with_mail(most=6)
    mailbox.at_try[3] = lambda: Timer(1.5, cut()).start()
    assert deliver(AT).sent == 6
    assert len(set(mailbox.ids)) == len(mailbox.ids) == 6
    with reading() as session:
        assert session.scalars(select(Attempt.ok)).all() == [True] * 6


def test_a_database_that_stays_away_leaves_one_letter_that_comes_again_under_its_id(
    mailbox: Taken, cut: Callable[[], Callable[[], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_mail(most=6)
    mends: list[Callable[[], None]] = []
    mailbox.at_try[3] = lambda: mends.append(cut())
    monkeypatch.setattr(sending, "PATIENCE", timedelta(0))
    with pytest.raises(Fault):
        deliver(AT)
    mends[0]()
    later = deliver(AT + delivering.CLAIM + timedelta(minutes=2))
    assert later.sent == 4
    assert len(set(mailbox.ids)) == 6
    assert mailbox.doubled() == {mailbox.ids[2]}
