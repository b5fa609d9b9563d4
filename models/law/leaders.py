"""Findings about the heads of a commune's Party committee and government: which of them bear on recognition, and why.

Điều 4 khoản 3 QĐ 25/2021: in the evaluation year no official who heads the commune's Party committee or government
was disciplined administratively for breaking the law in performing public duty, or prosecuted. Who is a head, and in
which year a case counts, is guidance of provinces and not of the text: a person says both.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.words import Words


class Role(StrEnum):
    """What the person was; the first two head the Party committee and the government."""

    PARTY_HEAD = "party_head"
    GOVERNMENT_HEAD = "government_head"
    OTHER = "other"


class Measure(StrEnum):
    """What was done to the person."""

    DISCIPLINED = "disciplined"
    PROSECUTED = "prosecuted"


ROLE_WORDS = {
    Role.PARTY_HEAD: Words("Người đứng đầu cấp ủy", "Head of the Party committee"),
    Role.GOVERNMENT_HEAD: Words("Người đứng đầu chính quyền", "Head of the government"),
    Role.OTHER: Words("Chức vụ khác", "Other position"),
}
MEASURE_WORDS = {
    Measure.DISCIPLINED: Words("Xử lý kỷ luật hành chính", "Disciplined administratively"),
    Measure.PROSECUTED: Words("Truy cứu trách nhiệm hình sự", "Prosecuted"),
}


@dataclass(frozen=True)
class LeaderFinding:
    """One finding: who, in which role, for which act, on which day, by which document, and what was done."""

    person: str
    role: Role
    act: str
    on: date
    document: str
    measure: Measure
    duty_related: bool


@dataclass(frozen=True)
class Bearing:
    """Whether a finding bears on the condition, with the reason either way."""

    counts: bool
    why: Words


def bearing(finding: LeaderFinding, year: int) -> Bearing:
    """Whether the finding makes the condition about heads fail in the evaluation year."""
    if finding.role is Role.OTHER:
        return Bearing(False, Words("không phải người đứng đầu cấp ủy, chính quyền", "not a head"))
    if finding.on.year != year:
        return Bearing(False, Words(f"không thuộc năm đánh giá {year}", f"not of the evaluation year {year}"))
    if finding.measure is Measure.DISCIPLINED and not finding.duty_related:
        return Bearing(
            False,
            Words("kỷ luật không do vi phạm pháp luật trong thi hành công vụ", "not for a breach in public duty"),
        )
    done, role = MEASURE_WORDS[finding.measure], ROLE_WORDS[finding.role]
    return Bearing(
        True,
        Words(
            f"{role.vi}: {done.vi[:1].lower()}{done.vi[1:]}, {finding.document}, ngày {finding.on:%d/%m/%Y}",
            f"{role.en}: {done.en.lower()}, {finding.document}, {finding.on}",
        ),
    )
