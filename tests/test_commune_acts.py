"""Postings, supplement rounds, findings about leaders, evidence and its signatures: by commands and functions."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select
from workbook_filler import filled

from models.cycle.holding import Held, late_days
from models.cycle.lifecycle import State
from models.law.leaders import LeaderFinding, Measure, Role, bearing
from models.law.posting import Channel, Posted, PostingRule, check_posting
from models.law.regulation import Actor
from models.records.cycles import Cycle, law_of
from models.records.deadlines import deadlines_of
from models.records.dossiers import Dossier, dossiers_by_code, latest_cards
from models.records.postings import rule_in
from models.records.units import Unit
from tasks import clock
from tasks.database import reading
from tasks.inbox import empty_inbox
from tasks.intake import Report, take_files
from tasks.law_files import load_regulations
from tasks.settings import CHECKOUT
from tasks.workbooks import write_workbooks

SCORES = "Tự chấm điểm"
YEAR = ("--year", "2024")
EIGHTH = "2025-01-08T09:00:00+07:00"


@pytest.fixture
def code(trial: Any) -> str:  # noqa: ARG001  (what it opens is what is asked)
    """A commune of the open trial."""
    with reading() as session:
        return session.scalars(select(Unit.code).join(Dossier, Dossier.unit_id == Unit.id).order_by(Unit.code)).first()  # type: ignore[return-value]


def hand_in(code: str, folder: Path, name: str, on: date, cells: dict[tuple[str, str], Any] | None = None) -> Report:
    with reading() as session:
        law = law_of(session, session.scalars(select(Cycle)).one()).regulation
    blank = write_workbooks("96", 2024, folder, communes=[code]).files[0][2]
    path = filled(blank, law, folder / name, cells=cells)
    return take_files([path], at=clock.moment(on))


def dossier_of(code: str) -> tuple[State, int]:
    with reading() as session:
        dossier = dossiers_by_code(session, session.scalars(select(Cycle.id)).one(), [code])[code]
        return State(dossier.state), dossier.round


# The posting rule


@cache
def the_rule() -> PostingRule:
    regulation = next(one for one in load_regulations(CHECKOUT / "regulations") if one.id == "qd-25-2021")
    rule = rule_in(regulation)
    assert rule
    return rule


def posted(channel: Channel, days: int, times: int | None = None) -> Posted:
    return Posted(channel, date(2025, 1, 2), date(2025, 1, 2) + timedelta(days=days), times)


@pytest.mark.parametrize(
    ("postings", "satisfied"),
    [
        ([posted(Channel.OFFICE, 5), posted(Channel.PORTAL, 5)], True),
        ([posted(Channel.OFFICE, 5), posted(Channel.RADIO, 5, 3)], True),
        ([posted(Channel.OFFICE, 4), posted(Channel.PORTAL, 5)], False),
        ([posted(Channel.OFFICE, 5), posted(Channel.PORTAL, 4)], False),
        ([posted(Channel.OFFICE, 5), posted(Channel.RADIO, 5, 2)], False),
        ([posted(Channel.OFFICE, 5), posted(Channel.RADIO, 4, 3)], False),
        ([posted(Channel.OFFICE, 5)], False),
        ([posted(Channel.PORTAL, 9), posted(Channel.RADIO, 9, 9)], False),
    ],
)
def test_the_office_and_one_of_portal_and_radio(postings: list[Posted], satisfied: bool) -> None:
    found = check_posting(the_rule(), postings, 2024)
    assert found.satisfied is satisfied
    assert bool(found.wanting) is not satisfied


def test_where_nobody_has_read_the_rule_nothing_is_decided() -> None:
    assert check_posting(None, [posted(Channel.OFFICE, 9)], 2026).satisfied is None


@given(st.lists(st.tuples(st.sampled_from(Channel), st.integers(0, 12), st.integers(0, 5)), max_size=12))
def test_more_postings_never_undo_what_was_enough(some: list[tuple[Channel, int, int]]) -> None:
    postings, rule = [posted(*one) for one in some], the_rule()
    for count in range(len(postings)):
        if check_posting(rule, postings[:count], 2024).satisfied:
            assert check_posting(rule, postings[: count + 1], 2024).satisfied


def test_a_posting_is_recorded_once_and_done_when_it_is_enough(tcpl: Callable[..., Any], code: str) -> None:
    common = (code, *YEAR, "--from", "2025-01-02", "--to", "2025-01-07", "--by", "A (minh họa)", "--as-of", EIGHTH)
    first = tcpl("post", *common, "--channel", "office", "--json")
    assert (first.status, first.json["new"], first.json["satisfied"]) == (0, True, False), first.err
    second = tcpl("post", *common, "--channel", "portal", "--json")
    assert (second.json["satisfied"], second.json["satisfied_on"]) == (True, "2025-01-07")
    assert tcpl("post", *common, "--channel", "portal", "--json").json["new"] is False
    with reading() as session:
        cycle = session.scalars(select(Cycle.id)).one()
        unit = dossiers_by_code(session, cycle, [code])[code].unit_id
        (deadline,) = [one for one in deadlines_of(session, cycle, unit) if one.step == "post-drafts"]
    assert (deadline.starts_on, deadline.done_on) == (date(2025, 1, 2), date(2025, 1, 7))


@pytest.mark.parametrize("engines", ["sqlite"], indirect=True)
def test_a_process_that_does_nothing_else_can_record_a_posting(code: str) -> None:
    words = (code, *YEAR, "--channel", "office", "--from", "2025-01-02", "--to", "2025-01-07", "--by", "A", "--json")
    command = [str(Path(sys.executable).with_name("tcpl")), "post", *words, "--as-of", EIGHTH]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, check=False)
    assert (done.returncode, b'"new": true' in done.stdout) == (0, True), done.stdout


def test_a_posting_that_ends_before_it_begins_is_refused(tcpl: Callable[..., Any], code: str) -> None:
    days = ("--from", "2025-01-07", "--to", "2025-01-02")
    answer = tcpl("post", code, *YEAR, "--channel", "office", *days, "--by", "A", "--json")
    assert (answer.status, answer.json["error"]["code"]) == (1, "ends_before_it_begins")


@pytest.mark.parametrize("engines", ["sqlite"], indirect=True)
def test_nobody_records_nothing_and_a_day_as_offices_write_it_is_told_how(tcpl: Callable[..., Any], code: str) -> None:
    words = ("post", code, *YEAR, "--channel", "office", "--json", "--from")
    answer = tcpl(*words, "2025-01-02", "--by", " ")
    assert (answer.status, answer.json["error"]["code"]) == (1, "nobody_named")
    assert "2025-01-02" in tcpl(*words, "02/01/2025", "--by", "A").json["error"]["do"]


# Supplement rounds


def ask(tcpl: Callable[..., Any], code: str, note: str, received: str, *more: str) -> Any:
    by = ("--by", "Phòng Tư pháp (minh họa)", "--as-of", f"{received}T10:00:00+07:00")
    return tcpl("supplement", "request", code, *YEAR, "--note", note, "--received", received, *by, "--json", *more)


def answer(code: str, folder: Path, name: str, on: date, cells: dict[tuple[str, str], Any], *, lawful: bool) -> Report:
    """What the commune does with the workbook of the request: it fills in cells, open ones where it is `lawful`."""
    workbook = load_workbook(write_workbooks("96", 2024, folder, communes=[code]).files[0][2])
    for (sheet, cell), value in cells.items():
        assert workbook[sheet][cell].protection.locked is not lawful, (sheet, cell)
        workbook[sheet][cell] = value
    workbook.save(folder / name)
    return take_files([folder / name], at=clock.moment(on))


def test_two_rounds_of_supplement_each_opens_what_was_returned_and_all_are_kept(
    tcpl: Callable[..., Any], code: str, tmp_path: Path
) -> None:
    hand_in(code, tmp_path, "first.xlsx", date(2025, 1, 8))
    asked = ask(tcpl, code, "2.1=Thiếu quyết định", "2025-01-09")
    assert (asked.status, asked.json["number"], asked.json["due"]) == (0, 1, "2025-01-14"), asked.err
    assert ask(tcpl, code, "2.1=Thiếu quyết định", "2025-01-09").json["new"] is False

    locked: dict[tuple[str, str], Any] = {(SCORES, "H13"): 3.5, (SCORES, "I14"): "lời mới"}
    locked |= {("Niêm yết", "E6"): date(2025, 1, 9), ("Ý kiến và giải trình", "G6"): "khác", ("Phân công", "C6"): "B"}
    wrong = answer(code, tmp_path, "wrong.xlsx", date(2025, 1, 10), locked, lawful=False)
    places = [(SCORES, "H13"), (SCORES, "H14"), ("Niêm yết", ""), ("Ý kiến và giải trình", ""), ("Phân công", "")]
    assert [(flaw.sheet, flaw.cell) for flaw in wrong.refused[0].errors] == places

    evidence = {("Minh chứng", "B7"): "2.1", ("Minh chứng", "C7"): "Quyết định (minh họa)"}
    points = {(SCORES, "H12"): 5.5, (SCORES, "I12"): "đã bổ sung quyết định"}
    second = answer(code, tmp_path, "second.xlsx", date(2025, 1, 13), points | evidence, lawful=True)
    assert second.accepted, second.refused
    assert dossier_of(code) == (State.SUBMITTED, 2)

    assert ask(tcpl, code, "2.2=Thiếu sổ theo dõi", "2025-01-14").json["number"] == 2
    third = answer(code, tmp_path, "third.xlsx", date(2025, 1, 20), {(SCORES, "H13"): 3.75}, lawful=True)
    assert third.accepted, third.refused
    assert dossier_of(code) == (State.SUBMITTED, 3)

    shown = tcpl("supplement", "show", code, *YEAR, "--today", "2025-01-21", "--json").json
    assert [(one["number"], one["items"], one["answered_on"]) for one in shown["rounds"]] == [
        (1, {"2.1": "Thiếu quyết định"}, "2025-01-13"),
        (2, {"2.2": "Thiếu sổ theo dõi"}, "2025-01-20"),
    ]
    assert shown["late_days"]["answer-supplement/2"] == {"commune": 2, "district_justice": 1}
    complete = ("supplement", "complete", code, *YEAR, "--by", "B (minh họa)", "--as-of", "2025-01-20T14:00:00+07:00")
    assert tcpl(*complete, "--json").json["new"] is True
    assert dossier_of(code)[0] is State.COMPLETE


def test_an_item_that_the_file_does_not_have_cannot_be_returned(
    tcpl: Callable[..., Any], code: str, tmp_path: Path
) -> None:
    hand_in(code, tmp_path, "first.xlsx", date(2025, 1, 8))
    answer = ask(tcpl, code, "9.9=?", "2025-01-09")
    assert (answer.status, answer.json["error"]["code"]) == (1, "unknown_item")
    assert dossier_of(code)[0] is State.SUBMITTED


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.integers(0, 30), st.integers(0, 40))
def test_every_late_day_belongs_to_exactly_one_holder(lengths: list[int], last: int, until: int) -> None:
    start, held = date(2025, 1, 1), []
    for number, length in enumerate(lengths):
        end = None if number == len(lengths) - 1 else start + timedelta(days=length)
        held.append(Held(list(Actor)[number], start, end))
        start = end or start
    last_day, end_day = date(2025, 1, 1) + timedelta(days=last), date(2025, 1, 1) + timedelta(days=until)
    assert sum(late_days(held, last_day, end_day).values()) == max(0, (end_day - last_day).days)


# Findings about leaders


def finding(**other: Any) -> LeaderFinding:
    usual = {
        "person": "Người A (minh họa)",
        "role": Role.GOVERNMENT_HEAD,
        "act": "vi phạm (minh họa)",
        "on": date(2024, 6, 1),
        "document": "QĐ 1 (minh họa)",
        "measure": Measure.DISCIPLINED,
        "duty_related": True,
    }
    return LeaderFinding(**(usual | other))


@pytest.mark.parametrize(
    ("other", "counts"),
    [
        ({}, True),
        ({"role": Role.PARTY_HEAD}, True),
        ({"role": Role.OTHER}, False),
        ({"on": date(2023, 12, 31)}, False),
        ({"duty_related": False}, False),
        ({"duty_related": False, "measure": Measure.PROSECUTED}, True),
    ],
)
def test_which_findings_bear_on_the_condition(other: dict[str, Any], counts: bool) -> None:
    found = bearing(finding(**other), 2024)
    assert found.counts is counts
    assert found.why.vi


def test_a_finding_makes_the_verdict_fail_and_its_withdrawal_undoes_that(
    tcpl: Callable[..., Any], code: str, tmp_path: Path
) -> None:
    hand_in(code, tmp_path, "first.xlsx", date(2025, 1, 8))
    said = ("--person", "Người A (minh họa)", "--role", "government_head", "--act", "vi phạm", "--on", "2024-06-01")
    more = ("--document", "QĐ 1 (minh họa)", "--measure", "disciplined", "--duty-related", "--by", "B (minh họa)")
    recorded = tcpl("finding", "add", code, *YEAR, *said, *more, "--as-of", EIGHTH, "--json")
    assert (recorded.status, recorded.json["clear"], recorded.json["new"]) == (0, False, True), recorded.err
    assert meets(code) is False
    assert tcpl("finding", "add", code, *YEAR, *said, *more, "--as-of", EIGHTH, "--json").json["new"] is False
    number = str(recorded.json["findings"][0]["id"])
    undone = (
        "finding",
        "withdraw",
        code,
        number,
        *YEAR,
        "--ground",
        "ghi nhầm",
        "--by",
        "B",
        "--as-of",
        EIGHTH,
        "--json",
    )
    assert tcpl(*undone).json["clear"] is True
    assert meets(code) is True


def meets(code: str) -> bool | None:
    with reading() as session:
        dossier = dossiers_by_code(session, session.scalars(select(Cycle.id)).one(), [code])[code]
        return latest_cards(session, [dossier.id], "self")[dossier.id].meets


# The watched folder


def test_the_inbox_is_emptied_and_what_is_refused_goes_back(code: str, tmp_path: Path, home: Path) -> None:
    inbox = home / "inbox"
    inbox.mkdir()
    with reading() as session:
        law = law_of(session, session.scalars(select(Cycle)).one()).regulation
    blank = write_workbooks("96", 2024, tmp_path, communes=[code]).files[0][2]
    filled(blank, law, inbox / "good.xlsx")
    (inbox / "bad.xlsx").write_bytes(b"ten;diem")
    (inbox / "~$good.xlsx").write_bytes(b"lock")
    assert empty_inbox(clock.moment(date(2025, 1, 8))).left == 2  # they may still be on their way
    long_ago = clock.moment(date(2025, 1, 1)).timestamp()
    for path in inbox.iterdir():
        os.utime(path, (long_ago, long_ago))
    emptied = empty_inbox(clock.moment(date(2025, 1, 8)))
    assert (emptied.new, emptied.returned, emptied.left) == (1, 1, 0)
    assert sorted(path.name for path in inbox.iterdir()) == ["~$good.xlsx"]
    assert len(list((home / "returned").glob("bad*"))) == 2  # the file, and why
