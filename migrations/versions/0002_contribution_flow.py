"""The contribution flow: pull requests to look at again, check runs, waived items."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("comments", sa.Column("digest", sa.String(length=64), nullable=True))
    op.create_table(
        "flows",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=False),
        sa.Column("repository", sa.String(length=255), nullable=False),
        sa.Column("default_branch", sa.String(length=255), nullable=False),
        sa.Column("head_sha", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=50), nullable=False),
        sa.Column("pull_updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("repository_id", "number", name=op.f("pk_flows")),
    )
    op.create_index(op.f("ix_flows_installation"), "flows", ["installation"], unique=False)
    op.create_index(op.f("ix_flows_look_at"), "flows", ["look_at"], unique=False)
    op.create_index("ix_flows_repository_id_head_sha", "flows", ["repository_id", "head_sha"], unique=False)
    op.create_table(
        "check_runs",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=False),
        sa.Column("run", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "sha", "name", name=op.f("pk_check_runs")),
    )
    op.create_index(op.f("ix_check_runs_installation"), "check_runs", ["installation"], unique=False)
    op.create_table(
        "skips",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item", sa.String(length=50), nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "number", "item", name=op.f("pk_skips")),
    )
    op.create_index(op.f("ix_skips_installation"), "skips", ["installation"], unique=False)


def downgrade() -> None:
    op.drop_column("comments", "digest")
    op.drop_table("skips")
    op.drop_table("check_runs")
    op.drop_table("flows")
