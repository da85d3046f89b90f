"""What people said about pull requests by command, and the issues that Usher keeps itself."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "words",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "number", "word", "by", name=op.f("pk_words")),
    )
    op.create_index(op.f("ix_words_installation"), "words", ["installation"], unique=False)
    op.create_table(
        "own_issues",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=False),
        sa.Column("issue", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "purpose", name=op.f("pk_own_issues")),
    )
    op.create_index(op.f("ix_own_issues_installation"), "own_issues", ["installation"], unique=False)


def downgrade() -> None:
    op.drop_table("own_issues")
    op.drop_table("words")
