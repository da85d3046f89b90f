"""The tables of what a project did before and since: threads, events, people, releases and commits.

A thread stands in the table once for each edition of its history: 0 is what everybody sees. An import
writes an edition of its own, which becomes 0 at once when it is complete.
"""

import sqlalchemy as sa

from bot.store.instant import Instant
from bot.store.tables import Id, metadata

histories = sa.Table(
    "histories",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("key", sa.String(255), nullable=False, unique=True),  # the full name in lower case
    sa.Column("full_name", sa.String(255), nullable=False),
    sa.Column("repository_id", sa.BigInteger),
    sa.Column("installation", sa.BigInteger, index=True),
    sa.Column("edition", sa.Integer, nullable=False, server_default="0"),  # the last that was begun
    sa.Column("imported_at", Instant),
    sa.Column("complete_at", Instant),
    sa.Column("cursors", sa.JSON),
    sa.Column("branch", sa.JSON),  # how far the reading of commits has come; see bot/store/commits.py
    sqlite_autoincrement=True,
)


def _of_a_history() -> sa.Column[int]:
    return sa.Column(
        "history",
        Id,
        sa.ForeignKey("histories.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )


threads = sa.Table(
    "threads",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("history", Id, sa.ForeignKey("histories.id", ondelete="CASCADE"), nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("is_pull", sa.Boolean, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("author", sa.BigInteger),
    sa.Column("association", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("is_open", sa.Boolean, nullable=False),
    sa.Column("is_draft", sa.Boolean, nullable=False),
    sa.Column("is_locked", sa.Boolean, nullable=False),
    sa.Column("closed_at", Instant),
    sa.Column("merged_at", Instant),
    sa.Column("merged_by", sa.BigInteger),
    sa.Column("labels", sa.JSON, nullable=False),
    sa.Column("disliked", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("head", sa.String(64), nullable=False, server_default=""),
    sa.Column("has_conflicts", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("history", "edition", "number"),
    sqlite_autoincrement=True,
)

timeline_events = sa.Table(
    "timeline_events",
    metadata,
    sa.Column(
        "thread", Id, sa.ForeignKey("threads.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("kind", sa.String(30), nullable=False),
    sa.Column("who", sa.BigInteger),
    sa.Column("association", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("text", sa.String(16), nullable=False),
    sa.Column("by_app", sa.Boolean, nullable=False),
    sa.Column("disliked", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("of_commit", sa.String(64), nullable=False, server_default=""),
    sqlite_with_rowid=False,  # laid down in the order in which they are read
)

people = sa.Table(
    "people",
    metadata,
    _of_a_history(),
    sa.Column("edition", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("account", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("is_bot", sa.Boolean, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

releases = sa.Table(
    "releases",
    metadata,
    _of_a_history(),
    sa.Column("tag", sa.Text, primary_key=True),
    sa.Column("published_at", Instant, nullable=False),
    sa.Column("is_prerelease", sa.Boolean, nullable=False),
)

# Of each kind one, once somebody looked; without a path where there was none.
documents = sa.Table(
    "documents",
    metadata,
    _of_a_history(),
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("looked_at", Instant, nullable=False),
    sa.Column("path", sa.Text),
    sa.Column("digest", sa.String(64)),
    sa.Column("home", sa.Text),
    sa.Column("changed_at", Instant),
    sa.Column("has_contact", sa.Boolean),
)

# How the checks of approved pull requests stand.
head_checks = sa.Table(
    "head_checks",
    metadata,
    _of_a_history(),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("head", sa.String(64), nullable=False, server_default=""),
)

# Accounts of which a maintainer said that they are bots, or that they are not.
bot_marks = sa.Table(
    "bot_marks",
    metadata,
    _of_a_history(),
    sa.Column("account", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("is_bot", sa.Boolean, nullable=False),
    sa.Column("by", sa.String(100), nullable=False),
    sa.Column("at", Instant, nullable=False),
)

# Those of the default branch. A walk over them is seen once it is complete.
commits = sa.Table(
    "commits",
    metadata,
    _of_a_history(),
    sa.Column("sha", sa.String(64), primary_key=True),
    sa.Column("first_walk", sa.Integer, nullable=False),  # that met it
    sa.Column("last_walk", sa.Integer, nullable=False),
    sa.Column("committed_at", Instant, nullable=False),
    sa.Column("authored_at", Instant, nullable=False),
    sa.Column("author", sa.BigInteger),
    sa.Column("key", sa.String(16), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("is_merge", sa.Boolean, nullable=False),
    sqlite_with_rowid=False,
)

# The lines of the project's .mailmap.
aliases = sa.Table(
    "aliases",
    metadata,
    _of_a_history(),
    sa.Column("key", sa.String(16), primary_key=True),
    sa.Column("named", sa.Text, primary_key=True),
    sa.Column("to_key", sa.String(16), nullable=False),
    sa.Column("to_name", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
