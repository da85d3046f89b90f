"""Durable state: the inbox of deliveries, the ledger of plans, and what is known of installations."""
