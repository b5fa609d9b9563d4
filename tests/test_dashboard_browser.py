"""The dashboard in a real browser: the operator's morning, no JavaScript, no other host, accessibility, small screens.

Debian's chromium is used and never a download; where there is none, these tests are skipped in plain sight.
"""

import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from databases import Engines, settings_of
from lived_year import MOMENT
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from dashboard.app import build
from dashboard.serving import configuration

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium: apt-get install chromium")

PAGES = (
    *("/", "/timeline", "/deadlines?standing=overdue", "/notices?reconcile=1", "/results"),
    *("/programme", "/law?mark=recalled", "/health", "/search?q=tan", "/units/964", "/units/32071"),
    *("/dossiers/2024/32071", "/nowhere"),
)


@pytest.fixture(scope="module")
def site(sqlite_files: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard on a free port, over the year lived until mid-January."""
    home = tmp_path_factory.mktemp("site")
    settings = settings_of(home, sqlite_files.copy("mid_january", home))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(configuration(build(lambda: MOMENT, lambda: settings), "127.0.0.1", port))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


def opened(browser: Browser, site: str, **options: Any) -> tuple[BrowserContext, Page, list[str]]:
    """A page in a context of its own, and what went wrong on it: console, other hosts, failed requests."""
    context = browser.new_context(base_url=site, **options)
    page, faults = context.new_page(), []
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith((site, "data:")) else faults.append(asked.url))
    page.on("requestfailed", lambda asked: faults.append(f"failed: {asked.url}"))
    return context, page, faults


def test_the_operators_morning_from_the_board_to_the_late_commune_to_its_notices(browser: Browser, site: str) -> None:
    context, page, faults = opened(browser, site)
    page.goto("/")
    first = page.locator(".todo tbody tr").first
    expect(first.locator(".standing")).to_contain_text("quá 2 ngày")
    late = first.locator("a").first.inner_text()
    first.locator("a").first.click()
    expect(page.locator("h1")).to_contain_text(late)
    submit = page.locator(".deadline", has_text="Gửi hồ sơ đề nghị công nhận").first
    expect(submit.locator(".standing")).to_contain_text("quá hạn")
    submit.locator("summary").click()
    expect(submit).to_contain_text("Điều 5 khoản 2, 25/2021/QĐ-TTg")
    page.get_by_role("link", name=re.compile("Thông báo \\(")).click()
    sent = page.locator("#notices tr", has=page.locator(".state.sent")).first
    sent.locator("summary").click()
    expect(sent).to_contain_text("SHA-256")
    assert faults == []
    context.close()


def test_language_is_one_switch_away_and_stays(browser: Browser, site: str) -> None:
    context, page, _ = opened(browser, site)
    page.goto("/deadlines?standing=overdue")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Deadlines")
    assert "standing=overdue" in page.url
    page.get_by_role("link", name="Results", exact=True).click()
    expect(page.locator("h1")).to_have_text("Results")
    page.get_by_role("link", name="Tiếng Việt").click()
    expect(page.locator("h1")).to_have_text("Kết quả")
    context.close()


def test_without_javascript_each_page_says_the_same(browser: Browser, site: str) -> None:
    plain, with_script = (opened(browser, site, java_script_enabled=on) for on in (False, True))
    for path in ("/", "/deadlines?standing=overdue", "/dossiers/2024/32071"):
        texts = []
        for _, page, _ in (plain, with_script):
            page.goto(path)
            texts.append(page.locator("main").text_content())
        assert texts[0] == texts[1], path
    plain[1].goto("/")
    plain[1].locator("#q").fill("trí phải")
    plain[1].locator(".find button").click()
    expect(plain[1].locator("main")).to_contain_text("Xã Trí Phải")
    for context, *_ in (plain, with_script):
        context.close()


def test_no_page_has_a_serious_fault_of_accessibility_or_reaches_for_another_host_or_is_wider_than_its_screen(
    browser: Browser, site: str
) -> None:
    """Each page once, and in the dark the two that show most colours; widths are cheap and measured on each."""
    context, page, faults = opened(browser, site)
    found = []
    once: tuple[tuple[Literal["light", "dark"], tuple[str, ...]], ...]
    once = (("light", PAGES), ("dark", ("/", "/dossiers/2024/32071")))
    for scheme, paths in once:
        page.emulate_media(color_scheme=scheme)
        for path in paths:
            page.goto(path)
            violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            worse = [one for one in violations if one["impact"] != "minor"]
            found += [(path, scheme, one["id"], one["nodes"][0]["html"][:160]) for one in worse]
            for width in (360, 1024, 1920) if scheme == "light" else ():
                page.set_viewport_size({"width": width, "height": 800})
                if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                    found.append((path, scheme, "wider", str(width)))
    assert found == []
    assert [fault for fault in faults if "404" not in fault] == []
    context.close()


def test_the_keyboard_goes_to_the_content_and_to_the_first_file(browser: Browser, site: str) -> None:
    context, page, _ = opened(browser, site)
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.todo a')"):
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/dossiers/2024/"))
    context.close()


def test_the_page_refreshes_itself_but_not_under_a_readers_hands(browser: Browser, site: str) -> None:
    context, page, faults = opened(browser, site)
    page.clock.install()
    page.goto("/")
    stale = "document.querySelector('.figures').dataset.stale = 'yes'; document.querySelector('.figures').append('!')"
    page.evaluate(stale)
    page.locator("details summary").first.click()
    page.clock.fast_forward(61_000)
    page.wait_for_timeout(300)
    assert page.locator("[data-stale]").count() == 1, "somebody reads what was unfolded"
    page.locator("details summary").first.click()
    page.clock.fast_forward(61_000)
    expect(page.locator("[data-stale]")).to_have_count(0)
    assert faults == []
    context.close()


def test_a_dot_of_the_map_is_the_commune_and_the_picture_has_a_table(browser: Browser, site: str) -> None:
    context, page, _ = opened(browser, site)
    page.goto("/")
    dots = page.locator('svg[aria-label^="Bản đồ"] a')
    communes = page.locator("section:has(> .picture) details tbody tr").count()
    assert dots.count() == communes > 0
    address = dots.first.get_attribute("href")
    assert address is not None
    page.goto(address)
    expect(page.locator("h1")).to_contain_text("2024")
    context.close()


def test_a_page_prints_on_a4_without_the_frame(browser: Browser, site: str) -> None:
    context, page, _ = opened(browser, site)
    page.goto("/")
    page.emulate_media(media="print")
    expect(page.locator("nav.pages")).to_be_hidden()
    expect(page.locator(".strip.trial")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
    context.close()
