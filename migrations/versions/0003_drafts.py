"""The draft of the next release: who writes it, and what was made last."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.BigInteger(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("repository_id", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_installation"), "drafts", ["installation"], unique=False)


def downgrade() -> None:
    op.drop_table("drafts")
