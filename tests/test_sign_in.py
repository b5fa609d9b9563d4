"""The door: sign-in, its limits and its log, forms of other pages, links of notices, and what hostile hands send."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from access_builders import MARKED, MOMENT, PASSWORD, bearer, client, signed_in, token_of
from conftest import Answer
from databases import Engines
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import select, text
from test_access import addresses, log

from dashboard.serving import refuse_off_loopback
from models.records.accounts import AccessKey, Account
from models.records.notices_acknowledged import LINK_LASTS, Acknowledgement, token
from models.records.notices_addressed import Letter, LetterNotice
from tasks.database import reading, work
from tasks.settings import Settings


@pytest.fixture
def two(sqlite_files: Engines, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    address = sqlite_files.copy("two_territories", home)
    monkeypatch.setenv("TCPL_DATABASE_URL", address)
    yield
    sqlite_files.drop(address)


def try_in(browser: Any, name: str, password: str, **more: str) -> Any:
    form = token_of(browser.get("/sign-in").text)
    return browser.post("/sign-in", data={"form": form, "name": name, "password": password, **more})


@pytest.mark.usefixtures("two")
def test_a_sign_in_leads_on_its_session_ends_and_each_step_is_in_the_access_log() -> None:
    browser = client()
    answer = try_in(browser, " XA.32002 ", PASSWORD, next="/dossiers/2024/32002?lang=en")
    assert (answer.status_code, answer.headers["location"]) == (303, "/dossiers/2024/32002?lang=en")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    page = browser.get("/dossiers/2024/32002")
    assert page.status_code == 200
    assert "xa.32002" in page.text
    old = dict(browser.cookies)
    assert browser.post("/sign-out", data={"form": token_of(page.text)}).status_code == 303
    browser.cookies.update(old)
    assert browser.get("/").status_code == 303, "a replayed cookie of a session that ended opens nothing"
    assert [one["event"] for one in log()] == ["signed_out", "signed_in"]
    with reading() as session:
        kept = [*session.scalars(select(AccessKey.hash)), *session.scalars(select(Account.password))]
    assert not any(value in str(kept) for value in (*old.values(), PASSWORD))
    assert all(str(one).startswith(("$argon2id$", *"0123456789abcdef")) for one in kept if one)


@pytest.mark.usefixtures("two")
def test_a_session_lasts_a_working_day_and_not_beyond_a_reset_or_a_disabled_account() -> None:
    from tasks.users import disable_user, reset_user

    cookies = dict(signed_in("bo").cookies)

    def status(at: Any) -> int:
        browser = client(at=at)
        browser.cookies.update(cookies)
        return browser.get("/").status_code

    assert status(MOMENT + timedelta(hours=9)) == 200
    assert status(MOMENT + timedelta(hours=11)) == 303
    reset_user("bo", MOMENT, "một mật khẩu khác hẳn")
    assert status(MOMENT) == 303
    headers = bearer("bo")
    assert client().get("/api/status", headers=headers).status_code == 200
    disable_user("bo", MOMENT)
    assert client().get("/api/status", headers=headers).status_code == 401
    assert try_in(client(), "bo", "một mật khẩu khác hẳn").status_code == 401


@pytest.mark.usefixtures("two")
def test_wrong_passwords_make_one_wait_longer_each_time_and_a_stranger_does_not_shut_the_owner_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dashboard.writing.fits", lambda password, kept: kept is not None and password == PASSWORD)
    at = MOMENT
    waits = []
    for _ in range(9):
        answer = try_in(client(at=at), "bo", "sai rồi")
        while answer.status_code == 429:
            waits.append(int(answer.headers["retry-after"]))
            at += timedelta(seconds=waits[-1])
            answer = try_in(client(at=at), "bo", "sai rồi")
        assert answer.status_code == 401
    assert waits == [1, 2, 4, 8]
    assert try_in(client(at=at), "bo", PASSWORD).status_code == 429, "the right one waits too"
    from starlette.testclient import TestClient

    elsewhere = client(at=at)
    elsewhere = TestClient(elsewhere.app, base_url="http://127.0.0.1", client=("10.0.0.9", 1), follow_redirects=False)
    assert try_in(elsewhere, "bo", PASSWORD).status_code == 303
    assert try_in(client(at=at), "nobody at all", "x").status_code == 401
    events = {(one["event"], one["account"][:1], one["times"]) for one in log()}
    assert ("sign_in_failed", "b", 9) in events
    assert ("sign_in_failed", "#", 1) in events, "what nobody is called is not kept as it was typed"


@pytest.mark.usefixtures("two")
def test_no_form_is_taken_that_our_own_page_did_not_write() -> None:
    browser = signed_in("xa.32002")
    form = token_of(browser.get("/").text)
    other = token_of(signed_in("xa.31999").get("/").text)
    for said in ("", "x", form[:-1], other, token_of(client().get("/sign-in").text), "é" * 60):
        assert browser.post("/sign-out", data={"form": said}).status_code == 403
        assert browser.post("/password", data={"form": said, "old": PASSWORD, "new": "x" * 20}).status_code == 403
    foreign = browser.post("/sign-out", data={"form": form}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert browser.post("/sign-out", content=b"form=" + b"x" * 20_000).status_code == 403
    assert browser.get("/").status_code == 200
    assert browser.post("/sign-out", data={"form": form}).status_code == 303


@pytest.mark.usefixtures("two")
def test_a_password_is_changed_by_whoever_knows_the_old_one_and_other_sessions_end() -> None:
    here, there = signed_in("xa.32002"), signed_in("xa.32002")
    new = "chín con trâu lội sông"

    def change(old: str, to: str) -> int:
        form = token_of(here.get("/password").text)
        return here.post("/password", data={"form": form, "old": old, "new": to}).status_code

    assert change("sai", new) == 401
    assert change(PASSWORD, "ngắn") == 400
    assert change(PASSWORD, new) == 303
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 303
    assert signed_in("xa.32002", password=new)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_a_sign_in_leads_to_no_other_site(there: str) -> None:
    page = client().get(f"/sign-in?next={quote(there)}").text
    assert 'name="next" value="/"' in page
    assert "evil" not in page.partition("<main")[2]


def letter() -> tuple[int, list[int]]:
    """A letter that went out, and the notices in it."""
    with reading() as session:
        number = session.scalars(select(Letter.id).join(LetterNotice).order_by(Letter.id)).first()
        assert number
        return number, list(session.scalars(select(LetterNotice.notice_id).where(LetterNotice.letter_id == number)))


@pytest.mark.usefixtures("two")
def test_the_link_in_a_notice_shows_its_deadline_and_nothing_else_and_acknowledges_only_when_pressed() -> None:
    number, notices = letter()
    link = f"/ack/{token(Settings().signing_key(), number)}"
    browser = client()
    page = browser.get(link).text
    with reading() as session:
        of = set(session.scalars(text(f"SELECT unit_id FROM notices WHERE id IN ({','.join(map(str, notices))})")))
        assert session.scalars(select(Acknowledgement)).all() == [], "looking changes nothing"
    assert {int(one) for one in MARKED.findall(page)} <= of
    assert re.findall(r'href="([^"]+)"', page.partition("<main")[2]) == []
    assert browser.get("/").status_code == 303, "it opens nothing else"
    for _ in range(2):
        assert browser.post(link, data={"form": token_of(page)}).status_code == 303
    with reading() as session:
        assert set(session.scalars(select(Acknowledgement.notice_id))) == set(notices)
        assert set(session.scalars(select(Acknowledgement.how))) == {"link"}
    assert "Đã ghi nhận" in browser.get(link).text
    assert [(one["event"], one["path"], one["times"]) for one in log()] == [("acknowledged", "/ack/{token}", 1)]


@pytest.mark.usefixtures("two")
def test_a_link_that_expired_or_was_changed_shows_and_records_nothing() -> None:
    number, _ = letter()
    good = token(Settings().signing_key(), number)
    late = client(at=MOMENT + LINK_LASTS + timedelta(days=1))
    for browser, said, status in (
        (late, good, 410),
        *(
            (client(), bad, 404)
            for bad in (good[:-1], good.replace(".", "0."), "9" * 30 + ".x", "%00", "²." + "x" * 20)
        ),
    ):
        answer = browser.get(f"/ack/{said}")
        assert answer.status_code == status, said
        assert not MARKED.search(answer.text)
        form = token_of(browser.get("/sign-in").text)
        assert browser.post(f"/ack/{said}", data={"form": form}).status_code == status
    with reading() as session:
        assert session.scalars(select(Acknowledgement)).all() == []
    assert {one["detail"] for one in log()} == {"bad_token", "link_expired"}


HOSTILE = (
    *("' OR 1=1 --", "1; DROP TABLE units", "<script>alert(1)</script>", "../../../etc/passwd", "%00", "\ud800x"),
    *("9" * 400, "-1", "NaN", "2024-02-30", "{{7*7}}", "${jndi:ldap://x}", "96-2024-trial-", "⟨1⟩", "a" * 5000),
)


@pytest.mark.usefixtures("two")
def test_hostile_values_in_every_parameter_leak_nothing_and_break_nothing() -> None:
    browser = client()
    browser.headers.update(bearer("xa.32002"))
    names = ("cycle", "q", "on", "page", "per_page", "standing", "district", "province", "year", "lang", "state", "key")
    own = {int(one) for one in MARKED.findall(browser.get("/units/32002").text)}
    shown = {re.sub(r"\?.*", "", address) for address in addresses()}
    pages = sorted(one for one in shown if not re.search(r"\d{5}|/law|openapi", one))
    for number, value in enumerate(HOSTILE):
        said = quote(value.encode("utf-8", "surrogatepass"), safe="")
        asked = [f"{pages[(number * 5 + turn) % len(pages)]}?{name}={said}" for turn, name in enumerate(names)]
        asked += [f"/units/{said}", f"/dossiers/2024/{said}", f"/dossiers/{said}/32002", f"/feeds/{said}.ics"]
        asked += [f"/api/units/{said}", f"/api/dossiers/2024/{said}", f"/api/law/{said}", f"/api/dossiers/{said}/32002"]
        for address in asked:
            answer = browser.get(address)
            assert answer.status_code < 500, address[:120]
            assert "<script>alert" not in answer.text
            assert {int(one) for one in MARKED.findall(answer.text)} - {1} <= own, address[:120]


@pytest.mark.usefixtures("two")
def test_broken_cookies_and_headers_open_nothing() -> None:
    for value in ("x", "", "é", "a" * 4000, '"; tcpl-session=1', "\x7f"):
        cookie = f"tcpl-session={value}; tcpl-visitor={value}".encode()
        assert client().get("/", headers={"Cookie": cookie}).status_code == 303
        answer = client().get("/api/status", headers={"Authorization": f"Bearer {value}".encode()})
        assert answer.status_code == 401
    for host in ("evil.example", "127.0.0.1.evil.example"):
        assert client().get("/", headers={"Host": host}).status_code == 400


@pytest.mark.usefixtures("two")
def test_every_answer_carries_the_strict_headers_and_no_page_a_script_or_style_of_its_own() -> None:
    browser = signed_in("quan.tri")
    for address in (
        "/",
        "/results",
        "/dossiers/2024/32002",
        "/health",
        "/api",
        "/password",
        "/nowhere",
        "/static/board.css",
    ):
        answer = browser.get(address)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        inside = answer.text.replace('<script src="/static/refresh.js" defer></script>', "")
        assert not re.search(r"<script|<style|\son\w+=\"| style=\"|javascript:", inside), address


@pytest.mark.usefixtures("two")
def test_no_call_of_the_api_fails_whatever_it_is_asked() -> None:
    """schemathesis makes the questions from the description itself, seeded; no answer may be of the fives."""
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, seed
    from hypothesis import settings as how

    browser = client()
    browser.headers.update(bearer("quan.tri"))
    schema = schemathesis.openapi.from_dict(browser.get("/api/openapi.json").json())
    asked: set[int] = set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @seed(7)
        @how(
            max_examples=12,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            path = case.formatted_path if hasattr(case, "formatted_path") else case.path
            answer = browser.get(path, params=case.query or None)
            asked.add(answer.status_code)
            assert answer.status_code < 500, (path, case.query, answer.text[:300])

        ask()
    assert {200, 404} <= asked


def test_off_this_machine_it_starts_only_with_https_and_an_account(
    tcpl: Any, home: Path, two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert home.is_dir()
    assert two is None
    found: Answer = tcpl("dashboard", "--host", "0.0.0.0", "--json")
    assert (found.status, found.json["error"]["code"]) == (1, "dashboard_without_tls")
    monkeypatch.setenv("TCPL_PUBLIC_URL", "https://tcpl.example.vn")
    refuse_off_loopback("0.0.0.0", Settings())
    with work() as session:
        session.execute(text("UPDATE accounts SET disabled_at = made_at"))
    found = tcpl("dashboard", "--host", "0.0.0.0", "--json")
    assert (found.status, found.json["error"]["code"]) == (1, "dashboard_off_loopback")
    public = client(loopback=False)
    assert public.get("/").status_code == 303, "off the loopback it is never open"
    assert "secure" in public.get("/sign-in").headers["set-cookie"].lower()


def test_users_are_kept_by_the_command_line_and_the_first_is_an_administrator(
    tcpl: Any, units: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert units.home.is_dir()
    monkeypatch.setattr("models.records.passwords._hasher", __import__("argon2").PasswordHasher(1, 8, 1))
    assert client().get("/").status_code == 200, "without accounts it is open on the loopback"
    assert tcpl("users", "add", "xa", "--role", "commune", "--unit", "32002", "--json").json["error"]["code"] == (
        "first_is_administrator"
    )
    made = tcpl("users", "add", "Quan.Tri", "--role", "administrator", "--json").json
    assert len(made["password"]) > 20
    assert client().get("/").status_code == 303, "from the first account on everybody signs in"
    assert tcpl("users", "disable", "quan.tri", "--json").json["error"]["code"] == "last_administrator"
    for words, code in (
        (("add", "quan.tri", "--role", "ministry"), "user_exists"),
        (("add", "b", "--role", "province"), "unit_and_role"),
        (("add", "b", "--role", "ministry", "--unit", "96"), "unit_and_role"),
        (("add", "b", "--role", "commune", "--unit", "96"), "unknown_unit"),
        (("reset", "nobody"), "no_such_user"),
        (("disable", "nobody"), "no_such_user"),
        (("move", "nobody", "--unit", "96"), "no_such_user"),
        (("token", "nobody"), "no_such_user"),
        (("token", "quan.tri", "--label", "x" * 61), "bad_token_label"),
        (("token", "quan.tri", "--label", ""), "bad_token_label"),
        (("add", "", "--role", "ministry"), "bad_user_name"),
        (("add", "a b", "--role", "ministry"), "bad_user_name"),
        (("add", "a\x07", "--role", "ministry"), "bad_user_name"),
        (("add", "x" * 61, "--role", "ministry"), "bad_user_name"),
        (("move", "quan.tri", "--unit", "96"), "unit_and_role"),
    ):
        answer: Answer = tcpl("users", *words, "--json")
        assert (answer.status, answer.json["error"]["code"]) == (1, code)
    for typed, code in (("", "weak_password"), ("ngắn", "weak_password"), ("a" * 20, "weak_password")):
        monkeypatch.setattr("sys.stdin", StringIO(typed))
        answer = tcpl("users", "add", "so", "--role", "province", "--unit", "96", "--password-stdin", "--json")
        assert (answer.status, answer.json["error"]["code"]) == (1, code), "no account without the password meant"
    for words in (("--role", "chief"), ("--role", "ministry", "--machine", "--password-stdin")):
        assert tcpl("users", "add", "b", *words).status == 2
    assert tcpl("users", "add", "so", "--role", "province", "--unit", "96", "--machine", "--json").status == 0
    secret = tcpl("users", "token", "so", "--json").json["token"]
    assert len(secret) > 40
    (listed,) = [one for one in tcpl("users", "list", "--json").json["users"] if one["name"] == "so"]
    assert (listed["role"], listed["unit"], len(listed["tokens"])) == ("province", "96", 1)
    assert secret not in str(listed)
    assert tcpl("users", "end-token", "so", "--json").json["ended"] == 1


@pytest.fixture
def provider() -> Iterator[dict[str, Any]]:
    """A small OpenID Connect provider: it vouches for whomever `claims` name."""
    key = RSAKey.generate_key(2048, parameters={"kid": "1"})
    known: dict[str, Any] = {"claims": {}, "key": key, "asked": {}}

    class Provider(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def answer(self, document: Any) -> None:
            import json

            body = json.dumps(document).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            issuer = known["issuer"]
            if self.path.startswith("/.well-known"):
                names = ("authorization", "token")
                self.answer(
                    {"issuer": issuer, "jwks_uri": f"{issuer}/keys"} | {f"{n}_endpoint": f"{issuer}/{n}" for n in names}
                )
            else:
                self.answer({"keys": [key.as_dict(private=False)]})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            known["asked"] = parse_qs(body)
            claims = {"iss": known["issuer"], "aud": "tcpl", "exp": int(MOMENT.timestamp()) + 60} | known["claims"]
            said = jwt.encode({"alg": "RS256", "kid": "1"}, claims, known["key"])
            self.answer({"access_token": "x", "token_type": "Bearer", "id_token": said})

    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    known["issuer"] = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield known
    server.shutdown()


@pytest.mark.usefixtures("two")
def test_the_offices_own_sign_in_opens_the_account_that_bears_the_name(
    provider: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TCPL_OPENID_ISSUER", provider["issuer"])
    with work() as session:
        session.execute(text("UPDATE accounts SET outside_name = 'can.bo@stp.example.vn' WHERE name = 'tinh.96'"))

    def come_back(claims: dict[str, Any], key: Any = None, state: str = "") -> tuple[Any, Any]:
        browser = client()
        away = browser.get("/sign-in/office?next=/deadlines")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(away.headers["location"]).query).items()}
        assert asked["code_challenge_method"] == "S256"
        provider["claims"] = {"sub": "17", "nonce": asked["nonce"], **claims}
        provider["key"] = key or provider["key"]
        return browser, browser.get(f"/sign-in/office/back?code=abc&state={state or asked['state']}")

    mail = {"email": "Can.Bo@stp.example.vn", "email_verified": True}
    browser, answer = come_back(mail)
    assert (answer.status_code, answer.headers["location"]) == (303, "/deadlines")
    assert "tinh.96" in browser.get("/deadlines").text
    assert provider["asked"]["code_verifier"]
    assert come_back(mail, state="forged")[1].status_code == 403
    assert come_back({**mail, "email_verified": False})[1].status_code == 403
    assert come_back({**mail, "nonce": "old"})[1].status_code == 401
    assert come_back({**mail, "aud": "another"})[1].status_code == 401
    assert come_back({**mail, "exp": 1})[1].status_code == 401
    assert client().get("/sign-in/office/back?code=abc&state=x").status_code == 403
    forger = RSAKey.generate_key(2048, parameters={"kid": "1"})
    assert come_back(mail, key=forger)[1].status_code == 401
    assert {one["event"] for one in log()} == {"signed_in", "sign_in_failed"}
