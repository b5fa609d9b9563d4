"""What is owed is read from an index of what is not done: of a year nearly over, each morning read every deadline."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BEFORE, NAME = "ix_deadlines_stage", "ix_deadlines_open"


def upgrade() -> None:
    op.drop_index(BEFORE, "deadlines")
    op.create_index(NAME, "deadlines", ["cycle_id", "stage", "done_at", "step", "actor", "due_day", "known_at"])
