"""The first tables: inbox, ledger, and what is known of installations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "comments",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.String(length=50), nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=False),
        sa.Column("comment", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "number", "purpose", name=op.f("pk_comments")),
    )
    op.create_index(op.f("ix_comments_installation"), "comments", ["installation"], unique=False)
    op.create_index(op.f("ix_comments_written_at"), "comments", ["written_at"], unique=False)
    op.create_table(
        "contributors",
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("milestone", sa.String(length=20), nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=False),
        sa.Column("thread", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("owner", "account", "milestone", name=op.f("pk_contributors")),
    )
    op.create_index(op.f("ix_contributors_installation"), "contributors", ["installation"], unique=False)
    op.create_table(
        "corrections",
        sa.Column("id", ID, nullable=False),
        sa.Column("action", ID, nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=False),
        sa.Column("repository", sa.String(length=255), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("action", name=op.f("uq_corrections_action")),
    )
    op.create_index(op.f("ix_corrections_installation"), "corrections", ["installation"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", ID, nullable=False),
        sa.Column("guid", sa.String(length=100), nullable=False),
        sa.Column("event", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=100), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), server_default="received", nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=True),
        sa.Column("repository", sa.String(length=255), nullable=True),
        sa.Column("thread", sa.String(length=300), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("handovers", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("guid", name=op.f("uq_deliveries_guid")),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        # Bodies live for weeks, and squeezing each one takes longer than all else that storing it does.
        op.execute("ALTER TABLE deliveries ALTER COLUMN body SET STORAGE EXTERNAL")
    op.create_index("ix_deliveries_digest", "deliveries", ["digest"], unique=False)
    op.create_index("ix_deliveries_state_id", "deliveries", ["state", "id"], unique=False)
    op.create_index("ix_deliveries_thread_state", "deliveries", ["thread", "state"], unique=False)
    op.create_table(
        "installations",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("suspended", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_write_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("points_full_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("creations_full_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("strikes", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installations")),
    )
    op.create_table(
        "pauses",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "number", name=op.f("pk_pauses")),
    )
    op.create_index(op.f("ix_pauses_installation"), "pauses", ["installation"], unique=False)
    op.create_table(
        "repositories",
        sa.Column("installation", sa.BigInteger(), nullable=False),
        sa.Column("full_name", sa.String(length=255), nullable=False),
        sa.Column("good_config", sa.Text(), nullable=True),
        sa.Column("config_problems", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("full_name", name=op.f("pk_repositories")),
    )
    op.create_index(op.f("ix_repositories_installation"), "repositories", ["installation"], unique=False)
    op.create_table(
        "workers",
        sa.Column("executor", sa.String(length=100), nullable=False),
        sa.Column("lock", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("executor", name=op.f("pk_workers")),
    )
    op.create_table(
        "plans",
        sa.Column("id", ID, nullable=False),
        sa.Column("delivery", ID, nullable=True),
        sa.Column("guid", sa.String(length=100), nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("repository", sa.String(length=255), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(length=50), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery"], ["deliveries.id"], name=op.f("fk_plans_delivery"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("delivery", name=op.f("uq_plans_delivery")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_plans_installation", "plans", ["installation"], unique=False)
    op.create_index("ix_plans_repository_id_number", "plans", ["repository_id", "number"], unique=False)
    op.create_index("ix_plans_repository_number", "plans", ["repository", "number"], unique=False)
    op.create_table(
        "actions",
        sa.Column("id", ID, nullable=False),
        sa.Column("plan", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=50), nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan"], ["plans.id"], name=op.f("fk_actions_plan"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
        sa.UniqueConstraint("plan", "position", name=op.f("uq_actions_plan_position")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_actions_status", "actions", ["status"], unique=False)
    op.create_table(
        "marks",
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )


def downgrade() -> None:
    op.drop_table("marks")
    op.drop_table("actions")
    op.drop_table("plans")
    op.drop_table("workers")
    op.drop_table("repositories")
    op.drop_table("pauses")
    op.drop_table("installations")
    op.drop_table("deliveries")
    op.drop_table("corrections")
    op.drop_table("contributors")
    op.drop_table("comments")
