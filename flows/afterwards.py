"""After the decision, as flows with typed run forms: remedies, commendations, the closing of a cycle."""

from datetime import date, datetime

from flows.acts import act
from models.records.afterwards import Edit
from tasks import engine
from tasks.sittings import Hand, Place


@act("open-remedies", "open_remedies-{province}-{year}")
def open_remedies(province: str, year: int, by: str, trial: bool = False, at: datetime | None = None) -> int:
    """Make every shortfall of the decided files a remedy."""
    return engine.open_remedies(Place(province, year, trial or None), Hand(by, at))


@act("edit-remedy", "edit_remedy-{number}")
def edit_remedy(
    number: int,
    by: str,
    owner: str | None = None,
    task: str | None = None,
    last_day: date | None = None,
    document: str | None = None,
    at: datetime | None = None,
) -> bool:
    """Change who mends it, what is to be done, by when."""
    return engine.edit_remedy(number, Edit(owner, task, last_day), Hand(by, at, document))


@act("prove-remedy", "prove_remedy-{number}")
def prove_remedy(number: int, document: str, by: str, at: datetime | None = None) -> bool:
    """Hand in the proof of a remedy."""
    return engine.prove_remedy(number, document, Hand(by, at, document))


@act("close-remedy", "close_remedy-{number}")
def close_remedy(number: int, by: str, at: datetime | None = None) -> bool:
    """The level above closes a remedy that is proved."""
    return engine.close_remedy(number, Hand(by, at))


@act("reopen-remedy", "reopen_remedy-{number}")
def reopen_remedy(
    number: int, last_day: date, ground: str, by: str, document: str | None = None, at: datetime | None = None
) -> bool:
    """Open a closed remedy again, until a new day."""
    return engine.reopen_remedy(number, last_day, ground, Hand(by, at, document))


@act("carry-remedies", "carry_remedies-{province}-{year}")
def carry_remedies(province: str, year: int, by: str, trial: bool = False, at: datetime | None = None) -> int:
    """Follow the open remedies of earlier cycles in this one."""
    return engine.carry_remedies(Place(province, year, trial or None), Hand(by, at))


@act("propose-commendations", "propose_commendations-{province}-{year}")
def propose_commendations(province: str, year: int, by: str, trial: bool = False, at: datetime | None = None) -> int:
    """Propose by the plan's rules."""
    return engine.propose_commendations(Place(province, year, trial or None), Hand(by, at))


@act("nominate", "nominate-{unit}-{year}")
def nominate(
    province: str,
    year: int,
    unit: str,
    ground: str,
    by: str,
    person: str = "",
    trial: bool = False,
    at: datetime | None = None,
) -> bool:
    """Nominate a unit, or a person of it, with the reason."""
    return engine.nominate(Place(province, year, trial or None), unit, person, ground, Hand(by, at))


@act("confirm-commendations", "confirm_commendations-{province}-{year}")
def confirm_commendations(
    province: str,
    year: int,
    by: str,
    numbers: list[int] | None = None,
    ground: str = "",
    trial: bool = False,
    at: datetime | None = None,
) -> int:
    """Agree to these proposals; with none named, to all that wait."""
    return engine.confirm_commendations(Place(province, year, trial or None), numbers or [], ground, Hand(by, at))


@act("refuse-commendations", "refuse_commendations-{province}-{year}")
def refuse_commendations(
    province: str,
    year: int,
    numbers: list[int],
    ground: str,
    by: str,
    trial: bool = False,
    at: datetime | None = None,
) -> int:
    """Turn these proposals down, with the reason."""
    return engine.refuse_commendations(Place(province, year, trial or None), numbers, ground, Hand(by, at))


@act("award-commendations", "award_commendations-{province}-{year}")
def award_commendations(
    province: str, year: int, document: str, by: str, trial: bool = False, at: datetime | None = None
) -> int:
    """Record the document of the award for all that was confirmed."""
    return engine.award_commendations(Place(province, year, trial or None), document, Hand(by, at, document))


@act("close-cycle", "close_cycle-{province}-{year}")
def close_cycle(
    province: str,
    year: int,
    by: str,
    standing: str | None = None,
    trial: bool = False,
    at: datetime | None = None,
) -> bool:
    """Close a cycle and freeze it."""
    return engine.close_cycle(Place(province, year, trial or None), Hand(by, at), standing)
