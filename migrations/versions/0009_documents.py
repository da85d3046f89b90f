"""The documents of a project."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("history", Id, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("home", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("has_contact", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["history"], ["histories.id"], name=op.f("fk_documents_history"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("history", "kind", name=op.f("pk_documents")),
    )


def downgrade() -> None:
    op.drop_table("documents")
