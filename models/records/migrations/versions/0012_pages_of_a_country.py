"""Indexes for the pages of a whole country: the board's counts, notices of a cycle, decisions on a dossier."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COUNTED = ["cycle_id", "step", "occasion", "known_on", "district_id", "last_day", "due_day", "done_on"]


def upgrade() -> None:
    op.create_index("ix_deadlines_counted", "deadlines", COUNTED)
    op.create_index("ix_notices_shown", "notices", ["cycle_id", "queued_at", "kind", "state"])
    op.create_index(op.f("ix_decision_lines_dossier_id"), "decision_lines", ["dossier_id"])
