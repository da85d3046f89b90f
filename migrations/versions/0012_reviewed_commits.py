"""Which commit a review is of, which one a pull request ends with, and whether it is known to conflict."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("threads", sa.Column("head", sa.String(64), server_default="", nullable=False))
    op.add_column(
        "threads", sa.Column("has_conflicts", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("deeds", sa.Column("of_commit", sa.String(64), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("deeds", "of_commit")
    op.drop_column("threads", "has_conflicts")
    op.drop_column("threads", "head")
