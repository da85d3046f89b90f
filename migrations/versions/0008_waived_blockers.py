"""What a waived item covers: the blockers that were open then."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("skips", sa.Column("covers", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("skips", "covers")
