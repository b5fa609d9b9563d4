"""The work programme that a provincial plan may carry: its tasks, their days, their money, the offices that help.

All of it is the province's own (`local`; `illustrative` in a sample). What a plan's tasks come to, unit by unit and
occasion by occasion, stands in `models.cycle.programme`; what may not stand in a plan, in `programme_checks`.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from models.law.marks import Frozen, LegalValue
from models.law.regulation import Actor, Code, Slug, Stage
from models.words import Words

PROGRAMME = "programme"
"""Where a step of the assessment has its stage, a plan task has this word."""


class TaskKind(StrEnum):
    """What sort of work a task is."""

    GUIDANCE = "guidance"
    COMMUNICATION = "communication"
    TRAINING = "training"
    INSPECTION = "inspection"
    INTERIM_REVIEW = "interim_review"
    FINAL_REVIEW = "final_review"
    REPORT = "report"
    STAFFING = "staffing"
    FOCAL_AGENCY = "focal_agency"
    FUNDING = "funding"
    FACILITATION = "facilitation"
    OTHER = "other"


KIND_WORDS = {
    TaskKind.GUIDANCE: Words("hướng dẫn", "guidance"),
    TaskKind.COMMUNICATION: Words("thông tin, truyền thông", "communication"),
    TaskKind.TRAINING: Words("tập huấn, bồi dưỡng", "training"),
    TaskKind.INSPECTION: Words("kiểm tra", "inspection"),
    TaskKind.INTERIM_REVIEW: Words("sơ kết", "interim review"),
    TaskKind.FINAL_REVIEW: Words("tổng kết", "final review"),
    TaskKind.REPORT: Words("báo cáo", "report"),
    TaskKind.STAFFING: Words("kiện toàn nhân sự", "staffing"),
    TaskKind.FOCAL_AGENCY: Words("phân công đầu mối", "focal agency"),
    TaskKind.FUNDING: Words("bảo đảm kinh phí", "funding"),
    TaskKind.FACILITATION: Words("tháo gỡ khó khăn", "removing difficulties"),
    TaskKind.OTHER: Words("việc khác", "other"),
}


class FixedDay(Frozen):
    """One day that the plan names."""

    kind: Literal["fixed"]
    date: date


class StageDay(Frozen):
    """So many calendar days after (before, if negative) a stage opens or ends."""

    kind: Literal["of_stage"]
    stage: Stage
    anchor: Literal["opening", "end"]
    days: Annotated[int, Field(ge=-366, le=366)] = 0


class _Recurring(Frozen):
    """Comes round until a day (inclusive); a day beyond the month's end is the month's last."""

    day: Annotated[int, Field(ge=1, le=31)]
    until: date | None = None


class Monthly(_Recurring):
    """Each month, on or before this day."""

    kind: Literal["monthly"]


class Quarterly(_Recurring):
    """Each quarter, on or before this day of its last month."""

    kind: Literal["quarterly"]


class Yearly(_Recurring):
    """Each year, on or before this day of this month."""

    kind: Literal["yearly"]
    month: Annotated[int, Field(ge=1, le=12)]


Due = Annotated[FixedDay | StageDay | Monthly | Quarterly | Yearly, Field(discriminator="kind")]

Dong = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=0)]
"""Whole đồng: the currency has no part that is in use."""


class MoneySource(StrEnum):
    """Where money comes from: the yearly budget, support from above, lawful contributions."""

    REGULAR_BUDGET = "regular_budget"
    SUPPORT = "support"
    CONTRIBUTION = "contribution"


SOURCE_WORDS = {
    MoneySource.REGULAR_BUDGET: Words("ngân sách thường xuyên", "regular budget"),
    MoneySource.SUPPORT: Words("kinh phí hỗ trợ", "support"),
    MoneySource.CONTRIBUTION: Words("đóng góp, huy động hợp pháp", "lawful contributions"),
}


class Estimate(Frozen):
    """What one unit needs for the task on one occasion, by source; `total` is their sum, written out by the plan."""

    total: Dong
    regular_budget: Dong = Decimal(0)
    support: Dong = Decimal(0)
    contribution: Dong = Decimal(0)

    def of(self, source: MoneySource) -> Decimal:
        return {
            MoneySource.REGULAR_BUDGET: self.regular_budget,
            MoneySource.SUPPORT: self.support,
            MoneySource.CONTRIBUTION: self.contribution,
        }[source]


class Partner(LegalValue):
    """An office that is no actor of the assessment and helps with a task: another department, an organisation."""

    id: Slug
    name: str = Field(min_length=1, max_length=300)


class PlanTask(LegalValue):
    """One task of the plan. `per`: one for each unit of that level; absent: for each unit of the lead's own level.

    `citation` is the plan's own item. `stage`: the task serves it and is not to end after it. `estimate` is null where
    the task needs no money of its own.
    """

    id: Annotated[Slug, Field(max_length=40)]
    kind: TaskKind
    title: str = Field(min_length=1, max_length=300)
    lead: Actor
    cooperating: tuple[str, ...] = ()
    per: Literal["province", "district", "commune"] | None = None
    stage: Stage | None = None
    begins: date
    due: Due
    product: str = Field(min_length=1, max_length=300)
    indicator: Code | None = None
    budget_line: str | None = Field(default=None, max_length=120)
    estimate: Estimate | None = None

    @property
    def owed_per(self) -> Literal["province", "district", "commune"]:
        return self.per or self.lead.level
