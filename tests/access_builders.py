"""Two provinces in mid-January, with everything that can be somebody else's, and an account of every role to look.

Filling `two_territories`: Cà Mau's trial of 2024 in two districts and Bạc Liêu's; every unit's name is a marker.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from cycle_builders import PLANS, districts, hand, hand_in
from databases import FILLINGS, two_provinces
from lived_year import this_is_home
from sqlalchemy import select, text, update
from starlette.testclient import TestClient

from dashboard.app import build
from dashboard.cookies import SESSION
from deployments.pages import sources
from models.law.answers import PointsGiven
from models.records.accounts import Account, Role
from models.records.contacts import Contact
from models.records.cycles import Agency
from models.records.decisions import Decision, DecisionLine
from models.records.dossiers import Dossier
from models.records.passwords import hashed
from models.records.units import Unit
from tasks import clock, reviewing
from tasks.database import reading, work
from tasks.delivering import deliver
from tasks.opening import open_cycle
from tasks.settings import Settings
from tasks.sittings import Place
from tasks.ticking import tick
from tasks.users import add_user, give_token
from tasks.watching import watch_all

OPENING, STOP = date(2024, 12, 2), date(2025, 1, 11)
MOMENT = clock.moment(STOP)
COMMUNES = 20
PASSWORD = "muoi hai con cò trắng"
MARKED = re.compile(r"⟨(\d+)⟩")
"""A unit is named "⟨its id⟩": whatever shows a name shows whose it is."""

PEOPLE: dict[str, tuple[Role, str | None]] = {
    "quan.tri": (Role.ADMINISTRATOR, None),
    "bo": (Role.MINISTRY, None),
    "tinh.96": (Role.PROVINCE, "96"),
    "tinh.95": (Role.PROVINCE, "95"),
    "huyen.964": (Role.DISTRICT, "964"),
    "huyen.966": (Role.DISTRICT, "966"),
    "xa.32002": (Role.COMMUNE, "32002"),
    "xa.31999": (Role.COMMUNE, "31999"),
}
NARROW = ["tinh.96", "tinh.95", "huyen.964", "xa.32002"]
"""One of each role, and the other province."""


def two_territories(settings: Settings) -> None:
    two_provinces(settings)
    with this_is_home(settings):
        at = clock.moment(OPENING)
        open_cycle("96", 2024, trial=True, plan_file=PLANS[2024], at=at, most=COMMUNES)
        open_cycle("95", 2024, trial=True, plan_file=_plan_of("95", settings.home), at=at, most=3)
        for place in (Place("96", 2024, True), Place("95", 2024, True)):
            for number, codes in enumerate(districts(place).values()):
                hand_in(place, codes[:-1], date(2025, 1, 8), {"1.1": PointsGiven(Decimal(2 - number % 2))})
                reviewing.find_complete(place, codes[:1], hand("Phòng Tư pháp (minh họa)", date(2025, 1, 9)))
        for day in (date(2025, 1, 6), STOP):
            tick(clock.moment(day))
            watch_all(day, clock.moment(day))
        deliver(clock.moment(STOP))
        with work(settings) as session:
            _decide(session)
            agencies = session.scalars(select(Agency)).all()
            session.add_all(
                Contact(agency_id=one.id, name=f"⟨{one.unit_id}⟩", channel="mail", address=f"mailto://{one.id}")
                for one in agencies
            )
            for one in agencies:
                one.name = f"⟨{one.unit_id}⟩ {one.actor}"
            session.execute(update(Unit).values(name=text("'⟨' || id || '⟩'")))
        for name, (role, unit) in PEOPLE.items():
            add_user(name, role, unit, MOMENT, may_sign_in=False)
        with work(settings) as session:
            session.execute(update(Account).values(password=hashed(PASSWORD)))  # one hash: it is slow on purpose


def _decide(session: Any) -> None:
    """In each district one commune is recognised, as far as the tables go."""
    seen: set[int | None] = set()
    for dossier in session.scalars(select(Dossier).order_by(Dossier.id)):
        if dossier.district_id in seen:
            continue
        seen.add(dossier.district_id)
        decision = Decision(
            cycle_id=dossier.cycle_id,
            unit_id=dossier.district_id,
            number=f"⟨{dossier.district_id}⟩/QĐ",
            signed_on=STOP,
            signer="Chủ tịch (minh họa)",
            recorded_at=MOMENT - timedelta(minutes=5),
        )
        session.add(decision)
        session.flush()
        session.add(DecisionLine(decision_id=decision.id, dossier_id=dossier.id, recognised=True))


def _plan_of(province: str, folder: Path) -> Path:
    plan = yaml.safe_load(PLANS[2024].read_text(encoding="utf-8"))
    file = folder / f"plan-{province}.yaml"
    text_ = (
        PLANS[2024].read_text(encoding="utf-8").replace(f'province: "{plan["province"]}"', f'province: "{province}"')
    )
    file.write_text(text_, encoding="utf-8")
    return file


FILLINGS |= {"two_territories": two_territories}


def client(loopback: bool = True, at: Any = None) -> TestClient:
    """A browser that follows no redirection by itself."""
    moment = at or MOMENT
    application = build(lambda: moment, loopback=loopback, sources=sources())
    return TestClient(application, base_url="http://127.0.0.1", follow_redirects=False)


def bearer(name: str, at: Any = None) -> dict[str, str]:
    """The header of an API token of the account."""
    return {"Authorization": f"Bearer {give_token(name, 'test', 30, at or MOMENT)['token']}"}


@contextmanager
def seen_through(name: str) -> Iterator[TestClient]:
    """A client that carries the account's token with every request."""
    browser = client()
    browser.headers.update(bearer(name))
    yield browser


def token_of(page: str) -> str:
    """The token in the page's form."""
    return re.search(r'name="form" value="([^"]+)"', page)[1]  # type: ignore[index]


def signed_in(name: str, browser: TestClient | None = None, password: str = PASSWORD) -> TestClient:
    """A browser that has signed in by the form."""
    browser = browser or client()
    token = token_of(browser.get("/sign-in").text)
    answer = browser.post("/sign-in", data={"form": token, "name": name, "password": password})
    assert answer.status_code == 303, answer.text
    assert any(SESSION in cookie for cookie in browser.cookies)
    return browser


def ids(*codes: str) -> set[int]:
    """The units of 2024 that bear these codes."""
    with reading() as session:
        return set(session.scalars(select(Unit.id).where(Unit.code.in_(codes), Unit.valid_to.is_not(None))))


def territory(name: str) -> tuple[set[int], set[int]]:
    """By plain SQL: the units of an account's territory, and those above it of which it sees the names."""
    _, code = PEOPLE[name]
    with reading() as session:

        def sql(statement: str, **values: Any) -> set[int]:
            return {row[0] for row in session.execute(text(statement), values)}

        root = sql("SELECT id FROM units WHERE code = :code AND valid_to IS NOT NULL", code=code)
        inside, newest = set(root), set(root)
        while newest:
            children = (sql("SELECT id FROM units WHERE parent_id = :one", one=one) for one in newest)
            newest = set().union(*children) - inside
            inside |= newest
        above: set[int] = set()
        newest = set(root)
        while newest:
            parents = (
                sql("SELECT parent_id FROM units WHERE id = :one AND parent_id IS NOT NULL", one=one) for one in newest
            )
            newest = set().union(*parents) - above
            above |= newest
        return inside, above
