"""The tables of the spine."""

import sqlalchemy as sa
from alembic import op

from models.records.base import ExactPoints, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_versions")),
        sa.UniqueConstraint("hash", name=op.f("uq_calendar_versions_hash")),
    )
    op.create_table(
        "cursors",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_cursors")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "pulses",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pulses")),
    )
    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("code", "level", "valid_from", name=op.f("uq_units_code_level_valid_from")),
    )
    op.create_index("ix_units_level_valid_from", "units", ["level", "valid_from"])
    op.create_index("ix_units_parent_id_level", "units", ["parent_id", "level"])

    op.create_table(
        "agencies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_agencies_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("unit_id", "actor", name=op.f("uq_agencies_unit_id_actor")),
    )
    op.create_table(
        "calendar_days",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("reason_vi", sa.String(length=200), nullable=False),
        sa.Column("reason_en", sa.String(length=200), nullable=False),
        sa.Column("source_vi", sa.String(length=300), nullable=False),
        sa.Column("source_en", sa.String(length=300), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(["version_id"], ["calendar_versions.id"], name=op.f("fk_calendar_days_version_id")),
        sa.PrimaryKeyConstraint("version_id", "day", name=op.f("pk_calendar_days")),
    )
    op.create_index("ix_calendar_days_number", "calendar_days", ["version_id", "number"])
    op.create_index("ix_calendar_days_working", "calendar_days", ["version_id", "ordinal", "working"])

    op.create_table(
        "cycles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.Column("regulation_id", sa.String(length=40), nullable=False),
        sa.Column("law_version", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["province_id"], ["units.id"], name=op.f("fk_cycles_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycles")),
        sa.UniqueConstraint("province_id", "year", "trial", name=op.f("uq_cycles_province_id_year_trial")),
    )
    op.create_index("ix_cycles_year", "cycles", ["year"])

    op.create_table(
        "unit_lineage",
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["units.id"], name=op.f("fk_unit_lineage_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["units.id"], name=op.f("fk_unit_lineage_to_id")),
        sa.PrimaryKeyConstraint("from_id", "to_id", name=op.f("pk_unit_lineage")),
    )
    op.create_index("ix_unit_lineage_to_id", "unit_lineage", ["to_id"])

    op.create_table(
        "commendations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("ground", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_commendations_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_commendations_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commendations")),
        sa.UniqueConstraint("cycle_id", "unit_id", "rule", name=op.f("uq_commendations_cycle_id_unit_id_rule")),
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_contacts_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("agency_id", "name", name=op.f("uq_contacts_agency_id_name")),
    )
    op.create_table(
        "council_meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("papers_sent_on", sa.Date(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_council_meetings_cycle_id")),
        sa.ForeignKeyConstraint(["district_id"], ["units.id"], name=op.f("fk_council_meetings_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_meetings")),
        sa.UniqueConstraint(
            "cycle_id", "district_id", "held_on", name=op.f("uq_council_meetings_cycle_id_district_id_held_on")
        ),
    )
    op.create_table(
        "cycle_laws",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_version"], ["calendar_versions.id"], name=op.f("fk_cycle_laws_calendar_version")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_cycle_laws_cycle_id")),
        sa.PrimaryKeyConstraint("cycle_id", "version", name=op.f("pk_cycle_laws")),
    )
    op.create_table(
        "cycle_stages",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=30), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_cycle_stages_cycle_id")),
        sa.PrimaryKeyConstraint("cycle_id", "stage", name=op.f("pk_cycle_stages")),
    )
    op.create_table(
        "deadline_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("occasion", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_deadline_facts_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_deadline_facts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_facts")),
        sa.UniqueConstraint(
            "cycle_id",
            "unit_id",
            "step",
            "occasion",
            "kind",
            "document",
            name=op.f("uq_deadline_facts_cycle_id_unit_id_step_occasion_kind_document"),
        ),
    )
    op.create_index("ix_deadline_facts_cycle_id_step_kind", "deadline_facts", ["cycle_id", "step", "kind"])

    op.create_table(
        "deadlines",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("occasion", sa.String(length=60), nullable=False),
        sa.Column("stage", sa.String(length=30), nullable=False),
        sa.Column("actor", sa.String(length=30), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("known_at", Moment(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("last_working_day", sa.Date(), nullable=True),
        sa.Column("local_last_day", sa.Date(), nullable=True),
        sa.Column("due_day", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_deadlines_cycle_id")),
        sa.ForeignKeyConstraint(["district_id"], ["units.id"], name=op.f("fk_deadlines_district_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["units.id"], name=op.f("fk_deadlines_holder_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_deadlines_unit_id")),
        sa.PrimaryKeyConstraint("cycle_id", "unit_id", "step", "occasion", name=op.f("pk_deadlines")),
    )
    op.create_index("ix_deadlines_due", "deadlines", ["cycle_id", "due_day", "done_on"])
    op.create_index("ix_deadlines_stage", "deadlines", ["cycle_id", "stage", "step"])
    op.create_index("ix_deadlines_unit", "deadlines", ["unit_id", "cycle_id"])

    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("signer", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_decisions_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_decisions_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("cycle_id", "unit_id", "number", name=op.f("uq_decisions_cycle_id_unit_id_number")),
    )
    op.create_table(
        "dossiers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("holder", sa.String(length=30), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_dossiers_cycle_id")),
        sa.ForeignKeyConstraint(["district_id"], ["units.id"], name=op.f("fk_dossiers_district_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_dossiers_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers")),
        sa.UniqueConstraint("cycle_id", "unit_id", name=op.f("uq_dossiers_cycle_id_unit_id")),
    )
    op.create_index("ix_dossiers_cycle_id_district_id", "dossiers", ["cycle_id", "district_id"])
    op.create_index("ix_dossiers_unit_id", "dossiers", ["unit_id"])

    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_journal_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("cycle_id", "key", name=op.f("uq_journal_cycle_id_key")),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_journal_cycle_id_number")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=250), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("stage", sa.String(length=30), nullable=True),
        sa.Column("step", sa.String(length=40), nullable=True),
        sa.Column("occasion", sa.String(length=60), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("queued_at", Moment(), nullable=False),
        sa.Column("not_before", Moment(), nullable=False),
        sa.Column("claimed_by", sa.String(length=100), nullable=True),
        sa.Column("claimed_until", Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column("text_hash", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_notices_agency_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_notices_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_notices_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    op.create_index("ix_notices_cycle_id_unit_id", "notices", ["cycle_id", "unit_id"])
    op.create_index("ix_notices_queue", "notices", ["state", "not_before"])

    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_reports_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_reports_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint(
            "cycle_id", "unit_id", "step", "document", name=op.f("uq_reports_cycle_id_unit_id_step_document")
        ),
    )
    op.create_table(
        "decision_lines",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("recognised", sa.Boolean(), nullable=False),
        sa.Column("contrary_ground", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_decision_lines_decision_id")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_decision_lines_dossier_id")),
        sa.PrimaryKeyConstraint("decision_id", "dossier_id", name=op.f("pk_decision_lines")),
    )
    op.create_table(
        "journal_lines",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=250), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_journal_lines_cycle_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["journal.id"], name=op.f("fk_journal_lines_entry_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_journal_lines_unit_id")),
        sa.PrimaryKeyConstraint("entry_id", "number", name=op.f("pk_journal_lines")),
        sa.UniqueConstraint("cycle_id", "key", name=op.f("uq_journal_lines_cycle_id_key")),
    )
    op.create_index("ix_journal_lines_unit_id_cycle_id", "journal_lines", ["unit_id", "cycle_id"])

    op.create_table(
        "notice_attempts",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_attempts_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", "number", name=op.f("pk_notice_attempts")),
    )
    op.create_table(
        "remedies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("found", sa.String(length=300), nullable=False),
        sa.Column("required", sa.String(length=300), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("proof", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_remedies_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remedies")),
        sa.UniqueConstraint("dossier_id", "rule", "subject", name=op.f("uq_remedies_dossier_id_rule_subject")),
    )
    op.create_index("ix_remedies_closed_on", "remedies", ["closed_on"])

    op.create_table(
        "scorecards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("law_version", sa.Integer(), nullable=False),
        sa.Column("leader_disciplined", sa.Boolean(), nullable=True),
        sa.Column("total", ExactPoints(), nullable=True),
        sa.Column("meets", sa.Boolean(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_scorecards_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecards")),
        sa.UniqueConstraint("dossier_id", "side", "round", name=op.f("uq_scorecards_dossier_id_side_round")),
    )
    op.create_table(
        "scores",
        sa.Column("scorecard_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=12), nullable=False),
        sa.Column("content", sa.String(length=12), nullable=False),
        sa.Column("points", ExactPoints(), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=True),
        sa.Column("part", sa.String(length=40), nullable=True),
        sa.Column("whole", sa.String(length=40), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("not_arisen", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(["scorecard_id"], ["scorecards.id"], name=op.f("fk_scores_scorecard_id")),
        sa.PrimaryKeyConstraint("scorecard_id", "indicator", "content", name=op.f("pk_scores")),
    )
    _refuse_changes()


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was taken before the upgrade: a journal is not dropped")


APPEND_ONLY = ("journal", "journal_lines", "cycle_laws")
"""What was done and by which law is added to, never changed: the database itself refuses it."""


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """
            CREATE FUNCTION tcpl_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP; END $$
            """
        )
        for table in APPEND_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION tcpl_append_only()"
            )
    else:
        for table in APPEND_ONLY:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: {change} refused'); END"
                )
