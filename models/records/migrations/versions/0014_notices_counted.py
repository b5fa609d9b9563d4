"""A territory's notices are counted and paged in one index: in the table each lay on a page of its own."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NAME = "ix_notices_shown"


def upgrade() -> None:
    op.drop_index(NAME, "notices")
    op.create_index(NAME, "notices", ["cycle_id", "queued_at", "kind", "state", "unit_id", "id"])
