"""The work programme: tasks, occasions, facts, what is owed, money; inspection visits; focal points."""

import sqlalchemy as sa
from alembic import op

from models.records.base import Moment
from models.records.money import WholeDong

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _programme()
    _owed()
    _inspection()


def _programme() -> None:
    op.create_table(
        "plan_tasks",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("lead", sa.String(length=30), nullable=False),
        sa.Column("lead_level", sa.String(length=10), nullable=False),
        sa.Column("per", sa.String(length=10), nullable=False),
        sa.Column("cooperating", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=30), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("product", sa.String(length=300), nullable=False),
        sa.Column("indicator", sa.String(length=12), nullable=True),
        sa.Column("budget_line", sa.String(length=120), nullable=True),
        sa.Column("regular_budget", WholeDong(), nullable=False),
        sa.Column("support", WholeDong(), nullable=False),
        sa.Column("contribution", WholeDong(), nullable=False),
        sa.Column("ground", sa.String(length=300), nullable=False),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_plan_tasks_cycle_id")),
        sa.PrimaryKeyConstraint("cycle_id", "task", name=op.f("pk_plan_tasks")),
    )
    op.create_table(
        "task_occasions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=40), nullable=False),
        sa.Column("occasion", sa.String(length=60), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("known_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_task_occasions_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_task_occasions_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_occasions")),
    )
    op.create_index("ix_task_occasions_cycle_id_task", "task_occasions", ["cycle_id", "task"])
    op.create_table(
        "task_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=40), nullable=False),
        sa.Column("occasion", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_task_facts_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_task_facts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_facts")),
        sa.UniqueConstraint(
            "cycle_id",
            "unit_id",
            "task",
            "occasion",
            "kind",
            "document",
            name=op.f("uq_task_facts_cycle_id_unit_id_task_occasion_kind_document"),
        ),
    )


def _owed() -> None:
    op.create_table(
        "task_dues",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=40), nullable=False),
        sa.Column("occasion", sa.String(length=60), nullable=False),
        sa.Column("actor", sa.String(length=30), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("known_at", Moment(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("carried_on", sa.Date(), nullable=True),
        sa.Column("carried_at", Moment(), nullable=True),
        sa.Column("carried_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_task_dues_cycle_id")),
        sa.ForeignKeyConstraint(["district_id"], ["units.id"], name=op.f("fk_task_dues_district_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["units.id"], name=op.f("fk_task_dues_holder_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_task_dues_unit_id")),
        sa.PrimaryKeyConstraint("cycle_id", "unit_id", "task", "occasion", name=op.f("pk_task_dues")),
    )
    op.create_index("ix_task_dues_due", "task_dues", ["cycle_id", "due_day", "done_on"])
    op.create_index("ix_task_dues_unit", "task_dues", ["unit_id", "cycle_id"])
    op.create_table(
        "task_money",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("amount", WholeDong(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_task_money_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_task_money_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_money")),
    )
    op.create_index("ix_task_money_cycle_id_task_unit_id", "task_money", ["cycle_id", "task", "unit_id"])


def _inspection() -> None:
    op.create_table(
        "inspection_visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=300), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("ground", sa.String(length=600), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_inspection_visits_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_inspection_visits_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_visits")),
        sa.UniqueConstraint(
            "cycle_id", "unit_id", "planned_on", name=op.f("uq_inspection_visits_cycle_id_unit_id_planned_on")
        ),
    )
    op.create_table(
        "inspection_findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("found", sa.String(length=600), nullable=False),
        sa.Column("remedy", sa.String(length=600), nullable=False),
        sa.Column("mend_by", sa.Date(), nullable=False),
        sa.Column("mended_on", sa.Date(), nullable=True),
        sa.Column("proof", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["inspection_visits.id"], name=op.f("fk_inspection_findings_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_findings")),
        sa.UniqueConstraint("visit_id", "number", name=op.f("uq_inspection_findings_visit_id_number")),
    )
    op.create_index("ix_inspection_findings_mend_by", "inspection_findings", ["mend_by"])
    op.create_table(
        "focal_points",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_focal_points_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_focal_points")),
    )
    op.create_index("ix_focal_points_agency_id_role_valid_from", "focal_points", ["agency_id", "role", "valid_from"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade: a journal is not dropped")
