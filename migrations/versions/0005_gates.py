"""The checklist of the next release."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "gates",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=False),
        sa.Column("repository", sa.String(length=255), nullable=False),
        sa.Column("default_branch", sa.String(length=255), nullable=False),
        sa.Column("issue", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("branch", sa.String(length=255), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("draft", sa.BigInteger(), nullable=False),
        sa.Column("asked_in", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.String(length=100), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", name=op.f("pk_gates")),
    )
    op.create_index(op.f("ix_gates_installation"), "gates", ["installation"], unique=False)
    op.create_index(op.f("ix_gates_look_at"), "gates", ["look_at"], unique=False)


def downgrade() -> None:
    op.drop_table("gates")
