"""What projects did before and since: histories with their threads, deeds, people and releases."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "histories",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("full_name", sa.String(length=255), nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=True),
        sa.Column("installation", sa.BigInteger(), nullable=True),
        sa.Column("edition", sa.Integer(), server_default="0", nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("complete_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cursors", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_histories")),
        sa.UniqueConstraint("key", name=op.f("uq_histories_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_histories_installation"), "histories", ["installation"], unique=False)
    _create_threads()
    _create_people()


def downgrade() -> None:
    for table in ("bot_marks", "releases", "people", "deeds", "threads", "histories"):
        op.drop_table(table)


def _create_threads() -> None:
    op.create_table(
        "threads",
        sa.Column("id", Id, nullable=False),
        sa.Column("history", Id, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_pull", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("author", sa.BigInteger(), nullable=True),
        sa.Column("association", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_by", sa.BigInteger(), nullable=True),
        sa.Column("labels", sa.JSON(), nullable=False),
        _of("history", "threads"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
        sa.UniqueConstraint("history", "edition", "number", name=op.f("uq_threads_history_edition_number")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "deeds",
        sa.Column("thread", Id, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("who", sa.BigInteger(), nullable=True),
        sa.Column("association", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("text", sa.String(length=16), nullable=False),
        sa.Column("by_app", sa.Boolean(), nullable=False),
        _of("thread", "deeds"),
        sa.PrimaryKeyConstraint("thread", "position", name=op.f("pk_deeds")),
        sqlite_with_rowid=False,
    )


def _create_people() -> None:
    op.create_table(
        "people",
        sa.Column("history", Id, autoincrement=False, nullable=False),
        sa.Column("edition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        _of("history", "people"),
        sa.PrimaryKeyConstraint("history", "edition", "account", name=op.f("pk_people")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "releases",
        sa.Column("history", Id, autoincrement=False, nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_prerelease", sa.Boolean(), nullable=False),
        _of("history", "releases"),
        sa.PrimaryKeyConstraint("history", "tag", name=op.f("pk_releases")),
    )
    op.create_table(
        "bot_marks",
        sa.Column("history", Id, autoincrement=False, nullable=False),
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _of("history", "bot_marks"),
        sa.PrimaryKeyConstraint("history", "account", name=op.f("pk_bot_marks")),
    )


def _of(column: str, table: str) -> sa.ForeignKeyConstraint:
    parent = {"history": "histories", "thread": "threads"}[column]
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete="CASCADE")
