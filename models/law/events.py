"""The events from which days are counted: a closed set, because each is recorded by an act of the software."""

from models.law.deadline_rules import PLAN_SETS_THE_DATE
from models.words import Words

EVENT_WORDS = {
    "posting-began": Words("ngày bắt đầu niêm yết", "the posting began"),
    "supplement-request-received": Words("ngày nhận yêu cầu bổ sung hồ sơ", "the request to supplement was received"),
    "council-meeting": Words("ngày họp Hội đồng", "the Council's meeting"),
    "decision-signed": Words("ngày ký quyết định", "the decision was signed"),
}
"""The events that a deadline rule may name."""

AWAITED_WORDS = {
    **EVENT_WORDS,
    PLAN_SETS_THE_DATE: Words("kế hoạch của UBND tỉnh ấn định ngày", "the provincial plan sets the date"),
}
"""The same, with what a step waits for when the law sets no day."""
