"""After the decision: remedies with owner, task, day and followers; commendations decided; frozen reports."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _remedies()
    _commendations()
    op.create_table(
        "report_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("law_version", sa.Integer(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("amends", sa.String(length=120), nullable=True),
        sa.Column("changes", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_report_figures_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_report_figures_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_figures")),
        sa.UniqueConstraint(
            "cycle_id", "unit_id", "step", "document", name=op.f("uq_report_figures_cycle_id_unit_id_step_document")
        ),
    )


def _remedies() -> None:
    with op.batch_alter_table("remedies") as table:
        table.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("cycle_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("occasion", sa.String(length=60), nullable=False, server_default=""))
        table.add_column(sa.Column("owner", sa.String(length=200), nullable=False, server_default="commune"))
        table.add_column(sa.Column("task", sa.String(length=1000), nullable=False, server_default=""))
        table.add_column(sa.Column("suggested", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("last_day", sa.Date(), nullable=True))
        table.add_column(sa.Column("proved_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("proved_by", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("closed_by", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("edits", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("reopened", sa.Integer(), nullable=False, server_default="0"))
    for name in ("unit_id", "cycle_id"):
        op.execute(f"UPDATE remedies SET {name} = (SELECT d.{name} FROM dossiers d WHERE d.id = remedies.dossier_id)")
    with op.batch_alter_table("remedies") as table:
        table.alter_column("unit_id", existing_type=sa.Integer(), nullable=False)
        table.alter_column("cycle_id", existing_type=sa.Integer(), nullable=False)
        table.create_foreign_key(op.f("fk_remedies_unit_id"), "units", ["unit_id"], ["id"])
        table.create_foreign_key(op.f("fk_remedies_cycle_id"), "cycles", ["cycle_id"], ["id"])
        table.create_index("ix_remedies_unit_id", ["unit_id"])
        table.create_index("ix_remedies_cycle_id", ["cycle_id"])


def _commendations() -> None:
    unique = op.f("uq_commendations_cycle_id_unit_id_rule")
    with op.batch_alter_table("commendations") as table:
        table.add_column(sa.Column("person", sa.String(length=200), nullable=False, server_default=""))
        table.add_column(sa.Column("place", sa.Integer(), nullable=True))
        table.add_column(sa.Column("decided_by", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("decided_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("decision_ground", sa.String(length=500), nullable=True))
        table.add_column(sa.Column("awarded_on", sa.Date(), nullable=True))
        table.drop_constraint(unique, type_="unique")
        table.create_unique_constraint(unique, ["cycle_id", "unit_id", "rule", "person"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade: a journal is not dropped")
