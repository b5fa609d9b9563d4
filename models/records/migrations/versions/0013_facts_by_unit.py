"""The facts of a step are found by their unit too: an act on many communes looked at all facts of the step for each."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OLD = "ix_deadline_facts_cycle_id_step_kind"
NEW = "ix_deadline_facts_cycle_id_step_kind_unit_id"


def upgrade() -> None:
    op.create_index(op.f(NEW), "deadline_facts", ["cycle_id", "step", "kind", "unit_id"])
    op.drop_index(op.f(OLD), "deadline_facts")
