"""What happened on threads goes by GitHub's name for it."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    _rename("deeds", "timeline_events")


def downgrade() -> None:
    _rename("timeline_events", "deeds")


def _rename(old: str, new: str) -> None:
    op.rename_table(old, new)
    if op.get_context().dialect.name != "postgresql":
        return  # SQLite keeps a constraint's name in the table's text alone
    for name in ("pk_{}", "fk_{}_thread"):
        op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT {name.format(old)} TO {name.format(new)}")
