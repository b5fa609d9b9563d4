"""What a regulation is: one legal text (with the circular that guides it) as versioned data.

Loaded from `regulations/<id>/` by `tasks.law_files`, pinned to a cycle at its opening by id and content hash.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from models.law.deadline_rules import DeadlineRule
from models.law.marks import Frozen, LegalValue
from models.law.measures import Maximum, Measure, NotArisen, Percent, Points
from models.law.posting import PostingRule
from models.words import Words

Code = Annotated[str, Field(pattern=r"^\d+(\.\d+){0,2}$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Stage(StrEnum):
    """The five stages of the year; what happens inside one is data."""

    SELF_ASSESSMENT = "self_assessment"
    DISTRICT_REVIEW = "district_review"
    PROVINCIAL_RECOGNITION = "provincial_recognition"
    REMEDIATION = "remediation"
    COMMENDATION = "commendation"


STAGE_WORDS = {
    Stage.SELF_ASSESSMENT: Words("Tự đánh giá", "Self-assessment"),
    Stage.DISTRICT_REVIEW: Words("Thẩm định cấp huyện", "District review"),
    Stage.PROVINCIAL_RECOGNITION: Words("Công nhận cấp tỉnh", "Provincial recognition"),
    Stage.REMEDIATION: Words("Khắc phục", "Remediation"),
    Stage.COMMENDATION: Words("Biểu dương, khen thưởng", "Commendation"),
}


class Actor(StrEnum):
    """Who acts; the name's first word is the level."""

    COMMUNE = "commune"
    DISTRICT_JUSTICE = "district_justice"
    DISTRICT_COUNCIL = "district_council"
    DISTRICT_CHAIR = "district_chair"
    DISTRICT_COMMITTEE = "district_committee"
    PROVINCE_JUSTICE = "province_justice"
    PROVINCE_CHAIR = "province_chair"
    PROVINCE_COMMITTEE = "province_committee"

    @property
    def level(self) -> Literal["commune", "district", "province"]:
        return self.value.partition("_")[0]  # type: ignore[return-value]  # the names above are of this form


ACTOR_WORDS = {
    Actor.COMMUNE: Words("UBND cấp xã", "commune People's Committee"),
    Actor.DISTRICT_JUSTICE: Words("Phòng Tư pháp", "district Justice Division"),
    Actor.DISTRICT_COUNCIL: Words("Hội đồng đánh giá chuẩn tiếp cận pháp luật", "district Council"),
    Actor.DISTRICT_CHAIR: Words("Chủ tịch UBND cấp huyện", "district chair"),
    Actor.DISTRICT_COMMITTEE: Words("UBND cấp huyện", "district People's Committee"),
    Actor.PROVINCE_JUSTICE: Words("Sở Tư pháp", "provincial Department of Justice"),
    Actor.PROVINCE_CHAIR: Words("Chủ tịch UBND cấp tỉnh", "provincial chair"),
    Actor.PROVINCE_COMMITTEE: Words("UBND cấp tỉnh", "provincial People's Committee"),
}


class Content(Frozen):
    """The smallest thing that is measured (nội dung)."""

    id: Code
    title: str
    wording: LegalValue
    measure: Measure
    not_arisen: NotArisen | None = None


class Indicator(Frozen):
    """An indicator (chỉ tiêu): measured itself, or through its contents, all of which count."""

    id: Code
    title: str
    wording: LegalValue
    maximum: Maximum | None = None
    measure: Measure | None = None
    not_arisen: NotArisen | None = None
    contents: tuple[Content, ...] = ()


class Criterion(Frozen):
    """A criterion (tiêu chí)."""

    id: Code
    title: str
    wording: LegalValue
    maximum: Maximum | None = None
    indicators: tuple[Indicator, ...] = ()


class _PassRule(LegalValue):
    id: Slug
    title: str


class MinimumTotal(_PassRule):
    """The total of appraised points is at least so much (inclusive)."""

    kind: Literal["minimum_total"]
    points: Points


class MinimumShare(_PassRule):
    """Each criterion reaches at least so many per cent of its maximum (inclusive)."""

    kind: Literal["minimum_share"]
    percent: Percent


class AllMet(_PassRule):
    """Every indicator of every criterion is met."""

    kind: Literal["all_met"]


class LeadersClear(_PassRule):
    """No head of the commune's Party committee or government was disciplined or prosecuted in the year."""

    kind: Literal["leaders_clear"]


class UnreadCondition(_PassRule):
    """A condition that may exist and that nobody has read: the verdict cannot be determined before it is."""

    kind: Literal["unread"]


PassRule = Annotated[MinimumTotal | MinimumShare | AllMet | LeadersClear | UnreadCondition, Field(discriminator="kind")]


class Document(Frozen):
    """A paper that a step needs or makes; `form` is the number of the model form where the text names one."""

    title: str
    form: str | None = None
    required: bool = True


class Step(Frozen):
    """A step of a stage: who acts, for whom (`per`), by when, with which documents.

    `performed` is the step itself as a legal value: `local` steps are the province's own, not of the law.
    `applies_to`: remedies are owed by communes that were not recognised only. `posting`: where drafts have to hang.
    """

    id: Slug
    title: str
    actor: Actor
    per: Literal["dossier", "district", "province"]
    applies_to: Literal["all", "not_recognised"] = "all"
    performed: LegalValue
    deadline: DeadlineRule
    documents: tuple[Document, ...] = ()
    posting: PostingRule | None = None


class StageSpec(Frozen):
    """A stage as this regulation has it; `measured_by` is the step whose deadline says whether a unit was on time."""

    stage: Stage
    measured_by: Slug
    steps: tuple[Step, ...] = Field(min_length=1)


class Authority(LegalValue):
    """Who decides on recognition."""

    decides: Actor


class MostMembers(LegalValue):
    """How many members a Council may have at most."""

    number: Annotated[int, Field(ge=1, le=100)]


class Quorum(LegalValue):
    """The share of all members who have to attend for a meeting to be valid: `part` of `whole`, inclusive."""

    part: Annotated[int, Field(ge=1, le=100)]
    whole: Annotated[int, Field(ge=1, le=100)]

    @model_validator(mode="after")
    def _is_a_share(self) -> "Quorum":
        if self.part > self.whole:
            raise ValueError("the part of a quorum is not above its whole")
        return self

    def attendance(self, members: int) -> int:
        """The fewest members of so many who make a valid meeting: 2/3 of 13 is 9, never rounded down."""
        return -(-members * self.part // self.whole)


class Council(Frozen):
    """The Council that appraises: how many, when its meeting is valid, what it may do without one.

    `written`: it may give its opinions in writing, for which the text sets no quorum. `absent`: an absent member sends
    a written opinion. `minutes`: the one who chairs and the secretary sign them. How long before the meeting the
    papers go out is the deadline of the step `send-council-papers`. There is no voting majority: the text has none.
    """

    members: MostMembers
    quorum: Quorum
    written: LegalValue | None = None
    absent: LegalValue | None = None
    minutes: LegalValue | None = None


class EvaluationYears(LegalValue):
    """The evaluation years that the text governs, both inclusive; `to` null: until another text says otherwise."""

    first: Annotated[int, Field(ge=1990, le=2200)]
    to: Annotated[int, Field(ge=1990, le=2200)] | None = None


class LegalText(Frozen):
    """One of the texts that make the regulation."""

    number: str
    title: str
    issued_by: str
    issued_on: date
    in_force_from: date | None
    facts: LegalValue


class Verification(Frozen):
    """Who compared what with which document, and when; by null: desk research, not yet checked by a lawyer."""

    what: str
    by: str | None
    on: date | None
    document: str


class Regulation(Frozen):
    """One legal text as data. `scoring` says whether answers are points or levels met."""

    id: Slug
    title: str
    texts: tuple[LegalText, ...] = Field(min_length=1)
    evaluation_years: EvaluationYears
    scoring: Literal["points", "levels"]
    opens_cycles: bool
    why_not: str | None = None
    authority: Authority
    council: Council | None = None
    tiers: tuple[Literal["commune", "district", "province"], ...]
    total: Maximum | None = None
    verified: tuple[Verification, ...] = ()
    criteria: tuple[Criterion, ...]
    pass_rules: tuple[PassRule, ...]
    stages: tuple[StageSpec, ...] = ()

    def governs(self, year: int) -> bool:
        years = self.evaluation_years
        return years.first <= year and (years.to is None or year <= years.to)

    def indicators(self) -> list[Indicator]:
        return [indicator for criterion in self.criteria for indicator in criterion.indicators]

    def steps(self) -> list[tuple[Stage, Step]]:
        return [(spec.stage, step) for spec in self.stages for step in spec.steps]

    def step(self, step_id: str) -> Step | None:
        return next((step for _, step in self.steps() if step.id == step_id), None)

    def has_step(self, step_id: str) -> bool:
        return self.step(step_id) is not None


class Pause(LegalValue):
    """A year without evaluation: the reason, and the sources that say so."""

    year: int
    reason: str
    reason_en: str | None = None
    sources: tuple[str, ...] = Field(min_length=1)


def whole(points: Decimal) -> str:
    """Points as text, at least two decimals and at most four: "79.50", "0.2500" stays "0.25"."""
    text = f"{points:.4f}"
    return text[:-2] if text.endswith("00") else text.rstrip("0")


def spoken_points(points: Decimal) -> Words:
    """Points in a sentence: 79,50 in Vietnamese, 79.50 in English."""
    text = whole(points)
    return Words(text.replace(".", ","), text)
