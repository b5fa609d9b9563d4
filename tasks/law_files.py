"""Reads the law: regulations, pauses and provincial plans, from YAML into frozen models.

A folder is read whole and all its faults are reported together, each with file, line, value, what, why, what to do.
What must agree across a regulation is checked in `models.law.checks`; which year is whose, in `models.law.years`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path as FilePath
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from models.errors import LawRefusal
from models.law.addresses import Path
from models.law.checks import flaws
from models.law.flaws import Flaw
from models.law.marks import Frozen
from models.law.plan import Plan
from models.law.plan_checks import plan_flaws
from models.law.regulation import Pause, Regulation
from models.law.spoken_errors import spoken
from models.law.years import year_flaws
from tasks import law_refusals as say
from tasks.yaml_refusals import FileFlaw, refuse_files
from tasks.yaml_text import Tree, YamlText, read_yaml, shown

MAIN = "regulation.yaml"
PARTS = {"criteria.yaml": "criteria", "pass_rules.yaml": "pass_rules", "stages.yaml": "stages"}
"""The files beside `regulation.yaml`, each with its one key."""
PAUSES = "pauses.yaml"
NOT_REGULATIONS = ("calendar", "plans")

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R")


class _Pauses(Frozen):
    pauses: tuple[Pause, ...]


class RegulationFiles(NamedTuple):
    """A regulation with the files it was read from, for faults that show only beside other regulations."""

    regulation: Regulation
    files: dict[str, YamlText]

    def flaw(self, flaw: Flaw) -> FileFlaw:
        return _file_of(self.files, flaw.path).flaw(flaw)


def load_regulation(folder: FilePath) -> Regulation:
    """One regulation from its folder of four files. Raises LawRefusal with every fault."""
    return _read_regulation(folder).regulation


def load_regulations(folder: FilePath) -> tuple[Regulation, ...]:
    """All regulations of the folder by their first year; no year has two, none between is without, save pauses."""
    if not folder.is_dir():
        raise refuse_files([say.no_folder(shown(folder))])
    found: list[FileFlaw] = []
    tried = [attempt(found, _read_regulation, each) for each in _regulation_folders(folder)]
    read = [each for each in tried if each is not None]
    pauses = attempt(found, load_pauses, folder) or ()
    if not read and not found:
        raise refuse_files([say.no_regulation(shown(folder))])
    found = found or _among(folder, read, pauses)
    if found:
        raise refuse_files(found)
    return tuple(sorted((each.regulation for each in read), key=lambda each: each.evaluation_years.first))


def load_pauses(folder: FilePath) -> tuple[Pause, ...]:
    """The years without evaluation, from `pauses.yaml` of the folder; none where it has no such file."""
    if not (folder / PAUSES).exists():
        return ()
    text = read_yaml(folder / PAUSES)
    return _valid(_Pauses, text.content, {PAUSES: text}).pauses


def load_plan(path: FilePath) -> Plan:
    """A provincial plan from its file. Raises LawRefusal with every fault that it has by itself."""
    return read_plan(path)[0]


def read_plan(path: FilePath) -> tuple[Plan, YamlText]:
    """The same, with the file, for faults that show only beside the plan's regulation."""
    text = read_yaml(path)
    return _plan_of(text), text


@lru_cache(maxsize=64)
def _plan_of(text: YamlText) -> Plan:
    plan = _valid(Plan, text.content, {text.file.name: text})
    found = [text.flaw(flaw) for flaw in plan_flaws(plan)]
    if found:
        raise refuse_files(found)
    return plan


def sample_plan(folder: FilePath, province: str, year: int) -> Plan:
    """The shipped sample plan of a year as a plan of the province: for rehearsals. Raises LawRefusal if none is."""
    for file in plan_files(folder / "plans"):
        plan = load_plan(file)
        if plan.year == year:
            return plan.model_copy(update={"province": province})
    raise say.no_sample_plan(year)


def find_plan(folder: FilePath, province: str, year: int) -> FilePath | None:
    """The one plan of the folder for the province and year; None where there is none, or no such folder.

    Raises LawRefusal for two that fit, and for a file that cannot be read: it might be the one.
    """
    fitting = [file for file in plan_files(folder) if _is_of(file, province, str(year))]
    if len(fitting) > 1:
        raise say.two_plans([shown(file) for file in fitting], province, year)
    return fitting[0] if fitting else None


def plan_files(folder: FilePath) -> list[FilePath]:
    """The plans of a folder, in the order of their names."""
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if file.suffix in (".yaml", ".yml"))


def is_regulation(folder: FilePath) -> bool:
    """Whether the folder is meant as one regulation: any of its four files is there."""
    return any((folder / name).exists() for name in (MAIN, *PARTS))


def attempt(found: list[FileFlaw], read: Callable[[FilePath], R], at: FilePath) -> R | None:
    """Read one thing; what it is refused for is added to `found`, so that the others are read too."""
    try:
        return read(at)
    except LawRefusal as refusal:
        found += [FileFlaw(**fault) for fault in refusal.details["faults"]]
        return None


def _regulation_folders(folder: FilePath) -> Iterator[FilePath]:
    for each in sorted(folder.iterdir()):
        if each.is_dir() and each.name not in NOT_REGULATIONS and not each.name.startswith((".", "_")):
            yield each


def _is_of(file: FilePath, province: str, year: str) -> bool:
    content = read_yaml(file).content
    if "province" not in content or "year" not in content:
        load_plan(file)  # refuses it, naming the missing key
    return (content["province"], content["year"]) == (province, year)


def _read_regulation(folder: FilePath) -> RegulationFiles:
    found: list[FileFlaw] = []
    files: dict[str, YamlText] = {}
    for name in (MAIN, *PARTS):
        text = attempt(found, read_yaml, folder / name)
        if text is not None:
            files[name] = text
            found += [text.flaw(flaw) for flaw in _keys_out_of_place(name, text.content)]
    if found:
        raise refuse_files(found)
    return _regulation_of(folder.resolve().name, *files.values())


@lru_cache(maxsize=16)
def _regulation_of(folder: str, *texts: YamlText) -> RegulationFiles:
    files = {text.file.name: text for text in texts}
    whole = {key: value for text in texts for key, value in text.content.items()}
    read = RegulationFiles(_valid(Regulation, whole, files), files)
    found = [read.flaw(flaw) for flaw in flaws(read.regulation)]
    if read.regulation.id != folder:
        found.append(files[MAIN].flaw(say.misnamed(folder, read.regulation.id)))
    if found:
        raise refuse_files(found)
    return read


def _keys_out_of_place(name: str, content: dict[str, Tree]) -> Iterable[Flaw]:
    """Each part has its own key and no other, and the main file none of the parts'."""
    for key in content:
        home = next((file for file, part in PARTS.items() if part == key), MAIN)
        known = key in Regulation.model_fields
        if home != name and (known or name != MAIN):
            yield say.key_out_of_place(name, key, home if known else None)
    if name in PARTS and PARTS[name] not in content:
        yield say.key_missing(name, PARTS[name])


def _valid(model: type[M], content: dict[str, Tree], files: dict[str, YamlText]) -> M:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise refuse_files([_file_of(files, flaw.path).flaw(flaw) for flaw in spoken(error)]) from error


def _file_of(files: dict[str, YamlText], path: Path) -> YamlText:
    """The file in which the first key of a path lives; the first file is the main one, or the only one."""
    name = next((file for file, key in PARTS.items() if path[:1] == (key,)), None)
    return files[name] if name in files else next(iter(files.values()))


def _among(folder: FilePath, read: list[RegulationFiles], pauses: Sequence[Pause]) -> list[FileFlaw]:
    by_id = {each.regulation.id: each for each in read}
    found = year_flaws([each.regulation for each in read], pauses)
    return [by_id[name].flaw(flaw) if name else read_yaml(folder / PAUSES).flaw(flaw) for name, flaw in found]
