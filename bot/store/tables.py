"""The tables, as SQLAlchemy 2 Core. They run on SQLite and PostgreSQL alike."""

import sqlalchemy as sa

from bot.store.instant import Instant

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows by itself only for columns declared INTEGER.
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("guid", sa.String(100), nullable=False, unique=True),
    sa.Column("event", sa.String(100), nullable=False),
    sa.Column("action", sa.String(100)),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("state", sa.String(20), nullable=False, server_default="received"),
    sa.Column("installation", sa.BigInteger),
    sa.Column("repository", sa.String(255)),
    sa.Column("thread", sa.String(300)),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("handovers", sa.Integer, nullable=False, server_default="0"),
    sa.Column("not_before", Instant),
    sa.Column("changed_at", Instant),
    sa.Column("note", sa.Text),
    sa.Index("ix_deliveries_state_id", "state", "id"),
    sa.Index("ix_deliveries_digest", "digest"),
    sa.Index("ix_deliveries_thread_state", "thread", "state"),
    sqlite_autoincrement=True,
)

plans = sa.Table(
    "plans",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("delivery", Id, sa.ForeignKey("deliveries.id", ondelete="SET NULL"), unique=True),
    sa.Column("guid", sa.String(100), nullable=False),
    sa.Column("installation", sa.BigInteger, nullable=False),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("repository", sa.String(255), nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("event", sa.String(50), nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("actor", sa.String(100), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Index("ix_plans_repository_number", "repository", "number"),
    sa.Index("ix_plans_repository_id_number", "repository_id", "number"),
    sa.Index("ix_plans_installation", "installation"),
    sqlite_autoincrement=True,
)

actions = sa.Table(
    "actions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("plan", Id, sa.ForeignKey("plans.id", ondelete="CASCADE"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("rule", sa.String(50), nullable=False),
    sa.Column("kind", sa.String(50), nullable=False),
    sa.Column("args", sa.JSON, nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("confidence", sa.Float),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("before", sa.JSON),
    sa.Column("detail", sa.Text),
    sa.Column("changed_at", Instant, nullable=False),
    sa.UniqueConstraint("plan", "position"),
    sa.Index("ix_actions_status", "status"),
    sqlite_autoincrement=True,
)

installations = sa.Table(
    "installations",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("account", sa.String(100), nullable=False),
    sa.Column("suspended", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("blocked_until", Instant),
    sa.Column("next_write_at", Instant),
    sa.Column("points_full_at", Instant),
    sa.Column("creations_full_at", Instant),
    sa.Column("strikes", sa.Integer, nullable=False, server_default="0"),
)

repositories = sa.Table(
    "repositories",
    metadata,
    sa.Column("installation", sa.BigInteger, nullable=False, index=True),
    sa.Column("full_name", sa.String(255), primary_key=True),
    sa.Column("good_config", sa.Text),
    sa.Column("config_problems", sa.Text),
)

comments = sa.Table(
    "comments",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("purpose", sa.String(50), primary_key=True),
    sa.Column("installation", sa.BigInteger, nullable=False, index=True),
    sa.Column("comment", sa.BigInteger, nullable=False),
    sa.Column("written_at", Instant, nullable=False, index=True),
    sa.Column("digest", sa.String(64)),
)

pauses = sa.Table(
    "pauses",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("installation", sa.BigInteger, nullable=False, index=True),
    sa.Column("since", Instant, nullable=False),
)

contributors = sa.Table(
    "contributors",
    metadata,
    sa.Column("owner", sa.String(100), primary_key=True),
    sa.Column("account", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("milestone", sa.String(20), primary_key=True),
    sa.Column("installation", sa.BigInteger, nullable=False, index=True),
    sa.Column("thread", sa.String(300), nullable=False),
)

corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("action", Id, nullable=False, unique=True),
    sa.Column("installation", sa.BigInteger, nullable=False, index=True),
    sa.Column("repository", sa.String(255), nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("label", sa.String(100), nullable=False),
    sa.Column("added", sa.Boolean, nullable=False),
    sa.Column("by", sa.String(100), nullable=False),
    sa.Column("at", Instant, nullable=False),
)

# Pull requests whose flow is followed, and when to look at them again without being told.
flows = sa.Table(
    "flows",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("installation", sa.BigInteger, nullable=False, index=True),
    sa.Column("repository", sa.String(255), nullable=False),
    sa.Column("default_branch", sa.String(255), nullable=False),
    sa.Column("head_sha", sa.String(64), nullable=False),
    sa.Column("stage", sa.String(50), nullable=False),
    sa.Column("pull_updated_at", Instant),
    sa.Column("looks", sa.Integer, nullable=False),
    sa.Column("look_at", Instant, index=True),
    sa.Index("ix_flows_repository_id_head_sha", "repository_id", "head_sha"),
)

check_runs = sa.Table(
    "check_runs",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("sha", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("installation", sa.BigInteger, nullable=False, index=True),
    sa.Column("run", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("written_at", Instant, nullable=False),
)

skips = sa.Table(
    "skips",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("item", sa.String(50), primary_key=True),
    sa.Column("installation", sa.BigInteger, nullable=False, index=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.String(100), nullable=False),
    sa.Column("sha", sa.String(64), nullable=False),
    sa.Column("covers", sa.JSON),
    sa.Column("at", Instant, nullable=False),
)

# What people said about pull requests by command: that one is to be merged, or that they approve it.
words = sa.Table(
    "words",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("word", sa.String(20), primary_key=True),
    sa.Column("by", sa.String(100), primary_key=True),
    sa.Column("installation", sa.BigInteger, nullable=False, index=True),
    sa.Column("sha", sa.String(64), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

# Where pull requests stand, and since when, by GitHub's own clock.
heads = sa.Table(
    "heads",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("installation", sa.BigInteger, nullable=False, index=True),
    sa.Column("head", sa.String(64), nullable=False),
    sa.Column("head_at", Instant, nullable=False),
    sa.Column("base", sa.Text, nullable=False),
    sa.Column("base_at", Instant, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

# Issues that Usher keeps itself, one for each purpose.
own_issues = sa.Table(
    "own_issues",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("purpose", sa.String(200), primary_key=True),
    sa.Column("installation", sa.BigInteger, nullable=False, index=True),
    sa.Column("issue", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("written_at", Instant, nullable=False),
)

# The draft of the next release, one for each repository: who writes it just now, and what was made last.
drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("installation", sa.BigInteger, nullable=False, index=True),
    sa.Column("holder", sa.BigInteger),
    sa.Column("held_until", Instant),
    sa.Column("release", sa.BigInteger),
    sa.Column("made_at", Instant),
)

# The checklist of the next release that is kept current, one for each repository.
gates = sa.Table(
    "gates",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("installation", sa.BigInteger, nullable=False, index=True),
    sa.Column("repository", sa.String(255), nullable=False),
    sa.Column("default_branch", sa.String(255), nullable=False),
    sa.Column("issue", sa.BigInteger, nullable=False),
    sa.Column("purpose", sa.String(200), nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("branch", sa.String(255), nullable=False),
    sa.Column("sha", sa.String(64), nullable=False),
    sa.Column("draft", sa.BigInteger, nullable=False),
    sa.Column("asked_in", sa.BigInteger, nullable=False),
    sa.Column("asked_by", sa.String(100), nullable=False),
    sa.Column("since", Instant),
    sa.Column("look_at", Instant, nullable=False, index=True),
)

workers = sa.Table(
    "workers",
    metadata,
    sa.Column("executor", sa.String(100), primary_key=True),
    sa.Column("lock", sa.BigInteger, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
)

marks = sa.Table(
    "marks",
    metadata,
    sa.Column("name", sa.String(50), primary_key=True),
    sa.Column("at", Instant, nullable=False),
)
