"""The REST API: one file for each kind of thing, each with its routes above their handlers."""

from bot.sandbox.api import (
    apps,
    checks,
    comments,
    contents,
    deliveries,
    issues,
    labels,
    manifests,
    meta,
    milestones,
    pulls,
    reactions,
    releases,
    repos,
    reviews,
    signed_in,
    statuses,
)
from bot.sandbox.routing import Router

ROUTER = Router(
    file.ROUTES
    for file in (
        meta,
        apps,
        deliveries,
        manifests,
        signed_in,
        repos,
        contents,
        labels,
        issues,
        comments,
        reactions,
        pulls,
        reviews,
        checks,
        statuses,
        releases,
        milestones,
    )
)
