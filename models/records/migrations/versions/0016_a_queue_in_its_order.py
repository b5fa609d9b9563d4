"""Letters are claimed in their order without sorting the queue each time; a later rung is found without the unit's
other notices. Of two indexes that begin with a notice's state, both changed with each that goes out, one is enough.
What is past the law's last day is told from the index of what is open, not from each row of it."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_letters_queue", "letters")
    op.create_index("ix_letters_queue", "letters", ["state", "id", "not_before"])
    op.drop_index("ix_notices_queue", "notices")
    op.drop_index("ix_notices_cycle_id_unit_id", "notices")
    op.create_index("ix_notices_rung", "notices", ["cycle_id", "unit_id", "step", "occasion", "due_day", "rung"])
    op.drop_index("ix_deadlines_open", "deadlines")
    columns = ["cycle_id", "stage", "done_at", "step", "actor", "due_day", "known_at", "last_day"]
    op.create_index("ix_deadlines_open", "deadlines", columns)
