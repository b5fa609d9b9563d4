"""On PostgreSQL a notice's references are no longer looked up row by row: it took as long as all else that a country's
morning does. Why nothing is lost by it: docs/decisions/0010. On SQLite, where the look-up is cheap, they stand."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for column in ("cycle_id", "unit_id", "agency_id"):
            op.drop_constraint(f"fk_notices_{column}", "notices", type_="foreignkey")
