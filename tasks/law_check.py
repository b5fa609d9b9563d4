"""`tcpl law check`: everything in a folder of the law is read and held against everything else."""

from pathlib import Path as FilePath
from typing import NamedTuple

from models.law.plan import Plan
from models.law.regulation import Regulation
from models.law.resolve import apply_plan
from models.law.years import regulation_for_year
from tasks import law_refusals as say
from tasks.calendar_days import shipped_calendar
from tasks.law_files import (
    MAIN,
    PARTS,
    PAUSES,
    attempt,
    is_regulation,
    load_pauses,
    load_regulation,
    load_regulations,
    plan_files,
    read_plan,
)
from tasks.settings import Settings
from tasks.yaml_refusals import FileFlaw, refuse_files
from tasks.yaml_text import YamlText, shown


class Checked(NamedTuple):
    """What was read and found without fault."""

    regulations: tuple[Regulation, ...] = ()
    pauses: tuple[int, ...] = ()
    plans: tuple[str, ...] = ()


def check_folder(folder: FilePath) -> Checked:
    """Check one plan, one regulation (its folder, or one of its files), or a folder of regulations or of plans.

    Plans are held against the regulation of their year: the folder's own, or the shipped ones where it has none.
    Raises LawRefusal with every fault found.
    """
    if folder.is_file() and folder.name == PAUSES:
        return Checked(pauses=tuple(pause.year for pause in load_pauses(folder.parent)))
    if folder.is_file() and folder.name in (MAIN, *PARTS):
        return Checked(regulations=(load_regulation(folder.parent),))
    if folder.is_file():
        return Checked(plans=_plans([folder], *_shipped()))
    if is_regulation(folder):
        return Checked(regulations=(load_regulation(folder),))
    plans = [file for file in plan_files(folder) if file.name != PAUSES]
    if plans and not any(is_regulation(each) for each in folder.iterdir() if each.is_dir()):
        return Checked(plans=_plans(plans, *_shipped()))
    return _whole(folder)


def _whole(folder: FilePath) -> Checked:
    """A folder of regulations, with its pauses, its calendar and its sample plans."""
    found: list[FileFlaw] = []
    regulations = attempt(found, load_regulations, folder) or ()
    files = plan_files(folder / "plans")
    if not regulations:
        for file in files:  # without their regulation the plans can still be read by themselves
            attempt(found, read_plan, file)
        raise refuse_files(found)
    if (folder / "calendar").is_dir():
        shipped_calendar(folder)
    years = tuple(pause.year for pause in load_pauses(folder))
    return Checked(regulations, years, _plans(files, regulations, folder))


def _shipped() -> tuple[tuple[Regulation, ...], FilePath]:
    folder = Settings().regulations  # pyright: ignore[reportCallIssue]
    return load_regulations(folder), folder


def _plans(files: list[FilePath], regulations: tuple[Regulation, ...], folder: FilePath) -> tuple[str, ...]:
    found: list[FileFlaw] = []
    pauses = load_pauses(folder)
    for file in files:
        read = attempt(found, read_plan, file)
        if read is not None:
            plan, text = read
            governing = regulation_for_year(regulations, pauses, plan.year)
            if isinstance(governing, Regulation):
                found += _beside(plan, text, governing)
            else:
                found.append(text.flaw(say.no_law_for(plan.year, governing.reason)))
    if found:
        raise refuse_files(found)
    return tuple(shown(file) for file in files)


def _beside(plan: Plan, text: YamlText, regulation: Regulation) -> list[FileFlaw]:
    done = apply_plan(regulation, plan)
    return [text.flaw(flaw) for flaw in done] if isinstance(done, list) else []
