"""Where pull requests stand, and since when; since when a release commit is the one."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "heads",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("head_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("base_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "number", name=op.f("pk_heads")),
    )
    op.create_index(op.f("ix_heads_installation"), "heads", ["installation"], unique=False)
    op.add_column("gates", sa.Column("since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("gates", "since")
    op.drop_table("heads")
