"""How the checks of approved pull requests stand, and how many people disliked what was said."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table in ("threads", "deeds"):
        op.add_column(table, sa.Column("disliked", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "head_checks",
        sa.Column("history", Id, autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["history"],
            ["histories.id"],
            name=op.f("fk_head_checks_history_histories"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("history", "number", name=op.f("pk_head_checks")),
    )


def downgrade() -> None:
    op.drop_table("head_checks")
    for table in ("threads", "deeds"):
        op.drop_column(table, "disliked")
