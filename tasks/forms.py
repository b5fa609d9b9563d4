"""The official forms as Word documents, and the lists as a workbook: which paper for which unit, put where."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import Refusal
from models.law.regulation import Regulation
from models.records.absent import not_in_cycle
from models.records.units import Unit
from models.words import Words
from tasks import form_communes
from tasks import form_contents as contents
from tasks.folders import writing_into
from tasks.form_facts import CommuneFacts, CycleFacts, read_facts
from tasks.form_notes import notes_on
from tasks.form_pages import FOLDER
from tasks.form_tables import write_tables
from tasks.form_words import frame
from tasks.sittings import Place, look

OF_COMMUNES = ("01", "02", "03", "04", "07")
LISTS = "Danh sách đơn vị đạt chuẩn và chưa đạt chuẩn tiếp cận pháp luật"


@dataclass(frozen=True)
class Written:
    """One paper to be written: its form ("" for one that the texts name nowhere), unit, file and content."""

    form: str
    template: str
    unit: Unit
    file: Path
    content: Mapping[str, Any]


def titles(regulation: Regulation) -> dict[str, str]:
    """The forms that the regulation names, by number: none where nobody has read them."""
    found: dict[str, str] = {}
    for _, step in regulation.steps():
        for document in step.documents:
            if document.form:
                found[document.form] = document.title  # the last step's: a draft becomes the decision itself
    return dict(sorted(found.items()))


def write_forms(
    place: Place, out: Path, *, form: str | None = None, communes: Sequence[str] | None = None
) -> dict[str, Any]:
    """Write the forms of a cycle: {"trial", "forms": {number: title}, "files": [...], "unread": bool}.

    `form`: that one only; `communes`: the papers of these communes only (and none of districts and province).
    """
    with look(place) as (session, cycle):
        facts = read_facts(session, cycle)
        named = titles(facts.law.regulation)
        if form is not None and form not in named:
            raise _no_such_form(form, named, facts.law.regulation)
        kept = [one for one in facts.communes if communes is None or one.unit.code in communes]
        if communes is not None and len(kept) < len(set(communes)):
            raise not_in_cycle(session, sorted(set(communes) - {one.unit.code for one in kept}), cycle)
        papers = _papers(facts, named, kept, whole=communes is None)
        with writing_into(out):
            files = [_render(facts, named, paper, out) for paper in papers if form in (None, paper.form)]
            if form is None and communes is None:
                files.append(write_tables(facts, out / "danh-sach.xlsx"))
        return {"trial": cycle.trial, "forms": named, "files": files, "unread": not named}


def _papers(
    facts: CycleFacts, named: Mapping[str, str], communes: Sequence[CommuneFacts], *, whole: bool
) -> Iterator[Written]:
    for one in communes:
        folder = Path("xa") / one.unit.code
        for form in OF_COMMUNES:
            if form in named and (form != "07" or one.appraised is not None):
                yield Written(form, f"mau-{form}", one.unit, folder / f"mau-{form}.docx", _OF_COMMUNE[form](facts, one))
    if whole:
        for unit in facts.districts.values():
            yield from _of_district(facts, named, unit)
        yield from _of_decisions(facts, named)
        yield from _reports(facts, named, facts.province, Path("tinh") / facts.province.code)


def _of_district(facts: CycleFacts, named: Mapping[str, str], unit: Unit) -> Iterator[Written]:
    folder = Path("huyen") / unit.code
    sessions = [held for held in facts.sessions if held.meeting.district_id == unit.id]
    for held in sessions:
        if "05" in named and (held.record is None or held.record.track == "meeting"):
            file = folder / f"mau-05-{held.meeting.held_on}.docx"
            yield Written("05", "mau-05", unit, file, contents.minutes(facts, unit, held))
    if "06" in named:
        content = contents.members_opinions(facts, unit, sessions)
        yield Written("06", "mau-06", unit, folder / "mau-06.docx", content)
    yield from _reports(facts, named, unit, folder)


def _of_decisions(facts: CycleFacts, named: Mapping[str, str]) -> Iterator[Written]:
    """Form 08 where the text names it; else the same paper, of no form."""
    units = {**facts.districts, facts.province.id: facts.province}
    seen: set[int] = set()
    for line in facts.lines:
        if line.decision_id in seen:
            continue
        seen.add(line.decision_id)
        unit = units[line.decided_by_id]
        folder = Path("tinh" if unit.level == "province" else "huyen") / unit.code
        form = "08" if "08" in named else ""
        name = f"{'mau-08' if form else 'quyet-dinh'}-{_slug(line.number)}.docx"
        yield Written(form, "mau-08", unit, folder / name, contents.decision(facts, line.decision_id))


def _reports(facts: CycleFacts, named: Mapping[str, str], unit: Unit, folder: Path) -> Iterator[Written]:
    if "09" in named:
        yield Written("09", "mau-09", unit, folder / "mau-09.docx", contents.figures(facts, unit))
    if "10" in named:
        yield Written("10", "mau-10", unit, folder / "mau-10.docx", contents.report(facts, unit))
    yield Written("", "danh-sach", unit, folder / "danh-sach.docx", contents.lists(facts, unit))


_OF_COMMUNE: Mapping[str, Callable[[CycleFacts, CommuneFacts], dict[str, Any]]] = {
    "01": form_communes.report_of_commune,
    "02": form_communes.scorecard,
    "03": form_communes.opinions_on_drafts,
    "04": form_communes.opinions_on_models,
    "07": form_communes.appraised_scorecard,
}


def _render(facts: CycleFacts, named: Mapping[str, str], paper: Written, out: Path) -> Path:
    from docxtpl import DocxTemplate

    title = named.get(paper.form) or (LISTS if paper.template == "danh-sach" else "Quyết định công nhận")
    notes = notes_on(facts.law, scores=paper.form not in ("03", "04"))
    context = frame(facts, paper.form, title, paper.unit, notes) | dict(paper.content)
    template = DocxTemplate(FOLDER / f"{paper.template}.docx")
    template.render(context, autoescape=True)
    path = out / paper.file
    path.parent.mkdir(parents=True, exist_ok=True)
    template.save(path)
    return path


def _slug(number: str) -> str:
    """A decision's number as a file's name: "12/QĐ-UBND" is "12-qd-ubnd"."""
    parts = unicodedata.normalize("NFD", number.casefold().replace("đ", "d"))
    plain = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "khong-so"


def _no_such_form(form: str, named: Mapping[str, str], regulation: Regulation) -> Refusal:
    listed = ", ".join(named) or "—"
    why = (
        Words(f"Các mẫu của văn bản: {listed}.", f"The text's forms: {listed}.")
        if named
        else Words(
            f"Chưa ai đọc được các mẫu của {regulation.title}.", f"Nobody has read the forms of {regulation.title}."
        )
    )
    return Refusal(
        "no_such_form",
        Words(f"Không có mẫu {form[:20]}.", f"There is no form {form[:20]}."),
        why,
        Words("Chọn một mẫu, hoặc bỏ --form để có mọi tài liệu.", "Choose one, or leave --form out for every paper."),
        forms=dict(named),
    )
