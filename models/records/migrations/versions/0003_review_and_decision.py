"""Review and decision: notes of an appraisal, the Council's record, papers, replacements, local acts, complaints.

And the documented results of earlier years.
"""

import sqlalchemy as sa
from alembic import op

from models.records.base import ExactPoints, Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "result_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("results", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_imports")),
        sa.UniqueConstraint("file_hash", name=op.f("uq_result_imports_file_hash")),
    )
    op.create_table(
        "earlier_results",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("recognised", sa.Boolean(), nullable=False),
        sa.Column("decision", sa.String(length=60), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["result_imports.id"], name=op.f("fk_earlier_results_import_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_earlier_results_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "year", name=op.f("pk_earlier_results")),
    )
    op.create_index(op.f("ix_earlier_results_year"), "earlier_results", ["year"], unique=False)
    op.create_table(
        "complaints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("sender", sa.String(length=200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=True),
        sa.Column("assigned_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("reported_to", sa.String(length=30), nullable=True),
        sa.Column("report", sa.String(length=120), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settlement", sa.String(length=120), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_complaints_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_complaints_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_complaints_cycle_id_number")),
    )
    op.create_index(op.f("ix_complaints_unit_id_cycle_id"), "complaints", ["unit_id", "cycle_id"], unique=False)
    op.create_table(
        "local_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("begun", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("places", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("authority", sa.String(length=300), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_local_acts_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_local_acts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_acts")),
        sa.UniqueConstraint(
            "cycle_id",
            "unit_id",
            "kind",
            "step",
            "document",
            name=op.f("uq_local_acts_cycle_id_unit_id_kind_step_document"),
        ),
    )
    op.create_index(op.f("ix_local_acts_unit_id_cycle_id"), "local_acts", ["unit_id", "cycle_id"], unique=False)
    op.create_table(
        "appraisal_notes",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=30), nullable=False),
        sa.Column("points", ExactPoints(), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=True),
        sa.Column("part", sa.String(length=40), nullable=True),
        sa.Column("whole", sa.String(length=40), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("not_arisen", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("returned", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_appraisal_notes_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", "place", "version", name=op.f("pk_appraisal_notes")),
    )
    op.create_table(
        "council_opinions",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["council_meetings.id"], name=op.f("fk_council_opinions_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "number", name=op.f("pk_council_opinions")),
    )
    op.create_table(
        "council_records",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("track", sa.String(length=10), nullable=False),
        sa.Column("chair", sa.String(length=200), nullable=True),
        sa.Column("secretary", sa.String(length=200), nullable=True),
        sa.Column("late_papers_ground", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["council_meetings.id"], name=op.f("fk_council_records_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_council_records")),
    )
    op.create_table(
        "decision_papers",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=300), nullable=True),
        sa.Column("file_name", sa.String(length=300), nullable=True),
        sa.Column("file_hash", sa.String(length=64), nullable=True),
        sa.Column("partial_ground", sa.String(length=500), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("authority", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_decision_papers_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decision_papers")),
    )
    op.create_table(
        "decision_replacements",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("replaced_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_decision_replacements_decision_id")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_decision_replacements_dossier_id")),
        sa.ForeignKeyConstraint(["replaced_id"], ["decisions.id"], name=op.f("fk_decision_replacements_replaced_id")),
        sa.PrimaryKeyConstraint("decision_id", "dossier_id", name=op.f("pk_decision_replacements")),
        sa.UniqueConstraint("replaced_id", "dossier_id", name=op.f("uq_decision_replacements_replaced_id_dossier_id")),
    )
    op.create_table(
        "returned_places",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_returned_places_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", "round", "indicator", name=op.f("pk_returned_places")),
    )


def downgrade() -> None:
    for table in (
        "returned_places",
        "decision_replacements",
        "decision_papers",
        "council_records",
        "council_opinions",
        "appraisal_notes",
        "local_acts",
        "complaints",
        "earlier_results",
        "result_imports",
    ):
        op.drop_table(table)
