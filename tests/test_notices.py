"""What notices say and when they go: digests, outages, days off, escalation, acknowledgement, proof."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from databases import ON_SQLITE
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select, update

from models.cycle.reminders import Habits, escalation_rungs, rungs_on, sending_moment
from models.errors import Refusal
from models.law.plan import DEFAULT_LADDER, Ladder
from models.law.regulation import Actor
from models.records import contacts
from models.records.contacts import Entered
from models.records.deadlines import Deadline
from models.records.dossiers import Dossier
from models.records.notices import Attempt, Kind, Notice
from models.records.notices_acknowledged import letter_of_token, token
from models.records.notices_addressed import Letter
from models.records.units import Unit
from tasks import clock, sending
from tasks.database import reading, work
from tasks.delivering import deliver
from tasks.law_files import load_plan
from tasks.opening import law_for, open_under
from tasks.settings import Settings
from tasks.watching import watch_all
from tasks.wording import Composed, Item, wording

PLAN = Path("regulations/plans/ca-mau-2024.yaml")
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")

on_both_engines = pytest.mark.usefixtures("units")


def opened(most: int = 3) -> int:
    at = clock.moment(date(2024, 12, 2))
    plan = load_plan(PLAN).model_copy(update={"programme": ()})  # here it is the dossiers' notices that count
    return open_under(law_for("96", 2024, plan), trial=True, at=at, most=most).cycle


def enter(*entered: Entered) -> None:
    with work() as session:
        units = contacts.units_named(session, [one.unit_code for one in entered], date(2024, 12, 9))
        agencies = contacts.agencies_of(session, [(units[one.unit_code], one.actor) for one in entered])
        contacts.enter(session, entered, agencies)


def letters(home: Path) -> list[str]:
    return [file.read_text("utf-8") for file in sorted(home.rglob("outbox/**/*.txt"))]


def watch(day: date) -> dict[str, int]:
    return watch_all(day, clock.moment(day)).queued


@on_both_engines
def test_a_recipient_with_a_digest_gets_one_message_a_day_at_its_hour(home: Path) -> None:
    opened(most=11)
    enter(Entered("96", Actor.PROVINCE_JUSTICE, "Bà A (minh họa)", "outbox", "a", digest_at=time(7, 45)))
    watch(date(2025, 1, 17))
    deliver(clock.moment(date(2025, 1, 17)))
    assert not any("Kính gửi: Bà A" in letter for letter in letters(home))
    deliver(clock.moment(date(2025, 1, 17), time(7, 45)))
    [digest] = [letter for letter in letters(home) if "Kính gửi: Bà A" in letter]
    assert "11 đơn vị" in digest
    assert "Bản tin trong ngày" in digest


@on_both_engines
def test_a_digest_is_composed_when_it_is_sent_without_what_was_done_meanwhile(home: Path) -> None:
    cycle = opened(most=2)
    enter(Entered("96", Actor.PROVINCE_JUSTICE, "Bà A (minh họa)", "outbox", "a", digest_at=time(15, 0)))
    day = date(2025, 1, 17)
    watch(day)
    deliver(clock.moment(day))
    with work() as session:
        session.execute(
            update(Deadline).where(Deadline.cycle_id == cycle).values(done_at=clock.moment(day, time(9, 0)))
        )
    deliver(clock.moment(day, time(15, 0)))
    assert not any("Kính gửi: Bà A" in letter for letter in letters(home))
    with reading() as session:
        reasons = set(session.scalars(select(Notice.reason).where(Notice.state == "withdrawn")))
    assert reasons == {"the deadline was met or has moved"}


@on_both_engines
def test_after_an_outage_missed_rungs_become_one_message_with_the_true_time(home: Path) -> None:
    """The watch ran, nothing could be sent from before Christmas until after the deadline's eve."""
    opened(most=1)
    for day in (date(2024, 12, 26), date(2025, 1, 2), date(2025, 1, 6), date(2025, 1, 8)):
        watch(day)
    deliver(clock.moment(date(2025, 1, 8)))
    about = [letter for letter in letters(home) if "Gửi hồ sơ" in letter and "Kính gửi: UBND" in letter]
    assert len(about) == 1
    assert "còn 1 ngày" in about[0]
    with reading() as session:
        states = dict(
            session.execute(
                select(Notice.rung, Notice.state).where(Notice.step == "submit-dossier", Notice.kind == "reminder")
            )
            .tuples()
            .all()
        )
    assert states == {14: "withdrawn", 7: "withdrawn", 3: "withdrawn", 1: "sent"}


@on_both_engines
def test_three_days_away_before_tet_and_the_days_off_become_one_reminder_after_it(home: Path) -> None:
    """Tết 2025: 25/01, a Saturday, to 02/02. All was down from 22/01, the day of the first rung, to 24/01.

    The deadline of 05/02 is reminded of on 03/02, once, with the true time left; not on the days off.
    """
    opened(most=1)
    with work() as session:
        session.execute(
            update(Deadline).where(Deadline.step != "submit-to-chair").values(done_at=clock.moment(date(2024, 12, 3)))
        )
    watch(date(2025, 1, 21))
    for day in (date(2025, 1, 25) + timedelta(days=n) for n in range(9)):
        watch(day)
        deliver(clock.moment(day))
    assert letters(home) == []
    watch(date(2025, 2, 3))
    deliver(clock.moment(date(2025, 2, 3), time(8, 0)))
    [letter] = letters(home)
    assert "còn 2 ngày" in letter
    with reading() as session:
        states = session.execute(select(Notice.rung, Notice.state).where(Notice.kind == "reminder")).tuples()
        assert dict(states.all()) == {14: "withdrawn", 7: "withdrawn", 3: "sent"}
    watch(date(2025, 2, 4))
    deliver(clock.moment(date(2025, 2, 4), time(8, 0)))
    assert "còn 1 ngày" in letters(home)[1]


@on_both_engines
def test_the_second_rung_tells_the_next_level_with_who_was_told_before(home: Path) -> None:
    opened(most=1)
    for day in (date(2025, 1, 13), date(2025, 1, 16)):
        watch(day)
        deliver(clock.moment(day))
    about = [letter for letter in letters(home) if "Cấp dưới quá hạn" in letter and "Gửi hồ sơ" in letter]
    assert ["Kính gửi: Phòng Tư pháp" in about[0], "Kính gửi: Sở Tư pháp" in about[1]] == [True, True]
    assert "Phòng Tư pháp thành phố Cà Mau: 1 lần, gần nhất 13/01/2025" in " ".join(about[1].split())


@on_both_engines
def test_what_one_delivery_sends_was_not_told_before_whichever_batch_it_falls_to(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "FILES", 1)
    opened(most=1)
    watch(date(2025, 1, 13))
    deliver(clock.moment(date(2025, 1, 13)))
    about = [letter for letter in letters(home) if "Cấp dưới quá hạn" in letter]
    assert about
    assert not any("Đã báo trước đó" in letter for letter in about)


def test_a_ladder_of_one_word_after_the_day_says_it_after_the_longest_outage_too() -> None:
    ladder, due = (
        Ladder(**{**DEFAULT_LADDER.model_dump(), "before": (3,), "after": (3,), "then_every": None}),
        date(2025, 1, 6),
    )
    for days, told in ((2, []), (3, [-3]), (9, [-3]), (10, [-3]), (60, [-3])):
        rungs = rungs_on(ladder, due + timedelta(days=days))
        assert [rung.days for rung in rungs if rung.first_due <= due <= rung.last_due] == told


def test_an_outage_never_passes_a_level_over() -> None:
    day = date(2025, 1, 31)
    near, high = escalation_rungs(DEFAULT_LADDER, day, 2)
    due = date(2025, 1, 9)
    assert [rung.days for rung in near if rung.first_due <= due <= rung.last_due] == [-3]
    assert [rung.days for rung in high if rung.first_due <= due <= rung.last_due] == [-21]
    assert escalation_rungs(DEFAULT_LADDER, due + timedelta(days=2), 1)[0][0].last_due < due


@on_both_engines
def test_an_acknowledgement_silences_the_rung_and_not_the_deadline(home: Path) -> None:
    cycle = opened(most=1)
    enter(Entered("96", Actor.PROVINCE_JUSTICE, "Bà A (minh họa)", "outbox", "a", digest_at=time(16, 0)))
    with reading() as session:
        [code] = session.scalars(
            select(Unit.code).join(Dossier, Dossier.unit_id == Unit.id).where(Dossier.cycle_id == cycle)
        )
    enter(Entered(code, Actor.COMMUNE, "Ông B (minh họa)", "outbox", "b"))
    watch(date(2025, 1, 16))
    deliver(clock.moment(date(2025, 1, 16)))
    with reading() as session:
        late = select(Letter.id, Notice.id).where(Notice.step == "submit-dossier", Notice.kind == Kind.OVERDUE)
        from models.records.notices_addressed import LetterNotice

        joined = late.join(LetterNotice, LetterNotice.letter_id == Letter.id).join(
            Notice, Notice.id == LetterNotice.notice_id
        )
        letter_id, notice_id = session.execute(joined).tuples().one()
    from tasks.acknowledging import acknowledge_notices

    key = Settings().signing_key()  # pyright: ignore[reportCallIssue]
    at = clock.moment(date(2025, 1, 16), time(9, 0))
    assert acknowledge_notices([token(key, letter_id)], "UBND (minh họa)", at) == ([notice_id], 1)
    assert acknowledge_notices([str(notice_id)], "UBND (minh họa)", at) == ([notice_id], 0)
    deliver(clock.moment(date(2025, 1, 16), time(16, 0)))
    assert not any("Kính gửi: Bà A" in letter and "Gửi hồ sơ" in letter for letter in letters(home))
    assert watch(date(2025, 1, 23))["overdue"] > 0


@ON_SQLITE
@on_both_engines
def test_a_token_of_another_system_or_of_a_letter_that_is_not_there_is_refused() -> None:
    opened(most=1)
    with reading() as session:
        for said in (token(b"another key", 1), token(b"key", 999), "1.", "", "²." + "x" * 20, "1.é"):
            with pytest.raises(Refusal):
                letter_of_token(session, b"key", said)


@ON_SQLITE
@on_both_engines
def test_proof_names_each_attempt_with_the_hash_of_its_text(tcpl: Callable[..., Any], tmp_path: Path) -> None:
    opened(most=1)
    watch(date(2025, 1, 8))
    deliver(clock.moment(date(2025, 1, 8)))
    found = tcpl("notices", "--since", "2025-01-08", "--json").json
    assert found["counts"]["sent"] == len(found["notices"]) > 0
    [attempt] = found["notices"][0]["attempts"]
    assert len(attempt["text_hash"]) == 64
    assert attempt["template"].startswith(f"{wording().version}/")
    assert tcpl("notices", "--since", "2025-01-09", "--json").json["notices"] == []
    assert tcpl("notices", "ack", found["notices"][0]["id"], "--by", "A", "--json").json["acknowledged"] == 1
    out = tmp_path / "chung-minh.xlsx"
    assert tcpl("notices", "--out", out, "--json").json["notices"] == len(found["notices"])
    workbook = load_workbook(out)
    assert workbook.sheetnames == ["Thông báo", "Trang ký"]
    assert workbook["Thông báo"].max_row == len(found["notices"]) + 1
    hashed = next(row[1].value for row in workbook["Trang ký"].rows if "SHA-256" in str(row[0].value))
    paper = tmp_path / "to-ky.docx"
    assert tcpl("notices", "--out", paper, "--json").json["notices"] == len(found["notices"])
    document = Document(str(paper))
    assert any(str(hashed) in paragraph.text for paragraph in document.paragraphs), "one vouches for the other"
    assert len(document.tables[0].rows) == len(found["notices"]) + 1
    refused = tcpl("notices", "--out", out / "x.xlsx", "--json")
    assert (refused.status, refused.json["error"]["code"]) == (1, "cannot_write")
    assert tcpl("notices", "--state", "lost", "--json").json["error"]["code"] == "unknown_state"


@ON_SQLITE
@on_both_engines
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_kind_can_be_read_before_it_goes_out(tcpl: Callable[..., Any], tmp_path: Path, language: str) -> None:
    opened(most=1)
    for kind in Kind:
        words = ("notices", "preview", kind, "--on", "2025-01-13", "--html", tmp_path / "x.html", "--lang", language)
        shown = tcpl(*words, "--json").json
        assert shown["subject"].startswith("[THỬ NGHIỆM]" if language == "vi" else "[TRIAL]")
        assert max(len(line) for line in shown["text"].splitlines() if "://" not in line) <= 72
        assert len(shown["short"]) <= 300
        assert "</html>" in (tmp_path / "x.html").read_text("utf-8")
    assert tcpl("notices", "preview", "telegram", "--json").json["error"]["code"] == "unknown_kind"
    assert tcpl("notices", "preview", "reminder", "--dossier", "99999", "--json").json["error"]["code"] == "no_dossier"


@on_both_engines
def test_a_clock_that_goes_back_over_midnight_doubles_nothing(home: Path) -> None:
    opened(most=2)
    for at in (clock.moment(date(2025, 1, 8), time(23, 58)), clock.moment(date(2025, 1, 9), time(0, 2))) * 2:
        watch_all(at.date(), at)
        deliver(at)
    with reading() as session:
        ok = list(session.execute(select(Attempt.notice_id, Attempt.recipient).where(Attempt.ok)).tuples())
        sent = set(session.scalars(select(Attempt.letter_id).where(Attempt.ok)))
    assert len(set(ok)) == len(ok) > 0
    assert len(letters(home)) == len(sent) > 0


def _letter(*subjects: str) -> Composed:
    items = [Item([number], subject, "w", "a", (), "") for number, subject in enumerate(subjects)]
    start = (1, "k", "sms", "0912345678", "sms:0912345678", "vi", "t", "2025-01-08", "s", "h", "o")
    return Composed(*start, items, "https://tcpl.example.vn/ack/1.x", (), True)  # type: ignore[arg-type]


@given(st.lists(st.text(min_size=1, max_size=120), min_size=1, max_size=40), st.integers(70, 600))
def test_a_text_message_is_never_longer_than_it_may_be(subjects: list[str], most: int) -> None:
    said = _letter(*subjects).short(most)
    assert len(said) <= most
    assert said.startswith("[THỬ NGHIỆM]")


def test_a_long_list_says_how_many_are_left() -> None:
    said = _letter(*(f"Quá hạn 3 ngày: Gửi hồ sơ — Xã số {number}" for number in range(11))).short(200)
    assert "… và 8 việc khác" in said
    assert said.endswith("/ack/1.x")


hours = st.none() | st.times().map(lambda one: one.replace(second=0, microsecond=0))


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2026, 1, 1), timezones=st.just(HANOI)),  # noqa: DTZ001  (Hypothesis's way)
    st.none() | st.integers(0, 20),
    hours,
    st.none() | st.tuples(st.integers(16, 23), st.integers(0, 9)),
    st.sets(st.integers(0, 6), max_size=5),
)
def test_a_letter_goes_out_on_a_working_day_outside_the_quiet_hours_or_its_deadline_is_near(
    at: datetime, left: int | None, digest: time | None, quiet: tuple[int, int] | None, rests: set[int]
) -> None:
    due = None if left is None else at.date() + timedelta(days=left)
    first, last = (time(quiet[0]), time(quiet[1])) if quiet else (None, None)

    def works(day: date) -> bool:
        return day.weekday() not in rests

    moment = sending_moment(at, due, Habits(digest, first, last), works)
    assert moment >= at
    assert first is None or last is None or last <= moment.time() < first
    if not works(moment.date()):
        assert due is not None
        assert moment.date() <= due
        assert not any(works(moment.date() + timedelta(days=n)) for n in range(1, (due - moment.date()).days))
