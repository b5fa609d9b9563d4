"""Letters to recipients, contacts with channels and hours, acknowledgements, allowances of channels."""

import sqlalchemy as sa
from alembic import op

from models.records.base import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _contacts()
    _letters()
    op.add_column("notices", sa.Column("addressed_at", Moment(), nullable=True))
    op.drop_column("notices", "claimed_by")  # a claim is on a letter now
    op.drop_column("notices", "claimed_until")
    op.create_index("ix_notices_addressed", "notices", ["state", "addressed_at"])
    op.add_column("notice_attempts", sa.Column("letter_id", sa.Integer(), nullable=True))
    op.add_column("notice_attempts", sa.Column("recipient", sa.String(length=300), nullable=True))
    op.add_column("notice_attempts", sa.Column("text_hash", sa.String(length=64), nullable=True))
    op.add_column("notice_attempts", sa.Column("template", sa.String(length=40), nullable=True))
    op.create_table(
        "notice_acknowledgements",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_acknowledgements_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notice_acknowledgements")),
    )
    op.create_table(
        "channel_allowances",
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("left", sa.Float(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_allowances")),
    )


def _contacts() -> None:
    """Nothing could be entered into the earlier table: there was no act for it."""
    op.drop_table("contacts")
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=250), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("digest_at", sa.Time(), nullable=True),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_to", sa.Time(), nullable=True),
        sa.Column("deputy_of", sa.String(length=200), nullable=True),
        sa.Column("absent_from", sa.Date(), nullable=True),
        sa.Column("absent_to", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_contacts_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("agency_id", "name", "channel", name=op.f("uq_contacts_agency_id_name_channel")),
    )


def _letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=300), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=250), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("not_before", Moment(), nullable=False),
        sa.Column("claimed_by", sa.String(length=120), nullable=True),
        sa.Column("claimed_until", Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_letters_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    op.create_index("ix_letters_queue", "letters", ["state", "not_before"])
    op.create_index("ix_letters_recipient_state", "letters", ["recipient", "state"])
    op.create_table(
        "letter_notices",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_letter_notices_letter_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_letter_notices_notice_id")),
        sa.PrimaryKeyConstraint("letter_id", "notice_id", name=op.f("pk_letter_notices")),
        sa.UniqueConstraint("notice_id", "recipient", name=op.f("uq_letter_notices_notice_id_recipient")),
    )


def downgrade() -> None:
    raise NotImplementedError("a home is not taken back to an earlier version; restore its backup")
