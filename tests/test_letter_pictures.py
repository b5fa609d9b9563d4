"""A letter about what is late shows where the stage stands: in the text, and in a picture that mail programs show."""

from contextlib import suppress
from datetime import date
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select

from models.law.regulation import Actor
from models.records.board import Counts
from models.records.cycles import Agency
from models.records.deadlines import Deadline
from models.records.notices import Notice
from models.records.notices_addressed import Letter
from models.records.units import Unit
from models.words import Words
from tasks import clock
from tasks.composing import Composer
from tasks.database import work
from tasks.delivering import deliver
from tasks.letter_pictures import standing_bars
from tasks.letter_standing import Standing
from tasks.plugin_mail import message_of
from tasks.settings import Settings
from tasks.watching import watch_all
from tasks.wording import Composed, Item

DAY = date(2025, 1, 13)
AREAS = (("Huyện U Minh", Counts(done_on_time=4, overdue=3)), ("Huyện Cái Nước", Counts(at_risk=1, done_late=2)))


def letter(standing: Standing | None) -> Composed:
    item = Item([1], "Cấp dưới quá hạn", "Việc đã quá hạn.", "Đôn đốc.", [("Hỏi", "Sở Tư pháp")], "10/01/2025")
    return Composed(
        *(7, "tcpl-7-1", "email", "a@example.vn", "email:a@example.vn", "vi", "Sở Tư pháp", "2025-01-13"),
        *("Quá hạn", "Quá hạn", "", [item], "", ["Mã thông báo: k"], False),
        standing=standing,
    )


def mail(standing: Standing | None) -> EmailMessage:
    return message_of(letter(standing), "tcpl@example.vn", "TCPL", "a@example.vn")


def text_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_a_mail_carries_its_picture_with_words_for_who_cannot_see_it() -> None:
    whole = ("Toàn tỉnh", Counts(3, 0, 1, 3, 4, 2))
    message = mail(Standing(Words("Tự đánh giá", "Self-assessment"), DAY, (*AREAS, whole), "vi"))
    [picture] = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert bytes(picture.get_payload(decode=True))[:8] == b"\x89PNG\r\n\x1a\n"  # pyright: ignore[reportArgumentType]
    assert picture["Content-Disposition"].startswith("inline")
    html, plain = text_of(message, "html"), text_of(message, "plain")
    assert f'src="cid:{picture["Content-ID"].strip("<>")}" alt="Huyện U Minh: 4/7' in html
    assert "- Huyện U Minh: 4/7 đơn vị đã xong, 3 quá hạn" in plain
    assert "- Huyện Cái Nước: 2/3 đơn vị đã xong, 1 sắp đến hạn" in plain
    assert all(len(line) <= 72 for line in plain.splitlines())
    before = standing_bars.cache_info().hits
    mail(Standing(Words("Tự đánh giá", "Self-assessment"), DAY, (*AREAS, whole), "vi"))
    assert standing_bars.cache_info().hits == before + 1, "the same figures are drawn once"


def test_a_picture_that_cannot_be_drawn_keeps_no_letter_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(_: Standing) -> bytes:
        raise ValueError("no font")

    monkeypatch.setattr(Standing, "png", cannot)
    message = mail(Standing(Words("Tự đánh giá", "Self-assessment"), DAY, AREAS, "vi"))
    assert "<img" not in text_of(message, "html")
    assert "Huyện U Minh: 4/7" in text_of(message, "html")
    assert "standing" not in str(mail(None))


class _Undone(Exception):
    """Ends a unit of work without keeping what it did."""


@pytest.mark.usefixtures("trial")
def test_the_figures_of_an_escalation_are_those_that_plain_sql_counts() -> None:
    for day in (date(2025, 1, 6), DAY):
        watch_all(day, clock.moment(day))
        deliver(clock.moment(day))
    here = (Deadline.step == "submit-dossier", Deadline.last_day < DAY, Deadline.done_on.is_(None))
    with suppress(_Undone), work() as session:
        district, overdue = session.execute(
            select(Deadline.district_id, func.count()).where(*here).group_by(Deadline.district_id)
        ).one()
        name = session.get_one(Unit, district).name
        office = Agency.unit_id == district, Agency.actor == Actor.DISTRICT_JUSTICE
        told = select(Letter).join(Agency, Agency.id == Letter.agency_id).where(*office)
        letters = session.scalars(told.order_by(Letter.id)).all()
        session.expunge_all()
        for notice in session.scalars(select(Notice)):
            notice.state = "queued"  # undone below: only so that the letters are composed once more
        composer = Composer.on(session, Settings(), DAY)
        composed = composer.compose(session, [one.id for one in letters])
        raise _Undone
    shown = {line for one in composed if one.standing for line in one.standing.lines}
    assert shown == {f"{name}: 0/{overdue} đơn vị đã xong, {overdue} quá hạn"}
    assert all(f"- {line}" in one.plain for one in composed if one.standing for line in one.standing.lines)
