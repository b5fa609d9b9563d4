"""The same cycle as a newcomer to Prefect would write it: one flow, one task per commune and transition, mapped.

Each task writes what its transition leaves: where the dossier stands, a line of history, and where scores are given
each score with the verdict. No deadlines, no notices, no chained journal: it does less than the product.
"""

from collections.abc import Sequence
from contextlib import closing
from datetime import date
from typing import Any

from prefect import flow, task, unmapped

from models.law.regulation import Regulation
from models.law.scoring import judge
from models.records.dossiers import score_rows
from tasks.cast import Commune, answers_of
from tasks.settings import Settings
from tests.benchmarks import ground

TABLES = (
    "newcomer_dossiers (code VARCHAR(10) PRIMARY KEY, state VARCHAR(30), since VARCHAR(10), total VARCHAR(12),"
    " meets INTEGER)",
    "newcomer_scores (code VARCHAR(10), side VARCHAR(10), indicator VARCHAR(12), content VARCHAR(12),"
    " points VARCHAR(12), met INTEGER, PRIMARY KEY (code, side, indicator, content))",
    "newcomer_history (code VARCHAR(10), state VARCHAR(30), since VARCHAR(10))",
)


def prepare() -> None:
    _write(*(f"CREATE TABLE {table}" for table in TABLES))


def _write(*statements: str | tuple[str, Sequence[Any]]) -> None:
    """One short transaction; the placeholders are written as SQLite's and spelt for the other engine."""
    with ground.plain(Settings()) as connection, closing(connection.cursor()) as cursor:
        sqlite = Settings().database_url is None
        if sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        for one in statements:
            statement, values = (one, ()) if isinstance(one, str) else one
            cursor.execute(statement if sqlite else statement.replace("?", "%s"), values)
        connection.commit()


def _moves(code: str, state: str, on: date) -> list[tuple[str, Sequence[Any]]]:
    return [
        ("UPDATE newcomer_dossiers SET state = ?, since = ? WHERE code = ?", (state, str(on), code)),
        ("INSERT INTO newcomer_history VALUES (?, ?, ?)", (code, state, str(on))),
    ]


def _scored(person: Commune, regulation: Regulation, *, appraised: bool) -> list[tuple[str, Sequence[Any]]]:
    given, side = answers_of(person, regulation, appraised=appraised), "appraised" if appraised else "self"
    verdict = judge(regulation, given.answers, given.leader_disciplined)
    meets = None if verdict.meets_standard is None else int(verdict.meets_standard)
    rows = [
        (person.code, side, row["indicator"], row["content"], str(row["points"]), row["met"] and 1)
        for row in score_rows(given)
    ]
    return [
        ("DELETE FROM newcomer_scores WHERE code = ? AND side = ?", (person.code, side)),
        *(("INSERT INTO newcomer_scores VALUES (?, ?, ?, ?, ?, ?)", row) for row in rows),
        ("UPDATE newcomer_dossiers SET total = ?, meets = ? WHERE code = ?", (str(verdict.total), meets, person.code)),
    ]


@task(retries=2)
def open_dossier(person: Commune, on: date) -> None:
    _write(
        ("INSERT INTO newcomer_dossiers (code, state, since) VALUES (?, ?, ?)", (person.code, "", str(on))),
        *_moves(person.code, "self_assessment", on),
    )


@task(retries=2)
def submit(person: Commune, regulation: Regulation) -> None:
    state = "declared" if person.profile == "declares_not_met" else "submitted"
    _write(*_scored(person, regulation, appraised=False), *_moves(person.code, state, person.files_on))


@task(retries=2)
def ask_for_supplement(person: Commune, on: date) -> None:
    _write(*_moves(person.code, "supplement", on))


@task(retries=2)
def answer_supplement(person: Commune, regulation: Regulation, on: date) -> None:
    _write(*_scored(person, regulation, appraised=False), *_moves(person.code, "submitted", on))


@task(retries=2)
def find_complete(person: Commune, on: date) -> None:
    _write(*_moves(person.code, "complete", on))


@task(retries=2)
def appraise(person: Commune, regulation: Regulation, on: date) -> None:
    _write(*_scored(person, regulation, appraised=True), *_moves(person.code, "appraised", on))


@task(retries=2)
def decide(person: Commune, on: date) -> None:
    """By the verdict on the appraised scores; whoever declared itself not met is not recognised."""
    _write(
        *_moves(person.code, "not_recognised", on),
        (
            "UPDATE newcomer_dossiers SET state = 'recognised' WHERE code = ? AND meets = 1 AND EXISTS"
            " (SELECT 1 FROM newcomer_history past WHERE past.code = ? AND past.state = 'appraised')",
            (person.code, person.code),
        ),
    )


@task(retries=2)
def publish(person: Commune, on: date) -> None:
    _write(("INSERT INTO newcomer_history VALUES (?, ?, ?)", (person.code, "published", str(on))))


@flow(name="newcomer-year")
def the_year(people: Sequence[Commune], regulation: Regulation, days: dict[str, date]) -> None:
    candidates = [person for person in people if person.profile != "declares_not_met"]
    asked = [person for person in people if person.supplemented]
    law = unmapped(regulation)
    open_dossier.map(people, unmapped(days["open"])).result()
    submit.map(people, law).result()
    ask_for_supplement.map(asked, unmapped(days["ask"])).result()
    answer_supplement.map(asked, law, unmapped(days["answer"])).result()
    find_complete.map(candidates, unmapped(days["complete"])).result()
    appraise.map(candidates, law, unmapped(days["appraise"])).result()
    decide.map(people, unmapped(days["decide"])).result()
    publish.map(people, unmapped(days["publish"])).result()


def outcomes() -> dict[str, tuple[str, str, bool | None]]:
    """By commune: the state at the end, the total of the last card, its verdict."""
    with ground.plain(Settings()) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT code, state, total, meets FROM newcomer_dossiers")
        return {code: (state, total, None if meets is None else bool(meets)) for code, state, total, meets in cursor}
