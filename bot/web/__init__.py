"""Everything that speaks HTTP to the world: the webhook, health, the dashboard and setup."""
