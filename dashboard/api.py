"""`/api/...`: for machines, the same JSON as the command line prints, narrowed to the territory of who asks.

A call says its parameters (`dashboard.api_parameters`), and `dashboard.openapi` describes it from them.
Lists come in pages.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from dashboard.api_parameters import (
    BOARDS,
    CYCLE,
    FILTER,
    IN_PROVINCE,
    KNOWN,
    MOST_PER_PAGE,
    OF_DOSSIER,
    ON,
    PAGING,
    PAGING_BOARDS,
    PROOF,
    PROVINCE,
    TASK,
    YEAR,
    Parameter,
    impossible_year,
    number_of,
    page_of,
    text_of,
)
from dashboard.asked import Asked
from dashboard.pages import filter_of
from dashboard.viewer import Audience
from models.errors import Refusal
from models.law.documents import governing_document, regulation_document, summary_document
from models.law.regulation import Regulation
from models.law.years import regulation_for_year
from models.records import programme_board, results, timeline, worklist
from models.records.cycle_choice import Named, chosen, cycles_known
from models.records.cycles import law_hash, law_of
from models.records.dossier_journal import Part
from models.records.dossier_page import dossier_page, find_dossier, in_zone
from models.records.known_results import known_of_province
from models.records.notices_proof import Asked as ProofAsked
from models.records.notices_proof import counts, proof_document, proofs
from models.records.outcomes import outcomes_at
from models.records.programme_pages import Wanted, count_on, page_on
from models.records.status_document import count_cycles, cycles_on_board
from models.records.unit_documents import kindred, lineage_document, units_document, units_of_province
from models.records.unit_queries import count_communes, count_units_on
from models.words import Words, said


@dataclass(frozen=True)
class Call:
    """One address of the API. `command`: the command that prints the same document.

    `of_database`: its answer follows from the records alone; of files and of the machine it is made each time.
    """

    path: str
    command: str
    about: str
    show: Callable[..., dict[str, Any]]
    parameters: Sequence[Parameter] = ()
    audience: Audience = Audience.SIGNED_IN
    of_database: bool = True


class Sources(NamedTuple):
    """What lies outside the database: the law's files, and how the machine is. Handed in by whoever starts us."""

    regulations: Callable[[], Sequence[Regulation]]
    pauses: Callable[[], Sequence[Any]]
    examine: Callable[[datetime], Sequence[Any]]


def calls(sources: Sources | None) -> list[Call]:
    """Every call there is; those about files and the machine only where these are within reach."""
    found = [
        Call("/api/status", "tcpl status", "The board of each cycle.", status, (PROVINCE, YEAR, ON, *PAGING_BOARDS)),
        Call("/api/cycles", "—", "The cycles there are, by name.", cycles, PAGING),
        Call(
            "/api/dossiers/{year:int}/{code}",
            "tcpl dossier",
            "One dossier as a whole.",
            dossier,
            (CYCLE, ON, *OF_DOSSIER),
        ),
        Call("/api/deadlines", "—", "Deadlines by a filter, nearest first.", deadlines, (CYCLE, *FILTER, ON, *PAGING)),
        Call("/api/timeline", "—", "The stages and steps of a cycle with their days.", year_line, (CYCLE, ON)),
        Call("/api/notices", "tcpl notices", "Proof of notice.", notices, (*PROOF, *PAGING)),
        Call("/api/results", "—", "What came of a cycle, commune by commune.", outcomes, (CYCLE, ON, *PAGING)),
        Call("/api/results/known", "tcpl results show", "Results over the years.", known, (*KNOWN, *PAGING)),
        Call("/api/programme", "tcpl task list", "The plan's work programme.", programme, (CYCLE, *TASK, ON, *PAGING)),
        Call("/api/units", "tcpl units show", "The units of a province on a day.", units, (IN_PROVINCE, ON, *PAGING)),
        Call("/api/units/{code}", "tcpl units lineage", "What a unit came from and became.", one_unit, (ON,)),
        Call("/api/cycle-law", "—", "The law that a cycle is under, the plan resolved into it.", cycle_law, (CYCLE,)),
    ]
    return found if sources is None else [*found, *_of_files(sources)]


def status(session: Session, asked: Asked) -> dict[str, Any]:
    province, year, page = asked.text("province"), number_of(asked, "year"), page_of(asked, BOARDS)
    found = cycles_on_board(session, province, year, asked.on, most=page.size, skip=page.skip)
    return {"on": asked.on, "cycles": found, **page.of(count_cycles(session, province, year))}


def cycles(session: Session, asked: Asked) -> dict[str, Any]:
    known, page = cycles_known(session), page_of(asked)
    listed = [
        {
            "cycle": one.name,
            "province": one.province.code,
            "name": one.province.name,
            "year": one.cycle.year,
            "trial": one.cycle.trial,
            "regulation": one.cycle.regulation_id,
            "law_version": one.cycle.law_version,
            "opened_on": one.cycle.opened_on,
            "closed_on": one.cycle.closed_on,
        }
        for one in page.cut(known)
    ]
    return {"cycles": listed, **page.of(len(known))}


def dossier(session: Session, asked: Asked, year: int, code: str) -> dict[str, Any]:
    named = asked.text("cycle") or ""
    trial = True if named.endswith("-trial") else None
    province = named[:2] if named[2:7] == f"-{year}" else None
    found = find_dossier(session, code, year, province=province, trial=trial if province else None)
    page = page_of(asked, MOST_PER_PAGE)
    part = Part(page.size, page.skip)
    document = dossier_page(session, found, asked.at, part, part)
    total = max(document["journal_total"], document["notices_total"])
    return said({**document, **page.of(total)}, asked.language)


def _cycle(session: Session, asked: Asked) -> Named:
    known = cycles_known(session)
    found = chosen(known, asked.text("cycle"), asked.on)
    if found is None:
        raise Refusal(
            "no_such_cycle",
            Words("Chưa có kỳ đánh giá nào.", "There is no cycle yet."),
            Words("Chưa mở kỳ nào trong địa bàn này.", "None was opened in this territory."),
            Words("Mở kỳ bằng `tcpl open`.", "Open one with `tcpl open`."),
        )
    return found


def deadlines(session: Session, asked: Asked) -> dict[str, Any]:
    named, page = _cycle(session, asked), page_of(asked)
    wanted, law = filter_of(session, asked, named), law_of(session, named.cycle)
    total = worklist.count_deadlines(session, named.cycle, wanted, asked.on)
    rows = worklist.list_deadlines(session, named.cycle, law, wanted, asked.on, most=page.size, skip=page.skip)
    return said({"cycle": named.name, "on": asked.on, "deadlines": rows, **page.of(total)}, asked.language)


def year_line(session: Session, asked: Asked) -> dict[str, Any]:
    named = _cycle(session, asked)
    stages = timeline.year_line(session, named.cycle, law_of(session, named.cycle), asked.on)
    moved = timeline.moved_deadlines(session, named.cycle, asked.at)
    amended = timeline.amended_days(session, named.cycle, asked.at)
    told = {"cycle": named.name, "on": asked.on, "stages": stages, "moved": moved, "amended": amended}
    return said(told, asked.language)


def notices(session: Session, asked: Asked) -> dict[str, Any]:
    since, page = asked.day("since"), page_of(asked)
    moment = datetime.combine(since, datetime.min.time(), tzinfo=asked.now.tzinfo) if since else None
    wanted = ProofAsked(
        *(moment, None, asked.text("dossier"), number_of(asked, "year")), asked.text("step"), asked.text("state")
    )
    states = counts(session, wanted)
    rows = [proof_document(one) for one in proofs(session, wanted, page.size, page.skip)]
    found = {"since": since, "counts": states, "notices": rows, **page.of(sum(states.values()))}
    return in_zone(found, asked.now.tzinfo)


def outcomes(session: Session, asked: Asked) -> dict[str, Any]:
    named, page = _cycle(session, asked), page_of(asked)
    rows = results.results(session, named.cycle, asked.at, most=page.size, skip=page.skip)
    counts = outcomes_at(session, named.cycle, asked.at)
    found = {"cycle": named.name, "on": asked.on, "outcomes": counts, "communes": rows}
    return said({**found, **page.of(counts["communes"])}, asked.language)


def known(session: Session, asked: Asked) -> dict[str, Any]:
    year, page = number_of(asked, "year", True) or 0, page_of(asked)
    if not 1990 <= year <= 2200:
        raise impossible_year(year)
    province, trial = text_of(asked, "province"), asked.text("trial") in ("1", "true")
    rows = known_of_province(session, province, year, trial, most=page.size, skip=page.skip)
    return {"year": year, "communes": rows, **page.of(count_communes(session, province, date(year, 12, 31)))}


def programme(session: Session, asked: Asked) -> dict[str, Any]:
    named, page = _cycle(session, asked), page_of(asked)
    of, wanted = named.cycle.id, Wanted(standing=asked.text("task_standing"), unit=asked.text("unit"))
    rows = page_on(session, of, wanted, asked.on, asked.language, most=page.size, skip=page.skip)
    figures = programme_board.figures_on(session, of, asked.on)
    found = {"cycle": named.name, "on": asked.on, "figures": figures, "tasks": rows}
    return said({**found, **page.of(count_on(session, of, wanted, asked.on))}, asked.language)


def units(session: Session, asked: Asked) -> dict[str, Any]:
    province, page = text_of(asked, "province"), page_of(asked)
    found = units_of_province(session, province, asked.on, most=page.size, skip=page.skip)
    return units_document(session, province, asked.on, found) | page.of(count_units_on(session, province, asked.on))


def one_unit(session: Session, asked: Asked, code: str) -> dict[str, Any]:
    return lineage_document(session, *kindred(session, code, asked.on))


def cycle_law(session: Session, asked: Asked) -> dict[str, Any]:
    named = _cycle(session, asked)
    law = law_of(session, named.cycle)
    version = {"cycle": named.name, "law_version": named.cycle.law_version, "hash": law_hash(session, named.cycle)}
    return {**version, **regulation_document(law.regulation)}


def _of_files(sources: Sources) -> list[Call]:
    def law(_session: Session, _asked: Asked) -> dict[str, Any]:
        listed = [summary_document(one) for one in sources.regulations()]
        return {"regulations": listed, "pauses": [one.model_dump(mode="json") for one in sources.pauses()]}

    def one_law(_session: Session, _asked: Asked, regulation: str) -> dict[str, Any]:
        known = {one.id: one for one in sources.regulations()}
        if regulation not in known:
            raise _no_regulation(regulation, list(known))
        return regulation_document(known[regulation])

    def governing(_session: Session, asked: Asked, year: int) -> dict[str, Any]:
        if not 1900 <= year <= 2200:
            raise impossible_year(year)
        found = regulation_for_year(sources.regulations(), sources.pauses(), year)
        return governing_document(year, found, asked.language)

    def health(_session: Session, asked: Asked) -> dict[str, Any]:
        checks = sources.examine(asked.now)
        listed = [{"check": one.name, "ok": one.ok, "detail": one.detail.to(asked.language)} for one in checks]
        return {"healthy": all(one.ok for one in checks), "checks": listed}

    return [
        Call("/api/law", "tcpl law list", "The regulations and their years.", law, of_database=False),
        Call(
            *("/api/law/for-year/{year:int}", "tcpl law for-year", "Which regulation governs a year.", governing),
            of_database=False,
        ),
        Call("/api/law/{regulation}", "tcpl law show", "All of one regulation.", one_law, of_database=False),
        Call("/api/health", "tcpl health", "How the machine is.", health, (), Audience.OPERATORS, of_database=False),
    ]


def _no_regulation(said_id: str, known: list[str]) -> Refusal:
    return Refusal(
        "unknown_regulation",
        Words(f"Không có văn bản “{said_id[:60]}”.", f"There is no regulation “{said_id[:60]}”."),
        Words(f"Các văn bản đã có: {', '.join(known)}.", f"The known ones: {', '.join(known)}."),
        Words("Xem danh sách ở /api/law.", "See them at /api/law."),
    )
