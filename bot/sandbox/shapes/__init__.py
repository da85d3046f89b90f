"""GitHub's JSON for each thing, as the REST API and webhooks show it."""
