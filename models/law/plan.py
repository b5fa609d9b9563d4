"""What a provincial plan (Kế hoạch của UBND tỉnh) may say: it fills what the law leaves open.

It may tighten a legal deadline and never loosen one; what the office accepts beyond the legal day is a separate,
local date with its ground. It may confirm a value of the regulation, naming the document, the page and the reader.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from models.law.deadline_rules import DeadlineRule
from models.law.marks import Frozen, LegalValue, Mark
from models.law.programme import Partner, PlanTask
from models.law.regulation import Actor, Slug, Stage

Year = Annotated[int, Field(ge=1990, le=2200)]


class PlanDocument(LegalValue):
    """The plan as a document of the province: number, date, signer; null in a sample."""

    number: str | None
    signed_on: date | None
    signer: str | None


class OpeningDay(LegalValue):
    """The day from which something is open: the cycle, or a stage."""

    on: date


class LocalDay(LegalValue):
    """A date of the office's own beside the legal one, with its ground in `source`."""

    on: date


class StepPlan(Frozen):
    """What the plan says of a step: a date where the law sets none, an earlier one, or one accepted beyond it."""

    deadline: DeadlineRule | None = None
    tightened_to: LocalDay | None = None
    accepted_until: LocalDay | None = None


class Fill(Frozen):
    """A value for what the regulation has as not_yet_read; `at` is its address, `value` replaces it whole."""

    at: str
    value: dict[str, Any]


class Confirmation(Frozen):
    """A value of the regulation that a person of the province read in the text itself.

    `value` null: as it stands; otherwise the value that was read. It becomes `confirmed`.
    """

    at: str
    value: dict[str, Any] | None = None
    document: str
    page: str
    read_by: str
    read_on: date


class Ladder(LegalValue):
    """Days before the last day, on it, and after it, on which a holder is reminded."""

    before: tuple[Annotated[int, Field(ge=1)], ...] = (14, 7, 3, 1)
    on_the_day: bool = True
    after: tuple[Annotated[int, Field(ge=1)], ...] = (1, 3, 7)
    then_every: Annotated[int, Field(ge=1)] | None = 7
    escalate_from: Annotated[int, Field(ge=1)] | None = 3


DEFAULT_LADDER = Ladder(mark=Mark.LOCAL, source="the product's own default")


class Reminders(Frozen):
    """The default ladder, and stages or steps that have their own."""

    default: Ladder = DEFAULT_LADDER
    stages: dict[Stage, Ladder] = Field(default_factory=dict)
    steps: dict[Slug, Ladder] = Field(default_factory=dict)
    programme: Ladder | None = None

    def task_ladder(self, task: str) -> Ladder:
        """The ladder of a plan task: its own under `steps`, else the programme's."""
        return self.steps.get(task) or self.programme or self.default

    def ladder(self, stage: Stage, step: str) -> Ladder:
        return self.steps.get(step) or self.stages.get(stage) or self.default


class Escalation(LegalValue):
    """Whom to tell next when a holder is late, nearest first."""

    holder: Actor
    then: tuple[Actor, ...]


class RemediationRule(LegalValue):
    """Which shortfalls become remedies; whether an indicator that only lost points becomes one too."""

    lost_points_too: bool = False


COMMENDATION_KINDS = (
    *("highest_total", "first_on_time", "recognised_years_running", "largest_improvement", "best_district"),
)

Exclusion = Literal["late", "corrected", "leader"]
"""Filed after the legal last day; decided again by a later decision; a leader who was disciplined."""


class CommendationRule(LegalValue):
    """A rule by which a unit is proposed; at most `at_most` proposals by it, none that an exclusion speaks against."""

    kind: Annotated[str, Field(pattern=f"^({'|'.join(COMMENDATION_KINDS)})$")]
    at_most: Annotated[int, Field(ge=1)]
    years: Annotated[int, Field(ge=2)] | None = None
    exclude: tuple[Exclusion, ...] = ("late", "corrected", "leader")


class Plan(Frozen):
    """A province's plan for one evaluation year. `trial`: it may open trials only, as every sample may."""

    province: Annotated[str, Field(pattern=r"^\d{2}$")]
    year: Year
    title: str
    trial: bool = False
    document: PlanDocument
    opening: OpeningDay
    closing: OpeningDay | None = None
    stages: dict[Stage, OpeningDay] = Field(default_factory=dict)
    steps: dict[Slug, StepPlan] = Field(default_factory=dict)
    fills: tuple[Fill, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    reminders: Reminders = Reminders()
    escalation: tuple[Escalation, ...] = ()
    remediation: RemediationRule = RemediationRule(mark=Mark.LOCAL, source="the product's own default")
    commendation: tuple[CommendationRule, ...] = ()
    partners: tuple[Partner, ...] = ()
    programme: tuple[PlanTask, ...] = ()
