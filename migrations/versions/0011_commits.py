"""The commits of the default branch, and how far the reading of them has come."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("histories", sa.Column("branch", sa.JSON(), nullable=True))
    op.create_table(
        "commits",
        sa.Column("history", Id, autoincrement=False, nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("first_walk", sa.Integer(), nullable=False),
        sa.Column("last_walk", sa.Integer(), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_merge", sa.Boolean(), nullable=False),
        _of_a_history("commits"),
        sa.PrimaryKeyConstraint("history", "sha", name=op.f("pk_commits")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "aliases",
        sa.Column("history", Id, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("to_key", sa.String(length=16), nullable=False),
        sa.Column("to_name", sa.Text(), nullable=False),
        _of_a_history("aliases"),
        sa.PrimaryKeyConstraint("history", "key", "named", name=op.f("pk_aliases")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("aliases")
    op.drop_table("commits")
    op.drop_column("histories", "branch")


def _of_a_history(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_history")
    return sa.ForeignKeyConstraint(["history"], ["histories.id"], name=name, ondelete="CASCADE")
