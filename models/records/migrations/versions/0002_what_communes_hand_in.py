"""What communes hand in: files, postings, findings about leaders, rounds of supplement, evidence."""

import sqlalchemy as sa
from alembic import op

from models.records.base import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_files",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("stored_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_evidence_files")),
    )
    op.create_table(
        "evidence_signatures",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("signer", sa.String(length=300), nullable=True),
        sa.Column("signed_at", Moment(), nullable=True),
        sa.Column("intact", sa.Boolean(), nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("whole_file", sa.Boolean(), nullable=False),
        sa.Column("finding_vi", sa.String(length=500), nullable=False),
        sa.Column("finding_en", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["evidence_files.sha256"], name=op.f("fk_evidence_signatures_sha256")),
        sa.PrimaryKeyConstraint("sha256", "number", name=op.f("pk_evidence_signatures")),
    )
    op.create_table(
        "evidence_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_evidence_links_cycle_id")),
        sa.ForeignKeyConstraint(["sha256"], ["evidence_files.sha256"], name=op.f("fk_evidence_links_sha256")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_evidence_links_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_links")),
        sa.UniqueConstraint(
            "cycle_id", "unit_id", "place", "sha256", name=op.f("uq_evidence_links_cycle_id_unit_id_place_sha256")
        ),
    )
    op.create_index(op.f("ix_evidence_links_cycle_id_unit_id"), "evidence_links", ["cycle_id", "unit_id"], unique=False)
    op.create_table(
        "handed_in_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("declares_not_met", sa.Boolean(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_handed_in_files_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_handed_in_files_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handed_in_files")),
        sa.UniqueConstraint("cycle_id", "unit_id", "sha256", name=op.f("uq_handed_in_files_cycle_id_unit_id_sha256")),
    )
    op.create_index(op.f("ix_handed_in_files_unit_id"), "handed_in_files", ["unit_id"], unique=False)
    op.create_table(
        "supplement_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("notes", sa.String(length=2000), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answered_by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_supplement_rounds_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_supplement_rounds_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement_rounds")),
        sa.UniqueConstraint("cycle_id", "unit_id", "number", name=op.f("uq_supplement_rounds_cycle_id_unit_id_number")),
    )
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("handed_in_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("act", sa.String(length=1000), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("duty_related", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("until_at", Moment(), nullable=True),
        sa.Column("withdrawn_ground", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_findings_cycle_id")),
        sa.ForeignKeyConstraint(["handed_in_id"], ["handed_in_files.id"], name=op.f("fk_findings_handed_in_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_findings_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    op.create_index(op.f("ix_findings_cycle_id_unit_id"), "findings", ["cycle_id", "unit_id"], unique=False)
    op.create_table(
        "handed_in_lines",
        sa.Column("handed_in_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["handed_in_id"], ["handed_in_files.id"], name=op.f("fk_handed_in_lines_handed_in_id")),
        sa.PrimaryKeyConstraint("handed_in_id", "part", "number", name=op.f("pk_handed_in_lines")),
    )
    op.create_table(
        "postings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("handed_in_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("began", sa.Date(), nullable=False),
        sa.Column("ended", sa.Date(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=True),
        sa.Column("proof", sa.String(length=500), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("until_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_postings_cycle_id")),
        sa.ForeignKeyConstraint(["handed_in_id"], ["handed_in_files.id"], name=op.f("fk_postings_handed_in_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_postings_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
    )
    op.create_index(op.f("ix_postings_cycle_id_unit_id"), "postings", ["cycle_id", "unit_id"], unique=False)
    op.create_table(
        "supplement_items",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["supplement_rounds.id"], name=op.f("fk_supplement_items_round_id")),
        sa.PrimaryKeyConstraint("round_id", "place", name=op.f("pk_supplement_items")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade: what was handed in is not dropped")
