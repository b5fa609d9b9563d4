"""Regulation + plan + year = the law of a cycle: what the plan confirms, fills and dates, put where it belongs.

Confirmations come first, then fills, then the dates of steps; at the end the whole is validated again, sums and all.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from models.errors import LawRefusal
from models.law.addresses import Path, legal_values, near, places, reach
from models.law.checks import flaws
from models.law.cycle_law import CycleLaw
from models.law.flaws import Flaw, refusal
from models.law.marks import Mark
from models.law.obstacles import Obstacle, marks_in_use, obstacles
from models.law.plan import Confirmation, Fill, Plan
from models.law.plan_checks import day_flaws, plan_flaws, step_flaws
from models.law.regulation import Regulation
from models.law.spoken_errors import spoken
from models.words import Words

__all__ = ["CycleLaw", "Obstacle", "apply_plan", "legal_values", "marks_in_use", "obstacles", "resolve"]

_KEPT = ("kind", "id", "title", "gives")
"""What a value keeps of the one that it replaces unless it says otherwise: which rule it is, not what it requires."""


def resolve(regulation: Regulation, plan: Plan | None, *, province: str, year: int, calendar_hash: str) -> CycleLaw:
    """The law of the cycle of `province` and `year`. Raises LawRefusal with every fault in `faults`."""
    if plan is None:
        return CycleLaw(regulation=regulation, plan=None, province=province, year=year, calendar=calendar_hash)
    if (plan.province, plan.year) != (province, year):
        raise _of_another(plan, province, year)
    done = apply_plan(regulation, plan)
    if isinstance(done, list):
        raise _unusable(plan, regulation, done)
    resolved, stand_ins = done
    return CycleLaw(
        regulation=resolved, plan=plan, province=province, year=year, calendar=calendar_hash, stand_ins=stand_ins
    )


def apply_plan(regulation: Regulation, plan: Plan) -> tuple[Regulation, tuple[str, ...]] | list[Flaw]:
    """The regulation with the plan's values, and the addresses where they stand in for an unread text.

    Or every fault found, each with its path inside the plan.
    """
    draft = _Draft(regulation)
    for i, confirmation in enumerate(plan.confirmations):
        draft.confirm(confirmation, ("confirmations", i))
    for i, fill in enumerate(plan.fills):
        draft.fill(fill, ("fills", i))
    # The steps' deadlines are looked at as confirmed and filled: a confirmed "no day" leaves the day to the plan.
    found = [*plan_flaws(plan), *draft.flaws]
    confirmed = draft.regulation()
    if found or isinstance(confirmed, list):
        return found + (confirmed if isinstance(confirmed, list) else step_flaws(plan, regulation))
    found += step_flaws(plan, confirmed)
    draft.date(plan)
    resolved = draft.regulation()
    if found or isinstance(resolved, list):
        return found or (resolved if isinstance(resolved, list) else [])
    found = [draft.blamed(flaw) for flaw in flaws(resolved)] + day_flaws(plan, resolved)
    return found or (resolved, tuple(sorted(draft.stand_ins)))


class _Draft:
    """The regulation as a plain document being filled in; remembers what came from where in the plan."""

    def __init__(self, regulation: Regulation) -> None:
        self.id = regulation.id
        self.document: dict[str, Any] = regulation.model_dump(mode="json")
        self.paths = {place.address: place.path for place in places(regulation)}
        self.origin: dict[Path, Path] = {}
        self.stand_ins: set[str] = set()
        self.flaws: list[Flaw] = []

    def confirm(self, said: Confirmation, at: Path) -> None:
        """Put a value that was read in the text, or mark the one that stands there as read."""
        current = self._at(said.at, at)
        if current is None:
            return
        if said.value is None and current["mark"] == Mark.NOT_YET_READ:
            self.flaws.append(_nothing_to_confirm(said.at, at))
            return
        page = f", trang {said.page}" if said.page else ""
        read = {"by": said.read_by, "on": said.read_on.isoformat(), "document": said.document, "page": said.page}
        value = current if said.value is None else self._kept(current) | {"citation": current["citation"]} | said.value
        source = {"source": f"{said.document}{page}", "mark": Mark.CONFIRMED.value, "checked": read}
        self._put(said.at, value | source, (*at, "value"))

    def fill(self, said: Fill, at: Path) -> None:
        """Put the plan's value where the text has not been read, or sets no day."""
        current = self._at(said.at, at)
        if current is None:
            return
        if current["mark"] == Mark.NOT_YET_READ:
            self.stand_ins.add(said.at)
        elif current.get("kind") != "no_date":
            self.flaws.append(_already_known(said.at, current["mark"], at))
            return
        if said.value.get("mark") in (Mark.CONFIRMED, Mark.INFERRED) and "checked" not in said.value:
            self.flaws.append(_claims_too_much(said.at, at))
            return
        self._put(said.at, self._kept(current) | said.value, (*at, "value"))

    def date(self, plan: Plan) -> None:
        """Put the plan's deadlines of steps; `step_flaws` has made sure that the law sets none there."""
        for name, said in plan.steps.items():
            path = self.paths.get(f"steps/{name}/deadline")
            if said.deadline is None or path is None:
                continue
            if reach(self.document, path)["mark"] == Mark.NOT_YET_READ:
                self.stand_ins.add(f"steps/{name}/deadline")
            self._put(f"steps/{name}/deadline", said.deadline.model_dump(mode="json"), ("steps", name, "deadline"))

    def regulation(self) -> Regulation | list[Flaw]:
        """The document as a regulation, or what is wrong with what was put into it."""
        try:
            return Regulation.model_validate(self.document)
        except ValidationError as error:
            return [self.blamed(flaw) for flaw in spoken(error)]

    def blamed(self, flaw: Flaw) -> Flaw:
        """A fault of the resolved regulation as one of the plan's value that caused it."""
        if not self.origin:
            return flaw._replace(path=())
        nearest = max(self.origin, key=lambda path: _shared(path, flaw.path))
        rest = flaw.path[len(nearest) :] if flaw.path[: len(nearest)] == nearest else ()
        return flaw._replace(path=self.origin[nearest] + rest)

    def _at(self, address: str, at: Path) -> dict[str, Any] | None:
        path = self.paths.get(address)
        if path is None:
            self.flaws.append(_unknown_address(address, list(self.paths), self.id, at))
            return None
        if self.origin.get(path, at)[0] == at[0] and path in self.origin:
            self.flaws.append(_twice(address, at))
            return None
        return reach(self.document, path)

    def _kept(self, current: Mapping[str, Any]) -> dict[str, Any]:
        return {key: current[key] for key in _KEPT if key in current}

    def _put(self, address: str, value: dict[str, Any], source: Path) -> None:
        path = self.paths[address]
        parent = reach(self.document, path[:-1])
        if path[-1] == "wording" and "title" in value:
            # A wording's text stands beside it as the title: whoever has read the whole sentence brings it along.
            parent["title"] = value["title"]
            value = {key: part for key, part in value.items() if key != "title"}
        parent[path[-1]] = value
        self.origin[path] = source


def _shared(one: Path, other: Path) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _of_another(plan: Plan, province: str, year: int) -> LawRefusal:
    return LawRefusal(
        "plan_of_another_cycle",
        Words(
            f"Kế hoạch này của tỉnh {plan.province}, năm {plan.year}, không phải của tỉnh {province}, năm {year}.",
            f"This plan is of province {plan.province}, year {plan.year}, not of province {province}, year {year}.",
        ),
        Words("Kế hoạch chỉ có hiệu lực với tỉnh và năm ghi trong đó.", "A plan binds its own province and year."),
        Words("Chọn đúng kế hoạch, hoặc đúng tỉnh và năm.", "Name the right plan, or the right province and year."),
    )


def _unusable(plan: Plan, regulation: Regulation, found: list[Flaw]) -> LawRefusal:
    where = Words(
        f"Kế hoạch tỉnh {plan.province} năm {plan.year} theo {regulation.id}",
        f"Plan of province {plan.province}, year {plan.year}, under {regulation.id}",
    )
    return refusal("plan_not_usable", found, where)


def _unknown_address(address: str, known: list[str], regulation: str, at: Path) -> Flaw:
    close = near(address, known)
    vi = f"Địa chỉ gần giống: {', '.join(close)}." if close else "Không có địa chỉ nào gần giống."
    en = f"Near ones: {', '.join(close)}." if close else "No address is near it."
    return Flaw(
        (*at, "at"),
        Words(f"{regulation} không có giá trị nào ở “{address}”.", f"{regulation} has no value at '{address}'."),
        Words(vi, en),
        Words(f"Xem các địa chỉ bằng `tcpl law show {regulation}`.", f"See them with `tcpl law show {regulation}`."),
        address,
    )


def _twice(address: str, at: Path) -> Flaw:
    return Flaw(
        (*at, "at"),
        Words(f"Giá trị ở “{address}” được ghi hai lần.", f"The value at '{address}' is given twice."),
        Words("Không biết phải lấy giá trị nào.", "There is no telling which one is meant."),
        Words("Giữ lại một.", "Keep one of them."),
        address,
    )


def _nothing_to_confirm(address: str, at: Path) -> Flaw:
    return Flaw(
        (*at, "at"),
        Words(f"Ở “{address}” chưa có giá trị để xác nhận.", f"There is no value at '{address}' to confirm."),
        Words("Chưa ai đọc được giá trị này trong văn bản.", "Nobody has read it in the text yet."),
        Words("Ghi giá trị đã đọc được vào `value`.", "Write what was read as `value`."),
        address,
    )


def _already_known(address: str, mark: str, at: Path) -> Flaw:
    return Flaw(
        (*at, "at"),
        Words(f"Giá trị ở “{address}” đã có (dấu `{mark}`).", f"The value at '{address}' is known (mark `{mark}`)."),
        Words(
            "`fills` chỉ bổ sung giá trị chưa đọc được, hoặc thời hạn mà văn bản không đặt.",
            "`fills` is for values that nobody has read, and for deadlines that the text does not set.",
        ),
        Words(
            "Nếu đã đọc văn bản thì dùng `confirmations`, ghi tài liệu, trang và người đọc.",
            "If somebody has read the text, use `confirmations` with the document, the page and the reader.",
        ),
        address,
    )


def _claims_too_much(address: str, at: Path) -> Flaw:
    return Flaw(
        (*at, "value", "mark"),
        Words(
            f"Giá trị bổ sung ở “{address}” tự nhận là đã đối chiếu văn bản.",
            f"The value filled in at '{address}' claims to have been read in the text.",
        ),
        Words("Đã đối chiếu thì phải nêu tài liệu, trang và người đọc.", "That takes a document, a page and a reader."),
        Words("Chuyển sang `confirmations`, hoặc ghi dấu khác.", "Move it to `confirmations`, or use another mark."),
        address,
    )
