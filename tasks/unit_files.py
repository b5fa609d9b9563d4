"""Reads units out of files: the data files of the package `vietnamadminunits`, and a province's own corrections.

The package is read, never imported (it pulls in pandas). Its data, looked at closely:

* `admin_units_legacy`: 63 provinces, 696 districts, 10,035 communes of spring 2025; five island districts have no
  commune. It does not say when a unit began: `valid_from` is the open bound `START_NOT_KNOWN`.
* `admin_units`: the 34 provinces and 3,321 communes from 01/07/2025.
* `converter_2025.json`: which old commune went into which new one, by keys made of names; a divided commune has
  several. The package matched them by name, and some of the parts lie too far apart to be true: secondary, no more.

Districts were abolished: nothing descends from them but the special zones made of the five island districts, which had
no communes. In seven rows the kind in the package contradicts the name; the name is believed.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from models.errors import Fault
from models.records.unit_rows import KINDS, START_NOT_KNOWN, DescentRow, Level, UnitRow
from models.words import Words

PACKAGE = "vietnamadminunits"
NEW_COLUMNS = ", ".join(
    f"{level}{part}" for level in ("province", "ward") for part in ("", "Code", "Key", "Lat", "Lon")
)
OLD_COLUMNS = f"{NEW_COLUMNS}, district, districtCode, districtKey, districtLat, districtLon"
LAST_DAY_OF_THREE_TIERS = date(2025, 6, 30)
FIRST_DAY_OF_TWO_TIERS = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class UnitFiles:
    """All that the package knows: parents stand before their children."""

    units: tuple[UnitRow, ...]
    descents: tuple[DescentRow, ...]

    def of_provinces(self, *codes: str) -> "UnitFiles":
        """Only these provinces, in both eras, and what links them: for a rehearsal or a test that wants little."""
        kept, parents = [], {START_NOT_KNOWN: set(codes), FIRST_DAY_OF_TWO_TIERS: set(codes)}
        for unit in self.units:
            if (unit.parent or unit.code) in parents[unit.valid_from]:
                kept.append(unit)
                parents[unit.valid_from].add(unit.code)
        old, new = parents[START_NOT_KNOWN], parents[FIRST_DAY_OF_TWO_TIERS]
        return UnitFiles(tuple(kept), tuple(d for d in self.descents if d.from_code in old and d.to_code in new))


@lru_cache(maxsize=1)
def package_units() -> UnitFiles:
    """The units of both eras and what links them, as the package has them. Fault `units_missing` if it is not there."""
    folder = _folder()
    with closing(_opened(folder / "dataset.db")) as database:
        old = database.execute(f"SELECT {OLD_COLUMNS} FROM admin_units_legacy").fetchall()
        new = database.execute(f"SELECT {NEW_COLUMNS} FROM admin_units").fetchall()
    units = (*_three_tiers(old), *_two_tiers(new))
    return UnitFiles(tuple(_each_once(units)), tuple(_descents(folder / "converter_2025.json", old, new)))


def _folder() -> Path:
    found = find_spec(PACKAGE)
    folder = Path(found.origin).parent / "data" if found and found.origin else None
    if folder and (folder / "dataset.db").is_file() and (folder / "converter_2025.json").is_file():
        return folder
    raise Fault(
        "units_missing",
        Words("Không đọc được danh mục đơn vị hành chính.", "The administrative units cannot be read."),
        Words(
            f"Gói {PACKAGE}, nơi chứa danh mục, chưa được cài hoặc thiếu tệp dữ liệu.",
            f"The package {PACKAGE}, which holds them, is not installed or lacks its data files.",
        ),
        Words("Chạy lại `make .venv` để cài đủ các gói.", "Run `make .venv` to install all packages."),
    )


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    database.row_factory = sqlite3.Row
    return database


def _source(vi: str, en: str) -> str:
    return f"{PACKAGE} {version(PACKAGE)}: {vi} ({en})"


class _Era(NamedTuple):
    first: date
    last: date | None
    source: str


def _three_tiers(rows: list[sqlite3.Row]) -> Iterator[UnitRow]:
    source = _source("danh mục ba cấp đầu năm 2025, không rõ ngày thành lập", "list of spring 2025, start not known")
    era = _Era(START_NOT_KNOWN, LAST_DAY_OF_THREE_TIERS, source)
    for row in rows:
        yield _unit("province", None, row, era)
        yield _unit("district", row["provinceCode"], row, era)
        if row["wardCode"]:
            yield _unit("commune", row["districtCode"], row, era)


def _two_tiers(rows: list[sqlite3.Row]) -> Iterator[UnitRow]:
    era = _Era(FIRST_DAY_OF_TWO_TIERS, None, _source("danh mục hai cấp từ 01/07/2025", "two tiers from 01/07/2025"))
    for row in rows:
        yield _unit("province", None, row, era)
        yield _unit("commune", row["provinceCode"], row, era)


def _unit(level: Level, parent: str | None, row: sqlite3.Row, era: _Era) -> UnitRow:
    column = "ward" if level == "commune" else level
    kind, name = _kind_and_name(level, row[column])
    code, latitude, longitude = (row[f"{column}{part}"] for part in ("Code", "Lat", "Lon"))
    return UnitRow(code, name, level, kind, parent, era.first, era.last, latitude, longitude, era.source)


def _kind_and_name(level: Level, name: str) -> tuple[str, str]:
    """The kind as the name says it, and the name with its kind spelt as usual ("Thị Trấn Năm Căn" is Thị trấn)."""
    for kind in KINDS[level]:
        if name.lower().startswith(kind.lower() + " "):
            return kind, kind + name[len(kind) :]
    raise ValueError(f"{name!r} begins with no kind of {level} that we know")


def _each_once(units: tuple[UnitRow, ...]) -> Iterator[UnitRow]:
    """A province and a district stand on every row of their communes."""
    seen: set[tuple[str, str, date]] = set()
    for unit in units:
        key = (unit.level, unit.code, unit.valid_from)
        if key not in seen:
            seen.add(key)
            yield unit


def _descents(path: Path, old: list[sqlite3.Row], new: list[sqlite3.Row]) -> Iterator[DescentRow]:
    links = json.loads(path.read_text(encoding="utf-8"))
    source = _source("ghép theo tên, chưa đối chiếu với nghị quyết", "matched by name, not checked with resolutions")

    def descent(level: Level, from_code: str, to_code: str, whole: bool) -> DescentRow:
        return DescentRow(level, from_code, to_code, FIRST_DAY_OF_TWO_TIERS, whole, source)

    old_provinces = {row["provinceKey"]: row["provinceCode"] for row in old}
    new_provinces = {row["provinceKey"]: row["provinceCode"] for row in new}
    for new_key, old_keys in links["DICT_PROVINCE"].items():
        for old_key in old_keys:
            yield descent("province", old_provinces[old_key], new_provinces[new_key], True)
    for old_code, new_code, whole in _commune_links(links, _old_communes(old), _new_communes(new)):
        yield descent("commune", old_code, new_code, whole)


def _old_communes(rows: list[sqlite3.Row]) -> dict[str, str]:
    """Codes by the converter's keys; that of an island district itself, whose key ends where a commune's would be."""
    keys = (f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}" for row in rows)
    return {key: row["wardCode"] or row["districtCode"] for key, row in zip(keys, rows, strict=True)}


def _new_communes(rows: list[sqlite3.Row]) -> dict[tuple[str, str], str]:
    return {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in rows}


def _commune_links(links: Any, old: dict[str, str], new: dict[Any, str]) -> Iterator[tuple[str, str, bool]]:
    for province, whole in links["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for new_key, old_keys in whole.items():
            yield from ((old[key], new[province, new_key], True) for key in old_keys)
    for province, divided in links["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old_key, parts in divided.items():
            yield from ((old[old_key], new[province, part["newWardKey"]], False) for part in parts)
