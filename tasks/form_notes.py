"""The signs beside values that are not confirmed, and the notes at a paper's end that say what each rests on."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.law.addresses import legal_values
from models.law.cycle_law import CycleLaw
from models.law.described import described
from models.law.marks import MARK_WORDS, Mark

SIGNS = {
    Mark.INFERRED: "¹",
    Mark.LOCAL: "²",
    Mark.SECONDARY: "³",
    Mark.RECALLED: "⁴",
    Mark.PEER: "⁵",
    Mark.ILLUSTRATIVE: "⁶",
    Mark.NOT_YET_READ: "⁷",
}
"""One sign a mark, the same on every paper; `confirmed` has none."""

_LEVELS = ("tiêu chí", "chỉ tiêu", "nội dung")
_PARTS = {
    "maximum": "điểm tối đa",
    "measure": "cách đo, mức đạt",
    "wording": "câu chữ",
    "not_arisen": "“không phát sinh”",
}
PARTS_OF_SCORES = ("maximum", "measure", "not_arisen")


@dataclass(frozen=True)
class Notes:
    """The sign beside each address, and the notes to be printed: [{"sign", "words"}]."""

    signs: Mapping[str, str]
    lines: tuple[Mapping[str, str], ...]

    def beside(self, address: str) -> str:
        return self.signs.get(address, "")


def notes_on(law: CycleLaw, *, scores: bool = True) -> Notes:
    """Notes on what a paper rests on: who decides, the conditions, and (with `scores`) every maximum and measure.

    Under points how an answer is typed in is a convention of ours and changes no result, so that is not noted.
    """
    signs: dict[str, str] = {}
    by_mark: dict[Mark, list[str]] = {}
    parts = PARTS_OF_SCORES if law.regulation.scoring == "levels" else ("maximum", "not_arisen")
    for address, value in legal_values(law.regulation):
        if value.mark is Mark.CONFIRMED or not _matters(address, parts if scores else ()):
            continue
        signs[address] = SIGNS[value.mark]
        by_mark.setdefault(value.mark, []).append(address)
    lines = [
        {"sign": SIGNS[mark], "words": f"{MARK_WORDS[mark].vi}: {_listed(law, addresses)}."}
        for mark, addresses in sorted(by_mark.items(), key=lambda item: SIGNS[item[0]])
    ]
    return Notes(signs, tuple(lines))


def _matters(address: str, parts: tuple[str, ...]) -> bool:
    first, *rest = address.split("/")
    if first == "criteria":
        return rest[-1] in parts
    return first in ("authority", "pass_rules", "total", "council")


def _listed(law: CycleLaw, addresses: list[str]) -> str:
    """Addresses in words; those of one kind are said together: "điểm tối đa của chỉ tiêu 2.1, 2.2"."""
    groups: dict[str, list[str]] = {}
    alone: list[str] = []
    for address in addresses:
        match address.split("/"):
            case ["criteria", code, part] if part in _PARTS:
                groups.setdefault(f"{_PARTS[part]} của {_LEVELS[code.count('.')]}", []).append(code)
            case _:
                words = described(law, address).vi
                alone.append(words[:1].lower() + words[1:])
    return "; ".join([*alone, *(f"{group} {', '.join(codes)}" for group, codes in groups.items())])
