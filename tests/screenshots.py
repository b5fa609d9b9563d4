"""Pictures of every page in both themes at three widths, and of the board on A4: to be looked at before a release.

Run by a person on a home that has something to show: those of `tests/full_home.py`, or after `make demo`:

    .venv/bin/python tests/screenshots.py .tcpl/demo 2025-01-11 FOLDER [en]
"""

import socket
import sys
import threading
import time
from datetime import date
from pathlib import Path

import uvicorn
from playwright.sync_api import sync_playwright

from dashboard.app import build
from dashboard.serving import configuration
from tasks import clock
from tasks.settings import Settings

PAGES = {
    **{"board": "/", "timeline": "/timeline", "deadlines": "/deadlines?standing=overdue", "notices": "/notices"},
    **{"results": "/results", "programme": "/programme", "law": "/law", "health": "/health", "search": "/search?q=tan"},
    **{"district": "/units/964", "commune": "/units/32071", "dossier": "/dossiers/2024/32071", "refused": "/nowhere"},
}
WIDTHS = {360: 740, 1024: 768, 1920: 1080}


def main(home: Path, day: date, folder: Path, language: str = "vi") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(home=home, lang="en" if language == "en" else "vi")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(configuration(build(lambda: clock.moment(day), lambda: settings), "127.0.0.1", port))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(base_url=f"http://127.0.0.1:{port}")
        for name, path in PAGES.items():
            page.goto(path)
            page.emulate_media(color_scheme="dark")  # who reads in the dark prints on white paper all the same
            page.pdf(path=folder / f"{name}.pdf", format="A4")
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                for width, height in WIDTHS.items():
                    page.set_viewport_size({"width": width, "height": height})
                    page.screenshot(path=folder / f"{name}-{theme}-{width}.png", full_page=True)
        browser.close()
    server.should_exit = True
    sys.stdout.write(f"{len(PAGES) * len(WIDTHS) * 2} pictures and {len(PAGES)} prints in {folder}\n")


if __name__ == "__main__":
    home, day, folder, *rest = sys.argv[1:]
    main(Path(home), date.fromisoformat(day), Path(folder), *rest)
