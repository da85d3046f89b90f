"""When the checks of a pull request were looked at last, and of which commit they were."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("head_checks", sa.Column("head", sa.String(64), server_default="", nullable=False))
    op.add_column("head_checks", sa.Column("seen_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE head_checks SET seen_at = since")  # later looks left no trace
    with op.batch_alter_table("head_checks") as table:
        table.alter_column("seen_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("head_checks") as table:
        table.drop_column("seen_at")
        table.drop_column("head")
