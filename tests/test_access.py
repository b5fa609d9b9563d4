"""Nobody sees what is somebody else's: every role, every page, every API call, as the routes themselves list them.

The strongest form: everything outside a territory is changed, and not one sign of an answer may move.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from access_builders import (
    MARKED,
    MOMENT,
    NARROW,
    PEOPLE,
    STOP,
    bearer,
    client,
    ids,
    seen_through,
    territory,
)
from databases import Engines
from sqlalchemy import func, select, text
from sqlalchemy.orm import aliased
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from dashboard.app import build
from dashboard.door import Guarded, refuse_unguarded
from dashboard.viewer import Audience
from deployments.pages import sources
from models.errors import Fault
from models.records import territory_rules
from models.records.accounts import Role
from models.records.deadlines import Deadline
from models.records.dossiers import Dossier
from models.records.notices import Notice
from models.records.territory import Territory, narrow
from models.records.unit_queries import lineage
from models.records.units import Unit
from tasks import merging
from tasks.database import reading, work
from tasks.sittings import Hand, Place
from tasks.users import add_user

CYCLES = ("96-2024-trial", "95-2024-trial")
CODES = ("95", "966", "32002", "31999", "31825")
VALUES: dict[str, tuple[str, ...]] = {
    "code": CODES,
    "year": ("2024",),
    "name": ("96-2024-trial", "96-2024-trial-32002", "96-2024-trial-31999", "95-2024-trial-31825"),
    "regulation": ("qd-25-2021",),
    "token": ("1.x",),
}
"""What stands for a parameter of a path: one's own, the neighbour's, another province's."""
FOREIGN = f"?cycle={CYCLES[1]}"
QUERIES = {
    "/": ("", FOREIGN, "?all=1&stage=district_review"),
    "/search": ("?q=3", "?q=⟨", "?q=31999"),
    "/deadlines": ("", "?standing=overdue", "?district=966", "?q=31999", "?page=2"),
    "/notices": ("", "?state=sent", "?q=31999"),
    "/results.xlsx": ("",),
    "/api/status": ("", "?province=95", "?page=2&per_page=1"),
    "/api/deadlines": ("?per_page=500", FOREIGN, "?q=31999"),
    "/api/notices": ("?per_page=500", "?dossier=31999"),
    "/api/results/known": ("?province=96&year=2024&trial=1", "?province=95&year=2024&trial=1"),
    "/api/units": ("?province=96&on=2024-12-31&per_page=500", "?province=95&on=2024-12-31&per_page=500"),
    "/api/programme": ("?per_page=500", FOREIGN),
    "/api/law": ("",),
    "/api": ("",),
    "/api/openapi.json": ("",),
    "/password": ("",),
}
"""What is asked of a page beside its bare address; a page not here is asked barely, and about the other province."""
STRANGE = re.compile(r'name="form" value="[^"]*"')


@pytest.fixture
def two(engines: Engines, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    address = engines.copy("two_territories", home)
    monkeypatch.setenv("TCPL_DATABASE_URL", address)
    yield
    engines.drop(address)


@pytest.fixture
def two_on_sqlite(sqlite_files: Engines, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    address = sqlite_files.copy("two_territories", home)
    monkeypatch.setenv("TCPL_DATABASE_URL", address)
    yield
    sqlite_files.drop(address)


def routes() -> list[Guarded]:
    """Every address there is that can be looked at, from the application itself."""
    found = [route for route in build(lambda: MOMENT, sources=sources()).routes if isinstance(route, Guarded)]
    return [route for route in found if "GET" in (route.methods or ())]


def addresses(audience: Audience | None = Audience.SIGNED_IN) -> list[str]:
    """Every page and call with its parameters filled, and with what else can be asked of it."""
    found: list[str] = []
    for route in routes():
        if audience not in (None, route.audience):
            continue
        filled = [re.sub(r":\w+}", "}", route.path)]
        for name in re.findall(r"{(\w+)", route.path):
            filled = [path.replace("{" + name + "}", value) for path in filled for value in VALUES[name]]
        queries = QUERIES.get(route.path, ("", FOREIGN))
        found += [path + query for path in filled for query in (queries if len(filled) == 1 else ("",))]
    return found


def look(browser: TestClient, address: str) -> tuple[int, str]:
    """Status and text; of a workbook the cells."""
    answer = browser.get(address)
    if answer.status_code == 200 and address.startswith("/results.xlsx"):
        return 200, _cells(answer.content)
    return answer.status_code, STRANGE.sub("", answer.text)


def _cells(content: bytes) -> str:
    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content))
    return "\n".join(str(row) for sheet in book for row in sheet.iter_rows(values_only=True))


def test_every_route_says_for_whom_it_is_and_one_that_does_not_is_refused() -> None:
    application = build(lambda: MOMENT, sources=sources())
    bare = [route for route in application.routes if not isinstance(route, Guarded)]
    assert [route.path for route in bare if isinstance(route, Mount)] == ["/static"]
    assert len(bare) == 1
    with pytest.raises(RuntimeError, match="/forgotten"):
        refuse_unguarded([Route("/forgotten", lambda _: None)])  # type: ignore[arg-type]
    public = {route.path for route in routes() if route.audience is Audience.ANYONE}
    assert public == {"/healthz", "/sign-in", "/sign-in/office", "/sign-in/office/back", "/ack/{token}"}


def test_every_table_has_its_rule_and_one_without_answers_nothing() -> None:
    assert territory_rules.without_rule() == []


@pytest.mark.usefixtures("two_on_sqlite")
def test_who_has_not_signed_in_sees_nothing_anywhere() -> None:
    browser = client()
    for address in addresses(None):
        status, found = look(browser, address)
        if address.startswith(("/sign-in", "/ack", "/healthz")):
            assert not MARKED.search(found), address
        elif address.startswith(("/api/", "/feeds/", "/metrics")):
            assert status == 401, address
        else:
            assert status == 303, address
            assert browser.get(address).headers["location"].startswith("/sign-in?next=")


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("name", ["tinh.96", "huyen.964", "xa.32002"])
def test_every_table_answers_only_with_the_territory(name: str) -> None:
    inside, above = territory(name)
    with reading() as session:
        whole = {mapped: session.query(mapped).count() for mapped in territory_rules.every_table()}
        roots = inside - {child for child in inside if session.get_one(Unit, child).parent_id in inside}
        narrow(session, Territory(frozenset(roots), frozenset(above)))
        for mapped in territory_rules.every_table():
            rows = session.scalars(select(mapped)).all()
            assert len(session.scalars(select(aliased(mapped))).all()) == len(rows)
            of_unit = [row.unit_id for row in rows if hasattr(row, "unit_id")]
            allowed = inside | above if mapped.__tablename__ == "agencies" else inside
            assert set(of_unit) <= allowed | {None}, mapped.__tablename__
            assert mapped not in territory_rules.FOR_NOBODY or not rows
        seen = {mapped: len(session.scalars(select(mapped)).all()) for mapped in (Deadline, Dossier, Notice)}
        assert all(0 < count < whole[mapped] for mapped, count in seen.items())
        assert session.scalar(select(func.count()).select_from(Deadline)) == seen[Deadline]
        for statement in (text("SELECT 1"), select(Deadline.__table__.c.step)):
            with pytest.raises(Fault):
                session.execute(statement)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("engines", "name"), [*(("sqlite", name) for name in NARROW), ("postgresql", "huyen.964")], indirect=["engines"]
)
def test_no_answer_names_what_is_outside_the_territory_or_is_moved_by_it(name: str) -> None:
    """Lists, counts, searches, exports, pictures, feeds: others are not named, and what they do has no influence."""
    inside, above = territory(name)
    codes, shown = _codes_outside(inside | above), set()
    with seen_through(name) as browser:
        before = {address: look(browser, address) for address in addresses()}
        for address, (status, found) in before.items():
            assert status in (200, 400, 404), address
            named = {int(one) for one in MARKED.findall(found)}
            assert named <= inside | above, address
            shown |= named & inside
            asked = set(re.findall(r"\d{5}", address))
            assert not (set(re.findall(r'[">/( ](\d{5})["<?&/) ]', found)) & codes) - asked, address
        assert len(shown) >= min(len(inside), 2) or PEOPLE[name][0] is Role.COMMUNE
        assert all(look(browser, address)[0] == 403 for address in addresses(Audience.OPERATORS))
        if name in MOVED_FOR:
            assert all(count > 0 for count in _change_everything_outside(inside).values())
            for address, (status, found) in before.items():
                assert status != 200 or look(browser, address) == (status, found), address


MOVED_FOR = ("tinh.96", "huyen.964", "xa.32002")


def _codes_outside(seen: set[int]) -> set[str]:
    with reading() as session:
        own = set(session.scalars(select(Unit.code).where(Unit.id.in_(seen))))
        return set(session.scalars(select(Unit.code).where(Unit.level == "commune"))) - own


def _change_everything_outside(inside: set[int]) -> dict[str, int]:
    """Others finish late, are scored otherwise, are told other things, change their state and name."""
    own = ",".join(map(str, inside))
    dossiers = f"(SELECT id FROM dossiers WHERE unit_id NOT IN ({own}))"
    names = f"id NOT IN ({own}) AND id NOT IN (SELECT parent_id FROM units WHERE parent_id IS NOT NULL)"
    statements = {
        "deadlines": "UPDATE deadlines SET done_on = CASE WHEN done_on IS NULL THEN date('2025-01-07') END,"
        f" last_day = '2025-01-03' WHERE unit_id NOT IN ({own})",
        "dossiers": f"UPDATE dossiers SET state = 'recognised', since = '2025-01-05' WHERE unit_id NOT IN ({own})",
        "scorecards": f"UPDATE scorecards SET total = '0012.0000', meets = false WHERE dossier_id IN {dossiers}",
        "notices": f"UPDATE notices SET state = 'abandoned', kind = 'result' WHERE unit_id NOT IN ({own})",
        "decisions": f"UPDATE decision_lines SET recognised = false WHERE dossier_id IN {dossiers}",
        "contacts": "UPDATE contacts SET name = 'x' WHERE agency_id IN"
        f" (SELECT id FROM agencies WHERE unit_id NOT IN ({own}))",
        "dues": f"UPDATE task_dues SET done_on = '2025-01-02' WHERE unit_id NOT IN ({own})",
        "units": f"UPDATE units SET name = 'other ' || id, latitude = 1, longitude = 1 WHERE {names}",
    }
    with work() as session:
        return {what: session.execute(text(statement)).rowcount for what, statement in statements.items()}  # type: ignore[attr-defined]


@pytest.mark.usefixtures("two_on_sqlite")
@pytest.mark.parametrize("name", ["bo", "quan.tri"])
def test_who_sees_everything_sees_both_provinces_and_only_the_administrator_the_machine(name: str) -> None:
    with seen_through(name) as browser:
        shown: set[int] = set()
        for address in addresses():
            status, found = look(browser, address)
            assert status in (200, 400, 404), address
            shown |= {int(one) for one in MARKED.findall(found)}
        assert ids("32002", "31999", "95", "96", "964", "966") <= shown
        expected = 200 if name == "quan.tri" else 403
        for address in addresses(Audience.OPERATORS):
            assert look(browser, address)[0] == expected, address


@pytest.mark.usefixtures("two_on_sqlite")
@pytest.mark.parametrize("name", ["tinh.96", "huyen.964", "xa.32002"])
def test_counts_are_those_of_the_territory(name: str) -> None:
    inside, _ = territory(name)
    own = ",".join(map(str, inside))
    with seen_through(name) as browser, reading() as session:

        def number(table: str, where: str = "1 = 1") -> int:
            return int(
                session.execute(text(f"SELECT count(*) FROM {table} WHERE unit_id IN ({own}) AND {where}")).scalar_one()
            )

        status = browser.get("/api/status").json()["cycles"][0]
        assert sum(status["stages"][0][key] for key in _COUNTS) == number("deadlines", "step = 'submit-dossier'")
        late = f"due_day < '{STOP}' AND (done_on IS NULL OR done_on > '{STOP}')"
        assert status["overdue"] == number("deadlines", late)
        assert browser.get("/api/notices").json()["total"] == number("notices")
        assert browser.get("/api/results").json()["total"] == number("dossiers")
        assert browser.get("/api/deadlines").json()["total"] == number("deadlines")


_COUNTS = ("not_started", "in_progress", "at_risk", "overdue", "done_on_time", "done_late")


@pytest.mark.usefixtures("two_on_sqlite")
def test_somebody_elses_dossier_is_answered_as_if_it_were_not_there_and_the_attempt_is_kept() -> None:
    with seen_through("xa.32002") as browser:
        other, none = browser.get("/api/dossiers/2024/31999"), browser.get("/api/dossiers/2024/00009")
        assert other.status_code == none.status_code == 404
        assert other.json()["error"]["code"] == none.json()["error"]["code"]
        assert browser.get("/dossiers/2024/31999").status_code == 404
    kept = [one for one in log() if one["event"] == "refused"]
    assert {(one["account"], one["path"], one["detail"]) for one in kept} == {
        ("xa.32002", "/api/dossiers/2024/31999", "other_territory"),
        ("xa.32002", "/dossiers/2024/31999", "other_territory"),
    }


@pytest.mark.usefixtures("two_on_sqlite")
def test_a_district_looks_until_it_ends_and_its_province_goes_on_with_the_past() -> None:
    last, after = MOMENT.replace(2025, 6, 30), MOMENT.replace(2025, 7, 1)
    headers = bearer("huyen.964", MOMENT + timedelta(days=150))
    assert client(at=last).get("/api/status", headers=headers).status_code == 200
    ended = client(at=after).get("/api/status", headers=headers)
    assert ended.status_code == 403
    assert ended.json()["error"]["code"] == "territory_ended"
    from tasks.users import move_user

    move_user("tinh.96", "96", after)  # the new Cà Mau, into which the old one and Bạc Liêu went
    seen = client(at=after).get("/api/cycles", headers=bearer("tinh.96", after)).json()
    assert {one["cycle"] for one in seen["cycles"]} == set(CYCLES)


def log() -> list[dict[str, Any]]:
    from tasks.users import access_events

    return access_events(None, 1000)


@pytest.mark.usefixtures("two_on_sqlite")
def test_a_dossier_that_a_merger_carried_on_is_seen_whole_by_its_successor_and_by_no_other() -> None:
    after = MOMENT.replace(2025, 7, 3)
    carried, into, stranger = _a_merger(after)
    for name, role, unit in (
        ("xa.moi", Role.COMMUNE, into),
        ("xa.la", Role.COMMUNE, stranger),
        ("tinh.moi", Role.PROVINCE, "96"),
    ):
        add_user(name, role, unit, after, may_sign_in=False)
    browser, address = client(at=after), f"/api/dossiers/2024/{into}"
    whole = browser.get(address, headers=bearer("quan.tri", after)).json()
    assert any(line["act"] == "merge-units" for line in whole["journal"]), "the file's past goes with the file"
    assert whole["rounds"], "and so do its scores"
    for name in ("xa.moi", "tinh.moi", "bo"):
        seen = browser.get(address, headers=bearer(name, after)).json()
        for part in whole.keys() - (ABOVE if name == "xa.moi" else set()):
            assert seen[part] == whole[part], (name, part)
        assert browser.get(f"/dossiers/2024/{into}", headers=bearer(name, after)).status_code == 200
    for name, status, code in (
        ("xa.la", 404, "no_dossier"),
        (f"xa.{carried}", 403, "territory_ended"),
        ("tinh.96", 403, "territory_ended"),
        ("huyen.964", 403, "territory_ended"),
    ):
        refused = browser.get(address, headers=bearer(name, after))
        assert (refused.status_code, refused.json()["error"]["code"]) == (status, code), name
    listed = browser.get("/api/deadlines?per_page=500", headers=bearer("xa.la", after)).text
    assert str(into) not in listed
    assert carried not in listed


ABOVE = {"deadlines_above", "awaited", "council"}
"""What a commune is not told: the days of the offices over it."""


def _a_merger(at: Any) -> tuple[str, str, str]:
    """Codes: a commune whose undecided dossier goes on as its successor's, that successor, a commune it never was."""
    with reading() as session:
        old = session.scalars(select(Unit).where(Unit.code == "32002", Unit.valid_to.is_not(None))).one()
        became = {kin.unit.code: kin.whole for kin in lineage(session, old.id)[1]}
        into = next(code for code, whole in became.items() if whole)
        theirs = select(Unit.code).where(Unit.level == "commune", Unit.valid_to.is_(None)).order_by(Unit.code.desc())
        stranger = next(code for code in session.scalars(theirs) if code not in became)
    hand = Hand("Sở Tư pháp (minh họa)", at, "NQ sắp xếp (minh họa)")
    done = merging.merge(Place("96", 2024, trial=True), [old.code], into, old.code, at.date().replace(day=1), hand)
    assert done["carried"] == (old.code,)
    return old.code, into, stranger
