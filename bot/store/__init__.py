"""Durable state: the inbox, the ledger of plans, histories of projects, what is known of installations."""

from bot.store import history_tables  # here, so that whoever asks for the tables knows all of them

__all__ = ["history_tables"]
